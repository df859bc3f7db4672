/**
 * What can go wrong while a file is put into a storage, as tagged errors. They quote nothing of the file, nor of the
 * link but its address without the query string.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { AttemptError, OperationContext } from "./CallError.js"
import type { LinkExpired } from "./ExportError.js"

/**
 * The file was not stored. `reason` tells why:
 *
 * - `link`: the link is no web address;
 * - `insecure`: the link, or a redirect, leads to where others could read along: plain http off this machine;
 * - `redirect`: a redirect that may not be followed with a file (301, 302, 303), that leads nowhere, or one too many;
 * - `length`: the storage wants the length of the file first (411), and the HTTP client did not tell it;
 * - `status`: the storage does not take it, or answered with a status that is not expected of one;
 * - `unsent`: the storage was content before the HTTP client had taken the whole file, so that another one is stored.
 *
 * `link` is what was asked for last, without its query string.
 *
 * @since 0.1.0
 */
export class UploadRefused extends Data.TaggedError("UploadRefused")<
  OperationContext & {
    readonly reason: "link" | "insecure" | "redirect" | "length" | "status" | "unsent"
    readonly status?: number
    readonly link?: string
  }
> {}

/**
 * A file could not be read as what it was said to be; nothing of it is stored. `reason` tells what is wrong:
 *
 * - `shorter`, `longer`: it holds less or more than `size` bytes; `read` were read of it;
 * - `changed`: it was written to meanwhile;
 * - `unreadable`: it is not there, no file, or its stream failed; `cause` tells more.
 *
 * `name` is what it is called, or its path.
 *
 * @since 0.1.0
 */
export class BrokenSource extends Data.TaggedError("BrokenSource")<{
  readonly reason: "shorter" | "longer" | "changed" | "unreadable"
  readonly name: string
  readonly size?: number
  readonly read?: number
  readonly message: string
  readonly cause?: Error
}> {}

/**
 * What putting one file behind a link can fail with.
 *
 * @since 0.1.0
 */
export type PutError = AttemptError | LinkExpired | UploadRefused | BrokenSource
