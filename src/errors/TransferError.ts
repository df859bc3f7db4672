/**
 * A failed download or upload by a pre-signed link.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type { OperationContext } from "./OperationContext.js"

/**
 * A file was not downloaded, or not stored. `link` is the last link requested, without its query string; `status` is that
 * of the storage's response. `reason` says why:
 *
 * - `link-missing`: the hub accepted the export and returned no link, as it does for exports in the background.
 * - `link-expired`: the storage does not accept the link, or no longer does (403, 404, 410). A link is valid for a short
 *   time: request a new export, or upload the file again.
 * - `link-invalid`: the link is not an http or https URL, or holds credentials.
 * - `insecure`: the link, or a redirect, leads to another machine over unencrypted http, or from https to http.
 * - `redirect`: a redirect has no valid target, exceeds the limit, or cannot be followed with a file (301, 302, 303).
 * - `status`: the storage responded with an unexpected status.
 * - `length`: the storage sent more bytes than it declared.
 * - `length-required`: the storage requires the length of the upload (411), which the HTTP client did not send.
 * - `changed`: the storage returned a different archive at each attempt.
 * - `incomplete`: the storage responded before the HTTP client had sent the whole file: the stored file is incomplete.
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
