// Attachments for many assets, with one outcome per row.
import { KeyValueStore } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type AssetAttachments, Attachments, type AttachmentsOptions, Ledger, RowOutcome } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { bareImport, outcomesOf } from "../../support/Outcomes.js"
import { requests } from "../../support/Requests.js"
import { picky } from "../../support/StrictHub.js"
import { withoutWaiting } from "../../support/VirtualTime.js"

const { projectId } = AngoTest

const text = (value: string) => ({ type: "TEXT", value })

const row = (externalId: string, ...values: ReadonlyArray<string>): AssetAttachments.AssetAttachments => ({
  externalId,
  attachments: values.map(text)
})

const url = (name: string) => `https://files.example/${name}`

const attach = (
  rows: Iterable<AssetAttachments.AssetAttachments>,
  options?: AttachmentsOptions,
  project: string = projectId
) => Effect.flatMap(Attachments, (attachments) => outcomesOf(attachments.create(project, rows, options)))

/** Seeds assets with these external ids, without attachments. */
const start = (...externalIds: ReadonlyArray<string>) =>
  bareImport(
    projectId,
    externalIds.map((externalId) => ({ data: url(externalId), externalId }))
  )

/** The attachments of each asset with an external id, in the state of the hub. */
const held = (externalId: string) =>
  Effect.map(Emulator, ({ state }) =>
    (state.projects.get(projectId)?.assets ?? [])
      .filter((asset) => asset.externalId === externalId)
      .map(({ attachments }) => (attachments ?? []).map(({ value }) => value))
  )

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string; readonly reason?: string }>) =>
  outcomes.map(({ _tag, reason }) => reason ?? _tag)

const breaking = (script: Faults.Script) =>
  Effect.flatMap(Emulator, (hub) => hub.faults.on("attachments.create", script))

const sent = Effect.flatMap(Emulator, (hub) => hub.requests("attachments.create"))

const small = AngoTest.layer({ tasks: 1 })

const shapeless = Faults.respond(200, '{"status":"success"}')

