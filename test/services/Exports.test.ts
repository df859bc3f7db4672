// Export requests: parameters, paths, and responses without a link.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Batches, type ExportOptions, Exports } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const ask = (options?: ExportOptions) =>
  Effect.flatMap(Exports, (exports) => exports.request(projectId, options))

const operations = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests(), (all) => all.map(({ operation }) => operation))
)

const day = (date: string) => DateTime.unsafeMake(date)

describe("an export request", () => {
  it.effect("returns a new link to the storage of the hub", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const [one, other] = yield* Effect.all([ask(), ask()])
      const link = new URL(Redacted.value(one))
      expect(link.origin).toBe(new URL(hub.baseUrl).origin)
      expect(link.pathname).toMatch(new RegExp(`^/files/${projectId}/exports/[0-9a-f]{24}\\.zip$`))
      expect(link.search).toMatch(/[0-9a-f]{32}$/)
      expect(Redacted.value(other)).not.toBe(Redacted.value(one))
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("sends its options, with batches as ids", () =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      const [first] = yield* batches.list(projectId)
      yield* ask({
        batches: [first?.name ?? ""],
        stages: "all",
        createdAfter: day("2025-01-01T02:00:00+02:00")
      })
      const [storedExport] = [...hub.state.exports.values()]
      expect(storedExport).toMatchObject({
        project: projectId,
        batches: [first?.id],
        createdAt: { $gt: "2025-01-01T00:00:00.000Z" }
      })
      expect(storedExport).not.toHaveProperty("stage")
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    ["/export", ["exports.request", "exports.requestV3"]],
    ["/exportV3", ["exports.requestV3", "exports.request"]]
  ] as const)("tries the other path once when %s does not exist", ([path, order]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on(order[0], [Faults.fail(404)])
      expect(Redacted.value(yield* ask({ path }))).toContain("/exports/")
      expect(yield* operations).toEqual(order)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with the error of the chosen path when neither exists", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* hub.faults.on("exports.request", [Faults.fail(404), Faults.ok])
      yield* hub.faults.on("exports.requestV3", [Faults.fail(404)])
      expect(yield* Effect.flip(ask())).toMatchObject({ _tag: "NotFound", operation: "exports.request" })
      expect(yield* operations).toHaveLength(2)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("does not try the other path for an unknown project or a missing permission", () =>
    Effect.gen(function* () {
      const [hub, exports] = yield* Effect.all([Emulator, Exports])
      expect(yield* Effect.flip(exports.request("x1"))).toMatchObject({ _tag: "NotFound", status: 400 })
      yield* hub.faults.on("exports.request", [Faults.fail(403)])
      expect(yield* Effect.flip(ask())).toMatchObject({ _tag: "Forbidden" })
      expect(yield* operations).toEqual(["exports.request", "exports.request"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each(['{"exportPath":null}', '{"exportPath":""}', '{"message":"You will get an e-mail."}'])(
    "fails with TransferError when the response has no link: %s",
    (data) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        yield* hub.faults.on("exports.request", [Faults.respond(200, `{"status":"success","data":${data}}`)])
        const error = yield* Effect.flip(ask())
        expect(error).toMatchObject({
          _tag: "TransferError",
          reason: "link-missing",
          operation: "exports.request",
          method: "GET"
        })
        expect(yield* operations).toHaveLength(1)
      }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("fails with UnknownBatch when a batch does not exist", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(ask({ batches: ["Nope"] }))).toMatchObject({
        _tag: "UnknownBatch",
        operation: "exports.request",
        unknown: ["Nope"]
      })
      expect(yield* operations).toEqual(["projects.get"])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  const [early, late] = [day("2025-01-01T00:00:00Z"), day("2025-02-01T00:00:00Z")]

  it.effect.each([
    [{ stages: [] }, "stages", '"all" for every stage'],
    [{ type: "issue", stages: ["Label"] }, "stages", "leave stages out"],
    [
      { stages: "Complete" as never },
      "stages",
      'Expected "all", or an array of stage ids such as ["Label"], got'
    ],
    [{ stages: ["Label", ""] }, "stages[1]", "an id of 1 to 128 letters"],
    [{ createdAfter: "2025-01-01" as never }, "createdAfter", 'such as DateTime.unsafeMake("2024-01-01")'],
    [{ updatedBefore: new Date() as never }, "updatedBefore", "a DateTime (Utc or Zoned)"],
    [{ taskTypes: [] }, "taskTypes", "at least one task type"],
    [{ updatedAfter: late, updatedBefore: early }, "updatedBefore", "later than updatedAfter"],
    [{ createdAfter: early, createdBefore: early }, "createdBefore", "later than createdAfter"]
  ] as const)("rejects %j before any request", ([options, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(ask(options))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "exports.request" })
      expect(error.message).toContain(allowed)
      expect(yield* operations).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
