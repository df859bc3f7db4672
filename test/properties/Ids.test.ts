// An id stays in its path segment, for every kind of id and every endpoint.
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { Batches, TaskId } from "effect-ango"
import { operations } from "../../src/api/operations.js"
import * as Id from "../../src/schemas/ids.js"
import { silent } from "../support/Batches.js"
import { anyText, callsWith } from "../support/IdCalls.js"
import { scripted } from "../support/Wire.js"

const kinds: ReadonlyArray<Schema.Schema.AnyNoContext> = [
  Id.AssetBuilderTemplateId,
  Id.AssetId,
  Id.BatchId,
  Id.IssueId,
  Id.LlmId,
  Id.OrganizationId,
  Id.ProjectId,
  Id.StageId,
  Id.StorageId,
  Id.TaskHistoryId,
  Id.TaskId,
  Id.UserId
]

const templates = Object.values(operations).map(({ method, name, route }) => ({ method, name, route }))

/** Other ids in the calls, and the one path parameter that is not an id. */
const others = ["x1", "p1", "65aa0000000000000000a001", "65aa0000000000000000f001", "AssetSize"]

/** The operation with this path, if all of its path parameters are ids. */
const operationOf = ({ method, url }: Request, id: string) => {
  const { pathname } = new URL(url)
  const sent = pathname.split("/").slice(2)
  const isOf = (route: string) => {
    const segments = route.split("/").slice(1)
    return (
      segments.length === sent.length &&
      segments.every((segment, index) =>
        segment.startsWith("{") ? [id, ...others].includes(sent[index] ?? "") : segment === sent[index]
      )
    )
  }
  return templates.find((one) => one.method === method && isOf(one.route))?.name
}

/** Calls every method with an id, and returns the requests and the results. */
const sentWith = (id: string) =>
  Effect.gen(function* () {
    const hub = scripted([() => Response.json({ status: "success", data: {} })])
    const calls = yield* Effect.provide(callsWith(id), hub.layer)
    const exits = yield* Effect.forEach(calls, (call) => Effect.either(call))
    return { exits, requests: hub.requests }
  })

// Each run of the last two properties calls every method, so that a few runs send many requests.
describe("an id of any kind", () => {
  it("is listed here", () => {
    expect(new Set<unknown>(kinds)).toEqual(new Set<unknown>(Object.values(Id).filter(Schema.isSchema)))
  })

  it.prop(
    "is one segment of a URL, for every accepted text",
    [FastCheck.constantFrom(...kinds), anyText],
    ([kind, text]) => {
      if (!Schema.is(kind)(text)) return
      expect(new URL(`https://hub.example/v2/${text}/x`).pathname.split("/")).toEqual(["", "v2", text, "x"])
    },
    { fastCheck: { numRuns: 2_000 } }
  )

  it.effect.prop(
    "that its schema generates is one segment in the path of every request",
    [FastCheck.oneof(...kinds.map((kind) => Arbitrary.make(kind)))],
    ([id]) =>
      Effect.gen(function* () {
        const { requests } = yield* sentWith(id)
        for (const request of requests) {
          expect([request.url, operationOf(request, id)]).toEqual([request.url, expect.any(String)])
        }
      }),
    { fastCheck: { numRuns: 3, endOnFailure: true } }
  )

  it.effect.prop(
    "from any text is rejected by every method, or is one segment in the path of every request",
    [anyText],
    ([id]) =>
      Effect.gen(function* () {
        const { exits, requests } = yield* sentWith(id)
        if (Schema.is(TaskId)(id)) {
          for (const request of requests) expect(operationOf(request, id)).toBeTypeOf("string")
        } else {
          expect(requests.map(({ url }) => url)).toEqual([])
          for (const exit of exits) expect(exit).toMatchObject({ left: { _tag: "InvalidRequest" } })
        }
      }),
    { fastCheck: { numRuns: 8, endOnFailure: true } }
  )

  it.effect("is tested in the path of every endpoint that has one", () =>
    Effect.gen(function* () {
      const id = "65aa0000000000000000b0b0"
      const { requests } = yield* sentWith(id)
      // The list of batches is asked for only after a project that says nothing of its batches.
      const hub = scripted(silent.answers)
      const list = Effect.flatMap(Batches, (batches) => batches.list(id))
      yield* Effect.either(Effect.provide(list, hub.layer))
      const tried = new Set([...requests, ...hub.requests].map((request) => operationOf(request, id)))
      const withPath = templates.filter(({ route }) => route.includes("{")).map(({ name }) => name)
      expect(withPath.filter((name) => !tried.has(name))).toEqual([])
    })
  )
})
