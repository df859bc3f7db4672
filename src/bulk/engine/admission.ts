// The first look at rows, in their order: their names, whether they were there before, and whether they are usable.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { label } from "../../api/operations.js"
import { RowRejected, StoreUnavailable } from "../../errors/AngoError.js"
import { invalidRequest } from "../../errors/invalidRequest.js"
import { operationContext } from "../../errors/OperationContext.js"
import { digests } from "../../utils/digest.js"
import * as Outcome from "../RowOutcome.js"
import { classifyFailure } from "./failureClass.js"
import type { Entry } from "./ledgerFormat.js"
import * as Run from "./runState.js"
import type { RowError, Tagged } from "./writer.js"

/** A row that may go on, or the outcome of one that may not. */
export type Admission<Item, A, Own> = Run.Pending<Item> | Outcome.RowOutcome<A, RowError<Own>>

/** Whether a row may go on. */
export const isPending = <Item, A, Own>(admission: Admission<Item, A, Own>): admission is Run.Pending<Item> =>
  "item" in admission

// The same content is the same text, in whatever order its fields were written.
const canonicalOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    Predicate.isRecord(part) && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part
  ) ?? "undefined"

/** A row as text, the same for the same content; nothing for what JSON cannot say, which cannot be sent either. */
export const canonical = (value: unknown): string | undefined =>
  Option.getOrUndefined(Option.liftThrowable(canonicalOf)(value))

/** Rows in their order, each admitted or ended. One is to be called for the rows of one write, chunk by chunk. */
export const admitter = <Row, Item, A, Own extends Tagged>(run: Run.Run<Row, Item, A, Own>) => {
  type End = Outcome.RowOutcome<A, RowError<Own>>
  const { book, writer } = run
  const { operation } = writer
  const claimed = new Map<string, { readonly index: number; readonly digest: string }>()
  const times = new Map<string, number>()
  let next = 0

  // A row that is told by its content may come several times, and each time is another row.
  const nameOf = (key: string | undefined, digest: string, subject: string | undefined): string => {
    if (writer.isUnique && subject !== undefined) return `${key ?? ""}\u0000${subject}`
    if (writer.isUnique && key !== undefined) return key
    const content = `${key ?? ""}\u0000${digest}`
    const time = (times.get(content) ?? 0) + 1
    times.set(content, time)
    return `${content}\u0000${time}`
  }

  const repeated = (place: Outcome.Place, saysSame: boolean, first: number): End => {
    const it = `${JSON.stringify(place.key)} stands in the input twice, at ${first} and at ${place.index}`
    const content = saysSame ? "what may be another content" : "another content"
    return saysSame && writer.isWhole !== false
      ? Outcome.skipped(place, { reason: "duplicate", message: `${it}, with the same content.` })
      : Outcome.failed(
          place,
          new RowRejected({
            reason: "duplicate",
            ...operationContext(
              operation,
              `${label(operation)}: ${it}, with ${content}. Only the first was taken: give the other a key of its own.`
            ),
            key: place.key,
            duplicateOf: "input"
          }),
          false
        )
  }

  const doneBefore = (place: Outcome.Place, entry: Entry): End => {
    const it = JSON.stringify(place.key)
    const value = writer.codec.read(entry.value)
    if (Option.isSome(value)) {
      writer.remember?.(value.value)
      const message = `An earlier run has done ${it}: its ledger says so.`
      return Outcome.skipped(place, { reason: "done-before", message, value: value.value })
    }
    const error = new StoreUnavailable({
      store: "ledger",
      reason: "incompatible",
      key: writer.of,
      message:
        `What the ledger of ${writer.of} keeps of ${it} is nothing that this version writes. Take its line out of ` +
        "the ledger, or go on with the version that wrote it."
    })
    Run.end(run, error)
    return Outcome.failed(place, error, true)
  }

  const prepared = (
    row: Row,
    place: Outcome.Place,
    name: string,
    digest: string
  ): Effect.Effect<Admission<Item, A, Own>> =>
    Effect.match(writer.toItem(row, place.index), {
      onSuccess: (item) => {
        claimed.set(name, { index: place.index, digest })
        return { place, name, digest, item }
      },
      onFailure: (error) => {
        const verdict = classifyFailure(error)
        if (verdict === "everyone") Run.end(run, error)
        if (verdict === "later") Run.recordTransientFailure(run, error)
        return Outcome.failed(place, error, verdict === "everyone" || verdict === "later")
      }
    })

  const admit = (
    row: Row,
    digest: string | undefined,
    subject: string | undefined
  ): Effect.Effect<Admission<Item, A, Own>> =>
    Effect.suspend(() => {
      const key = writer.keyOf(row)
      const index = next++
      const place = { index, key: key ?? `#${index}` }
      if (digest === undefined) {
        const error = invalidRequest(
          operation,
          "row",
          "It holds what JSON cannot say, such as a bigint or a circle."
        )
        return Effect.succeed(Outcome.failed(place, error, false))
      }
      const name = nameOf(key, digest, subject)
      const before = claimed.get(name)
      if (before !== undefined) {
        return Effect.succeed(repeated(place, before.digest === digest, before.index))
      }
      if (run.stop !== undefined) return Effect.succeed(Outcome.failed(place, run.stop, true))
      const entry = book?.entries.get(name)
      if (entry?.state === "done" && entry.digest === digest) {
        claimed.set(name, { index, digest })
        return Effect.succeed(doneBefore(place, entry))
      }
      return prepared(row, place, name, digest)
    })

  // Texts of any length, and what may be secret in them, are not for a ledger.
  const subjects = (rows: ReadonlyArray<Row>): Effect.Effect<ReadonlyArray<string>> => {
    const { subjectOf } = writer
    return subjectOf === undefined
      ? Effect.succeed([])
      : digests(rows.map((row) => canonical(subjectOf(row)) ?? ""))
  }

  return (rows: ReadonlyArray<Row>): Effect.Effect<ReadonlyArray<Admission<Item, A, Own>>> =>
    Effect.suspend(() => {
      const texts = rows.map(canonical)
      return Effect.flatMap(
        Effect.zip(digests(texts.map((text) => text ?? "")), subjects(rows)),
        ([all, about]) =>
          Effect.forEach(rows, (row, at) =>
            admit(row, texts[at] === undefined ? undefined : all[at], about[at])
          )
      )
    })
}
