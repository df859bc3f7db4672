/**
 * What exports need of the client: their endpoints, downloads, the lock of a project, and the decoders of rows.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { BatchesApi } from "../api/batches.js"
import { ExportsApi } from "../api/exports.js"
import { ProjectsApi } from "../api/projects.js"
import { decoder } from "../decoding/decoder.js"
import { AngoClient, type GroupClient } from "../layers/AngoClient.js"
import * as ExportLock from "../layers/transfer/exportLock.js"
import * as ResumableDownload from "../layers/transfer/resumableDownload.js"
import * as Download from "../layers/transfer/signedDownload.js"
import * as ErrorMapping from "../layers/transport/errorMapping.js"
import { type DecodeRows, makeRowDecoder } from "../layers/transport/rowDecoder.js"
import { ExportRow } from "../schemas/ExportRow.js"
import { IssueExportRow } from "../schemas/IssueExportRow.js"

/** The client of exports. */
export type ExportClient = GroupClient<typeof ExportsApi | typeof ProjectsApi | typeof BatchesApi> & {
  /** Downloads from a pre-signed link, without the key. */
  readonly download: Download.Download
  /** Downloads the rest of a file of which a part is here, and resumes when the connection breaks. */
  readonly resumableDownload: ResumableDownload.ResumableDownload
  /** Runs one export of a project at a time, from its request until its download has ended. */
  readonly exportLock: ExportLock.ExportLock
  /** Decodes rows of exports one by one, and reports unknown fields and values. */
  readonly exportRows: {
    readonly task: DecodeRows<ExportRow>
    readonly issue: DecodeRows<IssueExportRow>
  }
}

/** Makes the client of exports. */
export const makeExportClient: Effect.Effect<ExportClient, never, AngoClient> = Effect.map(
  AngoClient,
  ({ transfer, use }) => {
    const { baseUrl, drift, policies, sender, store } = transfer
    const makeRows = <Row, Encoded>(schema: Schema.Schema<Row, Encoded>) =>
      makeRowDecoder(decoder(schema, Download.operation.name), {
        operation: Download.operation,
        drift,
        toError: (row, _, issue) =>
          ErrorMapping.decodeError(Download.operation, { issue, root: row }, Download.operation)
      })
    const open = Download.makeOpen(sender, policies, Download.archiveKind)
    return {
      ...use(ExportsApi, ProjectsApi, BatchesApi),
      download: Download.make(open),
      resumableDownload: ResumableDownload.make(open, policies),
      exportLock: ExportLock.make(baseUrl, store),
      exportRows: { task: makeRows(ExportRow), issue: makeRows(IssueExportRow) }
    }
  }
)