describe("attachments", () => {
  it.effect("are added to every named asset, after its existing ones, and counted", () =>
    Effect.gen(function* () {
      const counts: Array<AssetAttachments.AttachmentCounts> = []
      const twin = { data: url("1.jpg"), externalId: "twin", attachments: [text("first")] }
      yield* bareImport(projectId, [twin, { ...twin, data: url("2.jpg") }])
      const outcomes = yield* attach(
        [
          row("twin", "both", "too"),
          { ...row("twin", "second only"), data: url("2.jpg") },
          row("nobody", "lost")
        ],
        { onResponse: (some) => Effect.sync(() => void counts.push(some)) }
      )
      expect(tags(outcomes)).toEqual(["Updated", "Updated", "Failed"])
      expect(outcomes[0]).toMatchObject({
        key: "twin",
        value: { assets: [expect.any(String), expect.any(String)] }
      })
      expect(outcomes[1]).toMatchObject({ value: { assets: [expect.any(String)] } })
      expect(outcomes[2]).toMatchObject({
        key: "nobody",
        retryable: false,
        error: { _tag: "RowRejected", reason: "unknown-asset" }
      })
      expect(counts).toEqual([{ attachmentsImported: 5, assetsUpdated: 2 }])
      expect(yield* held("twin")).toEqual([
        ["first", "both", "too"],
        ["first", "both", "too", "second only"]
      ])
    }).pipe(Effect.provide(small))
  )

  it.effect("are read from a stream and sent in chunks; repeating that sends nothing", () =>
    Effect.gen(function* () {
      const attachments = yield* Attachments
      const names = Array.from({ length: 7 }, (_, at) => `asset ${at}`)
      yield* start(...names)
      const run = attachments
        .create(
          projectId,
          Stream.map(Stream.fromIterable(names), (name) => row(name, "hint")),
          { chunk: 3 }
        )
        .pipe(Stream.run(RowOutcome.summarize))
      const none = { rows: 7, created: 0, updated: 0, skipped: 0, failed: 0, unknown: 0 }
      expect(yield* run).toEqual({ ...none, updated: 7 })
      expect(yield* sent).toHaveLength(3)
      expect(yield* run).toEqual({ ...none, skipped: 7 })
      expect(yield* sent).toHaveLength(3)
    }).pipe(Effect.provide(small))
  )

  it.effect("of equal rows are sent once; other rows for the same asset are sent too", () =>
    Effect.gen(function* () {
      yield* start("a")
      const outcomes = yield* attach([row("a", "one"), row("a", "one"), row("a", "two")])
      expect(tags(outcomes)).toEqual(["Updated", "duplicate", "Updated"])
      expect(yield* held("a")).toEqual([["one", "two"]])
    }).pipe(Effect.provide(small))
  )

  it.effect("of a row that names its asset by data only are confirmed by the count of its request", () =>
    Effect.gen(function* () {
      yield* start("a", "b")
      const byData = (name: string) => ({ data: url(name), attachments: [text("hint")] })
      const outcomes = yield* attach([byData("a"), byData("nobody"), row("b", "hint")])
      expect(tags(outcomes)).toEqual(["Updated", "Failed", "Updated"])
      expect(outcomes[1]).toMatchObject({
        key: "#1",
        error: { _tag: "RowRejected", reason: "not-applied", sent: 1, accepted: 0 }
      })
      expect(yield* held("a")).toEqual([["hint"]])
    }).pipe(Effect.provide(small))
  )

  it.effect("that the hub applies in part are read back", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* start("a", "b")
      const assets = [
        { _id: "65aa0000000000000000e001", externalId: "a", attachments: [] },
        { _id: "65aa0000000000000000e002", externalId: "b", attachments: [] }
      ]
      const listed = (of: typeof assets, hint: boolean) =>
        Faults.respond(
          200,
          JSON.stringify({
            status: "success",
            data: { assets: of.map((one) => ({ ...one, attachments: hint ? [text("hint")] : [] })), total: 1 }
          })
        )
      yield* hub.faults.on("assets.list", [
        listed(assets.slice(0, 1), false),
        listed(assets.slice(1), false),
        listed(assets.slice(0, 1), true),
        listed(assets.slice(1), false)
      ])
      yield* breaking([
        Faults.respond(
          200,
          '{"status":"success","data":{"project":{"attachmentsImported":1,"assetsUpdated":1}}}'
        )
      ])
      const outcomes = yield* attach([row("a", "hint"), row("b", "hint")])
      expect(tags(outcomes)).toEqual(["Updated", "Failed"])
      expect(outcomes[1]).toMatchObject({
        key: "b",
        error: { _tag: "RowRejected", reason: "not-applied", sent: 2, accepted: 1 }
      })
    }).pipe(Effect.provide(small))
  )

  it.live("that the hub rejects are isolated, and the others are attached once", () =>
    Effect.gen(function* () {
      const { client, seen } = yield* picky("a bad one")
      const names = Array.from({ length: 20 }, (_, at) => `asset ${at}`)
      const rows = names.map((name, at) => row(name, at === 11 ? "a bad one" : "hint"))
      const outcomes = yield* Effect.provide(Effect.zipRight(start(...names), attach(rows)), client)
      expect(outcomes.filter(({ _tag }) => _tag !== "Updated")).toMatchObject([
        { _tag: "Failed", index: 11, key: "asset 11", retryable: false, error: { _tag: "BadRequest" } }
      ])
      expect(outcomes).toHaveLength(20)
      expect(seen.refused).toBeLessThanOrEqual(6)
      for (const [at, name] of names.entries()) {
        expect(yield* held(name)).toEqual(at === 11 ? [[]] : [["hint"]])
      }
    }).pipe(Effect.provide(Emulator.layer({ tasks: 1 })))
  )
})

