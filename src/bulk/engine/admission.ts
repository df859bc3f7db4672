// The first stage of a bulk write: each row, in order, becomes a pending row or gets its outcome at once, because it is
// a duplicate, an earlier run has written it, or it is invalid.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { label, type Operation } from "../../api/operation.js"
import { RowRejected, StoreUnavailable } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import { digests } from "../../utils/digest.js"
import * as Outcome from "../RowOutcome.js"
import { canonicalText } from "./canonicalText.js"
import { classifyFailure } from "./failureClass.js"
import type { Entry, LedgerSession } from "./ledgerCodec.js"
import type { PendingRow } from "./outcomeRecorder.js"
import type { InputRow } from "./rowChunks.js"
import type { StopSignal } from "./stopSignal.js"
import type { RowError, StopError, Tagged, Writer } from "./writer.js"

/** A row to write, or the outcome of a row that is not to be written. */
export type Admission<Item, A, E> = PendingRow<Item> | Outcome.RowOutcome<A, RowError<E>>

/** Whether a row is to be written. */
export const isPending = <Item, A, E>(admission: Admission<Item, A, E>): admission is PendingRow<Item> =>
  "item" in admission

/** What identifies a row: its key (if it has one), the digest of its content and that of what it is about. */
interface RowIdentity {
  readonly key: string | undefined
  readonly digest: string
  readonly identity: string | undefined
}

/** Names rows in the ledger: by key if that is unique, otherwise by content and how often that came before. */
const makeLedgerKeys = (isUnique: boolean) => {
  const repetitions = new Map<string, number>()
  return ({ digest, identity, key }: RowIdentity): string => {
    if (isUnique && identity !== undefined) return `${key ?? ""}\u0000${identity}`
    if (isUnique && key !== undefined) return key
    const content = `${key ?? ""}\u0000${digest}`
    const repetition = (repetitions.get(content) ?? 0) + 1
    repetitions.set(content, repetition)
    return `${content}\u0000${repetition}`
  }
}

/** The outcome of a row whose key an earlier row of the input has: skipped for the same content, failed otherwise. */
const duplicateOutcome = (
  operation: Operation,
  id: Outcome.RowId,
  earlier: number,
  content: "same" | "unclear" | "different"
): Outcome.RowOutcome<never, RowRejected> => {
  const rows = `${JSON.stringify(id.key)} is in the input twice, as rows ${earlier} and ${id.index}`
  if (content === "same") {
    return Outcome.skipped(id, { reason: "duplicate", message: `${rows}, with the same content.` })
  }
  const difference = content === "unclear" ? "possibly different content" : "different content"
  const message = `${label(operation)}: ${rows}, with ${difference}. Only the first was used: give the other its own key.`
  return Outcome.failed(
    id,
    new RowRejected({
      reason: "duplicate",
      ...operationContext(operation, message),
      key: id.key,
      duplicateOf: "input"
    }),
    false
  )
}

