// A kind of bulk write for tests of the engine: rows are texts, and the hub a list of the requests that it was sent.
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AngoError } from "effect-ango"
import { operations } from "../../src/api/operations.js"
import { type BulkResponse, type ReadBack, rowCodec, type Writer } from "../../src/bulk/engine/writer.js"
import { operationContext } from "../../src/errors/OperationContext.js"

export const operation = operations["assets.importFromCloud"]

const at = operationContext(operation, "so the test says")

export const errors = {
  refused: new AngoError.BadRequest({ ...at, status: 400 }),
  unauthorized: new AngoError.Unauthorized({ ...at, status: 401 }),
  busy: new AngoError.RateLimited({ ...at, status: 429 }),
  lost: new AngoError.AmbiguousOutcome({
    ...at,
    cause: new AngoError.ConnectionFailed({ ...at, phase: "request" }),
    attempts: 1,
    repeatable: false
  })
}

type Text = Writer<string, string, string, AngoError.CallError>

/** A writer of texts, and what it has sent. */
export const texts = (
  change: Partial<Text> & {
    /** What the hub says to a request; by default it does everything. */
    readonly says?: (
      items: ReadonlyArray<string>
    ) => Effect.Effect<BulkResponse<string, never>, AngoError.CallError>
  } = {}
): { readonly writer: Text; readonly sent: Array<ReadonlyArray<string>>; readonly made: Array<string> } => {
  const { says = (items) => Effect.succeed({ _tag: "Count", done: items.length }), ...others } = change
  const sent: Array<ReadonlyArray<string>> = []
  const made: Array<string> = []
  const writer: Text = {
    operation,
    of: "the texts",
    makes: "Created",
    keyOf: (text) => text.replace(/:.*/, ""),
    isUnique: true,
    toItem: (text) => Effect.succeed(text),
    send: (items) =>
      Effect.suspend(() => {
        sent.push(items)
        return Effect.tap(says(items), () => Effect.sync(() => made.push(...items)))
      }),
    readBack: (items) =>
      Effect.sync(() =>
        items.map(
          (text): ReadBack<string> =>
            made.includes(text) ? { _tag: "Present", value: `found ${text}` } : { _tag: "Absent" }
        )
      ),
    readsBack: false,
    toValue: (text) => text,
    codec: rowCodec(Schema.String),
    ...others
  }
  return { writer, sent, made }
}