describe("a lost response", () => {
  it.effect(
    "is read back: applied rows are Updated, others are left to the next run, none is sent twice",
    () =>
      Effect.gen(function* () {
        yield* start("a", "b", "c", "d")
        const rows = ["a", "b", "c", "d"].map((name) => row(name, "hint", name))
        yield* breaking([Faults.afterProcessing(Faults.reset), shapeless])
        const options = { chunk: 2, concurrency: 1 }
        const outcomes = yield* attach(rows, options)
        expect(tags(outcomes)).toEqual(["Updated", "Updated", "Failed", "Failed"])
        expect(outcomes[2]).toMatchObject({ retryable: true, error: { _tag: "DecodeError" } })
        expect(yield* sent).toHaveLength(2)
        expect(tags(yield* attach(rows, options))).toEqual(["exists", "exists", "Updated", "Updated"])
        expect(yield* held("a")).toEqual([["hint", "a"]])
      }).pipe(Effect.provide(small))
  )

  it.effect.each([
    ["shows no attachments", undefined, undefined, "the list of assets shows no attachments"],
    ["shows other attachments than were sent", [], [text("signed")], "but not exactly these"]
  ] as const)("is Unknown when the list %s", ([, before, after, why]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const listed = (attachments: unknown) =>
        Faults.respond(
          200,
          JSON.stringify({
            status: "success",
            data: { assets: [{ _id: "65aa0000000000000000e001", externalId: "a", attachments }], total: 1 }
          })
        )
      yield* hub.faults.on("assets.list", [listed(before), listed(after)])
      yield* breaking([shapeless])
      const [outcome] = yield* attach([row("a", "hint")])
      expect(outcome).toMatchObject({ _tag: "Unknown", key: "a", reconcile: { read: "assets.list" } })
      expect(Object(outcome).message).toContain(why)
    }).pipe(Effect.provide(small))
  )

  it.effect("cannot be read back for a row that names its asset by data only", () =>
    Effect.gen(function* () {
      yield* start("a")
      yield* breaking([Faults.afterProcessing(Faults.reset)])
      const [outcome] = yield* attach([{ data: url("a"), attachments: [text("hint")] }])
      expect(outcome).toMatchObject({ _tag: "Unknown", key: "#0" })
      expect(yield* held("a")).toEqual([["hint"]])
    }).pipe(Effect.provide(small))
  )
})

describe("a ledger", () => {
  it.effect("lets the next run send only the rest, without requests for rows that were written", () =>
    Effect.gen(function* () {
      yield* start("a", "b", "c", "d")
      const rows = ["a", "b", "c", "d"].map((name) => row(name, "hint"))
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "attachments")
      const options = { ledger, chunk: 2, concurrency: 1 }
      yield* breaking([Faults.ok, Faults.fail(400), Faults.fail(400), Faults.fail(400)])
      const first = yield* attach(rows, options)
      expect(tags(first)).toEqual(["Updated", "Updated", "Failed", "Failed"])
      const again = yield* attach(rows, options)
      expect(tags(again)).toEqual(["done-before", "done-before", "Updated", "Updated"])
      expect(again[0]).toMatchObject({ value: Object(first[0]).value })
      const before = (yield* requests).length
      expect(tags(yield* attach(rows, options))).toEqual(Array(4).fill("done-before"))
      expect(yield* requests).toHaveLength(before)
      expect(yield* held("c")).toEqual([["hint"]])
    }).pipe(Effect.provide(small), Effect.provide(KeyValueStore.layerMemory))
  )

  it.effect("makes the next run read back a row without a response", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* start("a")
      const ledger = Ledger.make(yield* KeyValueStore.KeyValueStore, "attachments")
      yield* breaking([Faults.afterProcessing(shapeless)])
      yield* hub.faults.on("assets.list", [Faults.ok, Faults.repeat(Faults.fail(500))])
      expect(tags(yield* withoutWaiting(attach([row("a", "hint")], { ledger })))).toEqual(["Unknown"])
      yield* hub.faults.on("assets.list", [Faults.ok])
      expect(tags(yield* attach([row("a", "hint")], { ledger }))).toEqual(["done-before"])
      expect(yield* held("a")).toEqual([["hint"]])
    }).pipe(Effect.provide(small), Effect.provide(KeyValueStore.layerMemory))
  )
})

describe("an invalid attachment", () => {
  it.effect("fails with NotFound for an unknown project, with Forbidden without permission", () =>
    Effect.gen(function* () {
      yield* start("a")
      expect(yield* Effect.flip(attach([row("a", "x")], {}, "x1"))).toMatchObject({ _tag: "NotFound" })
      yield* breaking([Faults.fail(403)])
      expect(yield* Effect.flip(attach([row("a", "x")]))).toMatchObject({ _tag: "Forbidden" })
    }).pipe(Effect.provide(small))
  )

  it.effect.each([
    [{ attachments: [text("x")] }, "row", "an asset by its externalId or its data"],
    [{ externalId: "a", attachments: [] }, "row.attachments", "at least one attachment"]
  ] as const)("%j is refused before any request", ([entry, parameter, allowed]) =>
    Effect.gen(function* () {
      const [outcome] = yield* attach([entry])
      const error = Object(outcome).error
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "attachments.create" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(small))
  )
})
