// Lists whose pages are fetched with undecoded rows, which are then decoded one by one.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, AngoClient, AngoConfig, RateLimit, RetryPolicy } from "effect-ango"
import { endpoints } from "../../../src/api/operations.js"
import { fromInput, type ProjectId } from "../../../src/schemas/ids.js"
import { scripted } from "../../support/Wire.js"

const client = Effect.map(AngoClient.AngoClient, Ango.methods)

const path = { projectId: fromInput<ProjectId>("65aa0000000000000000a001") }
const request = { path, urlParams: {} }

const overHttp = (http: ReturnType<typeof scripted>["http"], attempts: number) =>
  AngoClient.layer.pipe(
    Layer.provide(AngoConfig.layer({ apiKey: Redacted.make("key") })),
    Layer.provide(http),
    Layer.provide(RateLimit.layerOff),
    Layer.provide(RetryPolicy.layer({ attempts, baseDelay: "0 millis" }))
  )

const over = (answers: ReadonlyArray<() => Response>, attempts = 1) =>
  overHttp(scripted(answers).http, attempts)

const page = (tasks: ReadonlyArray<unknown>, rest: object = { total: 9 }) =>
  Response.json({ status: "success", data: { tasks, ...rest } })

const id = (n: number) => `65aa0000000000000000b00${n}`

describe("the lists with a total", () => {
  it.effect("are those that declare their rows", () =>
    Effect.gen(function* () {
      const declared = [...endpoints].filter(([, { schemas }]) => schemas().rows !== undefined)
      const { lists } = yield* client
      expect(declared.map(([name]) => name).toSorted()).toEqual([
        "assets.list",
        "projects.list",
        "tasks.list"
      ])
      expect(Object.keys(lists).toSorted()).toEqual(["assets", "projects", "tasks"])
    }).pipe(Effect.provide(over([])))
  )
})

describe("reading a list", () => {
  it.effect("returns undecoded rows and the total", () =>
    Effect.gen(function* () {
      const { lists } = yield* client
      expect(yield* lists.tasks.read(request)).toEqual({ rows: [{ _id: 7 }, null], total: 9 })
    }).pipe(Effect.provide(over([() => page([{ _id: 7 }, null])])))
  )

  it.effect("applies the policies of every call", () =>
    Effect.gen(function* () {
      const { lists } = yield* client
      expect((yield* lists.tasks.read(request)).total).toBe(9)
    }).pipe(
      Effect.provide(
        over([() => new Response("", { status: 503 }), () => new Response("{"), () => page([])], 3)
      )
    )
  )

  it.effect.each([
    ["an invalid total", () => page([], { total: -1 }), "data.total"],
    ["no total", () => page([], {}), "data.total"],
    ["rows that are no list", () => Response.json({ data: { tasks: {}, total: 1 } }), "data.tasks"]
  ] as const)("validates the envelope: %s", ([, answer, place]) =>
    Effect.gen(function* () {
      const { lists, tasks } = yield* client
      const error = yield* Effect.flip(lists.tasks.read(request))
      expect(error).toMatchObject({ _tag: "DecodeError", mismatches: [{ path: place }] })
      expect(error.message).toBe((yield* Effect.flip(tasks.list(request))).message)
    }).pipe(Effect.provide(over([answer])))
  )

  it.effect("fails for an error that is reported with a 2xx", () =>
    Effect.gen(function* () {
      const { lists } = yield* client
      expect(yield* Effect.flip(lists.tasks.read(request))).toMatchObject({
        _tag: "BadRequest",
        vendorMessage: "no"
      })
    }).pipe(
      Effect.provide(
        over([() => Response.json({ status: "fail", message: "no", data: { tasks: [], total: 0 } })])
      )
    )
  )
})

