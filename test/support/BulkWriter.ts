// A bulk write for tests of the engine: its rows are texts, and it records the requests that it sends.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AngoError } from "effect-ango"
import { operations } from "../../src/api/operations.js"
import { type BulkResponse, type ReadBack, rowCodec, type Writer } from "../../src/bulk/engine/writer.js"
import { operationContext } from "../../src/errors/OperationContext.js"

export const operation = operations["assets.importFromCloud"]

const context = operationContext(operation, "an error of the test")

export const errors = {
  rejected: new AngoError.BadRequest({ ...context, status: 400 }),
  unauthorized: new AngoError.Unauthorized({ ...context, status: 401 }),
  busy: new AngoError.RateLimited({ ...context, status: 429 }),
  lost: new AngoError.AmbiguousOutcome({
    ...context,
    cause: new AngoError.ConnectionFailed({ ...context, phase: "request" }),
    attempts: 1,
    repeatable: false
  })
}

type Response = Effect.Effect<BulkResponse<string, never>, AngoError.CallError>

interface Options {
  readonly outcome?: "Created" | "Updated"
  /** The response to a request; by default every row is written. */
  readonly respond?: (items: ReadonlyArray<string>) => Response
  readonly groupOf?: (item: string) => string
  readonly prepare?: (item: string) => Effect.Effect<string, AngoError.CallError>
  /** By default, a row is present once a request with it was answered. */
  readonly read?: (
    items: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<ReadBack<string>>, AngoError.CallError>
  readonly readAfterSuccess?: boolean
  readonly toValue?: (item: string) => string
}

/**
 * A writer of texts `key:content`, the requests that it has `sent`, and the rows that the hub has `written`.
 */
export const makeTextWriter = (
  options: Options = {}
): {
  readonly writer: Writer<string, string, string, AngoError.CallError>
  readonly sent: Array<ReadonlyArray<string>>
  readonly written: Array<string>
} => {
  const sent: Array<ReadonlyArray<string>> = []
  const written: Array<string> = []
  const {
    groupOf,
    outcome = "Created",
    prepare,
    read = (items) =>
      Effect.sync(() =>
        items.map(
          (text): ReadBack<string> =>
            written.includes(text) ? { _tag: "Present", value: `found ${text}` } : { _tag: "Absent" }
        )
      ),
    readAfterSuccess = false,
    respond = (items): Response => Effect.succeed({ _tag: "Count", written: items.length }),
    toValue = (text) => text
  } = options
  return {
    sent,
    written,
    writer: {
      operation,
      name: "the texts",
      outcome,
      input: {
        keyOf: (text) => text.replace(/:.*/, ""),
        isUnique: true,
        toItem: (text) => Effect.succeed(text)
      },
      ...(prepare === undefined ? {} : { preparation: { prepare, concurrency: 3 } }),
      request: {
        ...(groupOf === undefined ? {} : { groupOf }),
        send: (items) =>
          Effect.suspend(() => {
            sent.push(items)
            return Effect.tap(respond(items), () => Effect.sync(() => written.push(...items)))
          })
      },
      readBack: { read, afterSuccess: readAfterSuccess },
      value: { of: toValue, codec: rowCodec(Schema.String) }
    }
  }
}