/** Admits the rows of one bulk write. Call the result for each chunk of them, in order. */
export const makeAdmission = <Row, Item, A, E extends Tagged>(
  { input, name, operation, value }: Writer<Row, Item, A, E>,
  ledger: LedgerSession | undefined,
  signal: StopSignal<StopError<E>>
) => {
  const { identityOf, isContentComplete = true, isUnique, keyOf, toItem } = input
  const ledgerKeyOf = makeLedgerKeys(isUnique)
  const admitted = new Map<string, { readonly index: number; readonly digest: string }>()
  let nextIndex = 0

  const earlierOutcome = (id: Outcome.RowId, entry: Entry): Outcome.RowOutcome<A, RowError<E>> => {
    const stored = value.codec.decode(entry.value)
    if (Option.isSome(stored)) {
      value.onEarlier?.(stored.value)
      return Outcome.skipped(id, {
        reason: "done-before",
        message: `An earlier run wrote ${JSON.stringify(id.key)}, according to the ledger.`,
        value: stored.value
      })
    }
    const error = new StoreUnavailable({
      store: "ledger",
      reason: "incompatible",
      key: name,
      message:
        `This version cannot read the entry of ${JSON.stringify(id.key)} in the ledger of ${name}. Remove its line ` +
        "from the ledger, or use the version that wrote it."
    })
    signal.stop(error)
    return Outcome.failed(id, error, true)
  }

  const failedOutcome = (id: Outcome.RowId, error: StopError<E>): Outcome.RowOutcome<A, RowError<E>> => {
    const failure = classifyFailure(error)
    if (failure === "fatal") signal.stop(error)
    if (failure === "transient") signal.recordTransientFailure(error)
    return Outcome.failed(id, error, failure === "fatal" || failure === "transient")
  }

  const admitRow = (
    { row, size, text }: InputRow<Row>,
    digest: string,
    identity: string | undefined
  ): Admission<Item, A, E> | Effect.Effect<Admission<Item, A, E>> => {
    const index = nextIndex++
    const rowKey = keyOf(row)
    const id = { index, key: rowKey ?? `#${index}` }
    if (text === undefined) {
      const message = "It has a value that JSON cannot represent, such as a bigint or a circular reference."
      return Outcome.failed(id, invalidRequest(operation, "row", message), false)
    }
    const key = ledgerKeyOf({ key: rowKey, digest, identity })
    const earlier = admitted.get(key)
    if (earlier !== undefined) {
      const isEqual = earlier.digest === digest
      const content = isEqual ? (isContentComplete ? "same" : "unclear") : "different"
      return duplicateOutcome(operation, id, earlier.index, content)
    }
    const stopped = signal.reason()
    if (stopped !== undefined) return Outcome.failed(id, stopped, true)
    const entry = ledger?.entries.get(key)
    if (entry?.state === "done" && entry.digest === digest) {
      admitted.set(key, { index, digest })
      return earlierOutcome(id, entry)
    }
    const admit = {
      onSuccess: (item: Item): Admission<Item, A, E> => {
        admitted.set(key, { index, digest })
        return { id, key, digest, size, item }
      },
      onFailure: (error: StopError<E>): Admission<Item, A, E> => failedOutcome(id, error)
    }
    const item = toItem(row, index)
    if (!Either.isEither(item)) return Effect.match(item, admit)
    const { onFailure: onLeft, onSuccess: onRight } = admit
    return Either.match(item as Either.Either<Item, StopError<E>>, { onLeft, onRight })
  }

  // A ledger holds digests: identities can be long, and can be secret.
  const identitiesOf = (rows: ReadonlyArray<InputRow<Row>>): Effect.Effect<ReadonlyArray<string>> =>
    identityOf === undefined
      ? Effect.succeed([])
      : digests(rows.map(({ row }) => canonicalText(identityOf(row)) ?? ""))

  return (rows: ReadonlyArray<InputRow<Row>>): Effect.Effect<ReadonlyArray<Admission<Item, A, E>>> =>
    Effect.flatMap(
      Effect.zip(digests(rows.map(({ text = "" }) => text)), identitiesOf(rows)),
      ([contents, identities]) => {
        const admissions: Array<Admission<Item, A, E>> = []
        // Most rows need no effect.
        const admitRemaining = (): Effect.Effect<ReadonlyArray<Admission<Item, A, E>>> => {
          for (let at = admissions.length; at < rows.length; at = admissions.length) {
            const admission = admitRow(rows[at] as InputRow<Row>, contents[at] ?? "", identities[at])
            if (Effect.isEffect(admission)) {
              return Effect.flatMap(admission, (admitted) => {
                admissions.push(admitted)
                return admitRemaining()
              })
            }
            admissions.push(admission)
          }
          return Effect.succeed(admissions)
        }
        return admitRemaining()
      }
    )
}
