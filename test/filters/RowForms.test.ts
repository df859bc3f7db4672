// Hubs show fields in other forms than conditions do: a right list passes in each of them, and a wrong one fails.
import { FetchHttpClient } from "@effect/platform"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, type AssetFilter, Assets, Drift, RateLimit, type TaskFilter, Tasks } from "effect-ango"

const projectId = "65aa0000000000000000a001"
const [week1, week2, week3] = [
  "65aa00000000000000000b01",
  "65aa00000000000000000b02",
  "65aa00000000000000000b03"
] as const
const person = "65aa0000000000000000e001"

// Two batches of one name, and one that is called like the id of another.
const batches = [
  { _id: week1, name: "Week" },
  { _id: week2, name: "Week" },
  { _id: week3, name: week1 },
  { _id: "65aa00000000000000000b04", name: "Other" }
]

const task = {
  _id: "65aa0000000000000000c001",
  project: projectId,
  asset: "65aa0000000000000000d001",
  createdAt: "2025-01-02T03:04:05.678Z",
  updatedAt: "2025-01-02T03:04:05.678Z"
}

const asset = { _id: task.asset, externalId: "a.jpg", data: "https://files.example/a.jpg" }

/** Every service over a hub whose lists have one row. */
const withRow = (row: object) => {
  const fetch: typeof globalThis.fetch = (input) => {
    const { pathname } = new URL(String(input))
    const data = pathname.endsWith("/tasks")
      ? { tasks: [{ ...task, ...row }], total: 1 }
      : pathname.endsWith("/assets")
        ? { assets: [{ ...asset, ...row }], total: 1 }
        : { project: { _id: projectId, name: "Streets", batches } }
    return Promise.resolve(Response.json({ status: "success", data }))
  }
  return Ango.layer({ apiKey: Redacted.make("0123456789abcdef0123") }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.provide([RateLimit.layerOff, Drift.layerOff]),
    Layer.orDie
  )
}

const tasks = (filter: TaskFilter) => Effect.flatMap(Tasks, (service) => service.page(projectId, filter))
const assets = (filter: AssetFilter) => Effect.flatMap(Assets, (service) => service.page(projectId, filter))

const time = (text: string) => DateTime.unsafeMake(text)

describe("a right list passes", () => {
  it.effect.each([
    ["not: another case", { externalId: "IMG.jpg" }, tasks({ externalId: { not: "img.jpg" } })],
    ["noneOf: another case", { externalId: "IMG.jpg" }, tasks({ externalId: { noneOf: ["img.jpg"] } })],
    [
      "not: the same instant in another form",
      { externalId: "2025-01-01T00:00:00Z" },
      tasks({ externalId: { not: "2025-01-01T00:00:00.000Z" } })
    ],
    ["composed letters", { externalId: "cafe\u0301" }, tasks({ externalId: "caf\u00e9" })],
    ["letters of a pattern", { externalId: "é" }, tasks({ externalId: { pattern: "^\\w$" } })],
    [
      "an external id in the asset alone",
      { externalId: null, asset: { _id: task.asset, externalId: "a.jpg" } },
      tasks({ externalId: "a.jpg" })
    ],
    ["a person by id", { assignee: person }, tasks({ assignee: "lab@example.com" })],
    ["a person by id, a pattern", { assignee: person }, tasks({ assignee: { pattern: "@example" } })],
    ["the address of an id", { assignee: "lab@example.com" }, tasks({ assignee: person })],
    ["nobody as an empty text", { assignee: "" }, tasks({ assignee: { exists: false } })],
    [
      "microseconds",
      { createdAt: "2025-01-02T03:04:05.678900Z" },
      tasks({ createdAfter: time(task.createdAt) })
    ],
    ["a batch as an object", { batches: [{ _id: week1, name: "Week" }] }, tasks({ batches: [week1] })],
    ["a batch as an object: assets", { batches: [{ id: week1 }] }, assets({ batches: [week1] })],
    ["a batch without a name", { batches: [null] }, assets({ batches: [week1] })],
    ["another batch of the same name", { batches: ["Week"] }, tasks({ batches: { noneOf: [week1] } })],
    ["a batch called like an id", { batches: [week1] }, tasks({ batches: { noneOf: [week3] } })],
    ["raw ids, names in rows", { batches: ["Week"] }, tasks({ filter: { batches: { $in: [week1] } } })],
    ["raw: another list", { batches: [week1] }, tasks({ filter: { batches: { $ne: [week1, week2] } } })]
  ] as const)("%s", ([, row, call]) =>
    Effect.gen(function* () {
      const result = yield* Effect.either<unknown, { readonly message: string }, Ango.Services>(call)
      // A form that the schema of the list does not know fails there, and not as a filter that was not applied.
      if (result._tag === "Left") expect(result.left).toMatchObject({ _tag: "DecodeError" })
    }).pipe(Effect.provide(withRow(row)))
  )
})

describe("a wrong list fails", () => {
  it.effect.each([
    ["an external id with @", { externalId: "logo.png" }, tasks({ externalId: "logo@2x.png" })],
    ["no batches: null", { batches: null }, tasks({ batches: ["Other"] })],
    ["no batches: assets", { batches: null }, assets({ batches: ["Other"] })],
    ["another batch", { batches: ["Week"] }, tasks({ batches: ["Other"] })],
    ["an excluded batch, by name", { batches: ["Other"] }, tasks({ batches: { noneOf: ["Other"] } })],
    ["another batch as an object", { batches: [{ _id: week1 }] }, tasks({ batches: ["Other"] })],
    ["raw ids", { batches: [week1] }, tasks({ filter: { batches: { $in: [week2] } } })],
    ["another person by id", { assignee: person }, tasks({ assignee: "65aa0000000000000000e002" })],
    ["nobody", { assignee: "" }, tasks({ assignee: "lab@example.com" })],
    ["an excluded text", { externalId: "a.jpg" }, tasks({ externalId: { not: "a.jpg" } })]
  ] as const)("%s", ([, row, call]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip<unknown, { readonly message: string }, Ango.Services>(call)
      expect(error).toMatchObject({ _tag: "FilterNotApplied" })
    }).pipe(Effect.provide(withRow(row)))
  )
})