describe("fetching a page ahead", () => {
  const inMiddle = () => new Response('{"data": {"tasks": [{}, }}')
  const refusal = () => Response.json({ status: "error", error: { statusCode: 500, message: "no" } })

  it.effect("returns an effect that decodes it", () =>
    Effect.gen(function* () {
      const { lists } = yield* client
      const { bytes, decode } = yield* lists.tasks.ask(request)
      expect(bytes).toBe(JSON.stringify(yield* Effect.promise(() => page([{ _id: 7 }]).json())).length)
      expect(yield* decode).toEqual({ rows: [{ _id: 7 }], total: 9 })
    }).pipe(Effect.provide(over([() => page([{ _id: 7 }])])))
  )

  it.effect.each([
    ["is empty", () => new Response("")],
    ["is a page of HTML", () => new Response("<html></html>")],
    ["breaks off", () => new Response('{"data": {"tasks": [')],
    ["is broken in its middle", inMiddle],
    ["is a failure under a status of success", refusal]
  ] as const)("fetches again, as often as the policy allows, a page that %s", ([, broken]) =>
    Effect.gen(function* () {
      const { lists } = yield* client
      expect(yield* Effect.flatMap(lists.tasks.ask(request), ({ decode }) => decode)).toEqual({
        rows: [{ _id: 8 }],
        total: 9
      })
    }).pipe(Effect.provide(over([broken, broken, () => page([{ _id: 8 }])], 3)))
  )

  it.effect.each([
    [inMiddle, { _tag: "MalformedResponse", reason: "not-json" }, 3],
    [refusal, { _tag: "ServerError", status: 500 }, 3],
    [() => page([], { total: -1 }), { _tag: "DecodeError", mismatches: [{ path: "data.total" }] }, 1]
  ] as const)(
    "fails with the error of the last response, after the attempts that the policy allows: %#",
    ([broken, error, attempts]) =>
      Effect.gen(function* () {
        const { http, requests } = scripted([broken, broken, broken, broken])
        const ended = yield* Effect.flatMap(client, ({ lists }) =>
          Effect.flip(Effect.flatMap(lists.tasks.ask(request), ({ decode }) => decode))
        ).pipe(Effect.provide(overHttp(http, 3)))
        expect(ended).toMatchObject(error)
        expect(requests).toHaveLength(attempts)
      })
  )
})

describe("decoding rows", () => {
  const rows = [{ _id: id(1) }, { _id: id(2), status: 7 }, { _id: id(3), batches: [null, 1] }, "no task"]

  it.effect("fails only the row that does not match, with the path in the whole response", () =>
    Effect.gen(function* () {
      const { lists, tasks } = yield* client
      const decoded = yield* lists.tasks.decode(rows)
      expect(decoded.map(Either.isRight)).toEqual([true, false, false, false])
      expect(decoded[0]).toEqual(Either.right({ id: id(1) }))
      const errors = decoded.flatMap((row) => (Either.isLeft(row) ? [row.left] : []))
      expect(errors[0]).toEqual(yield* Effect.flip(tasks.list(request)))
      expect(errors.map(({ mismatches }) => mismatches[0])).toMatchObject([
        { path: "data.tasks[1].status", item: id(2), found: "a number" },
        { path: "data.tasks[2].batches[1]", item: id(3), found: "a number" },
        { path: "data.tasks[3]", found: "a string" }
      ])
    }).pipe(Effect.provide(over([() => page(rows)])))
  )

  it.effect("reports the given indices of the rows", () =>
    Effect.gen(function* () {
      const { lists } = yield* client
      const [row] = yield* lists.tasks.decode(rows.slice(1, 2), [40])
      expect(row).toMatchObject({ left: { mismatches: [{ path: "data.tasks[40].status" }] } })
    }).pipe(Effect.provide(over([])))
  )

  it.effect("finds the row that is nested too deeply", () =>
    Effect.gen(function* () {
      const { lists } = yield* client
      const depth = 100_000
      const deep = JSON.parse(
        `{"_id":"${id(2)}","project":{"_id":"p","x":${"[".repeat(depth)}${"]".repeat(depth)}}}`
      )
      const decoded = yield* lists.tasks.decode([{ _id: id(1) }, deep, { _id: id(3) }])
      expect(decoded.map(Either.isRight)).toEqual([true, false, true])
      expect(decoded[1]).toMatchObject({ left: { _tag: "DecodeError", operation: "tasks.list" } })
    }).pipe(Effect.provide(over([])))
  )
})
