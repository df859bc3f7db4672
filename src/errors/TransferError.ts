/**
 * A download or upload by a pre-signed link that failed.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { OperationContext } from "./OperationContext.js"

/**
 * A file was not downloaded or not stored. `link` is the last link requested, without its query string; `status` the
 * answer of the storage. `reason` says why:
 *
 * - `link-missing`: the hub accepted the export and returned no link, as it does for exports in the background.
 * - `link-expired`: the storage does not accept the link, or no longer (403, 404, 410). A link is valid for a short
 *   time: request a new export, or upload the file again.
 * - `link-invalid`: the link is not a web address.
 * - `insecure`: the link, or a redirect, leads to plain http off this machine, where others could read along.
 * - `redirect`: a redirect leads nowhere, is one too many, or may not be followed with a file (301, 302, 303).
 * - `status`: the storage answered with an unexpected status.
 * - `length`: more bytes came than the storage declared.
 * - `length-required`: the storage wants the length of the upload first (411), and the HTTP client did not send it.
 * - `changed`: another archive came at each attempt.
 * - `incomplete`: the storage answered before the HTTP client had sent the whole file, so that another one is stored.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransferError extends Data.TaggedError("TransferError")<
  OperationContext & {
    readonly direction: "download" | "upload"
    readonly reason:
      | "link-missing"
      | "link-expired"
      | "link-invalid"
      | "insecure"
      | "redirect"
      | "status"
      | "length"
      | "length-required"
      | "changed"
      | "incomplete"
    readonly status?: number
    readonly link?: string
  }
> {}
