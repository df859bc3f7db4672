// The client by groups: what is asked for, the same each time, and made when it is first called.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Ango, AngoClient, AngoConfig, RateLimit } from "effect-ango"
import { BatchesApi } from "../../src/api/batches.js"
import * as endpoint from "../../src/api/endpoint.js"
import { success } from "../../src/api/envelope.js"
import { operations } from "../../src/api/operations.js"
import { safe } from "../../src/api/Repeatability.js"
import { TasksApi } from "../../src/api/tasks.js"
import { scripted } from "../support/Wire.js"

const layer = AngoClient.layer.pipe(
  Layer.provide(AngoConfig.layer({ apiKey: Redacted.make("key") })),
  Layer.provide(scripted([() => Response.json({ status: "success", data: { name: "a" } })]).http),
  Layer.provide(RateLimit.layerOff)
)

/** A group with one endpoint, and how often its schemas were made. */
const counted = () => {
  let made = 0
  const get = endpoint.get("get", "/name", {
    repeat: safe,
    schemas: () => {
      made++
      return { success: success({ name: Schema.String }) }
    }
  })
  return { group: endpoint.group("names", [get]), made: () => made }
}

describe("the client", () => {
  it.effect("has the groups that are asked for, and their lists", () =>
    Effect.gen(function* () {
      const client = (yield* AngoClient.AngoClient).use(TasksApi, BatchesApi)
      expect(Object.keys(client).toSorted()).toEqual(["batches", "budget", "lists", "tasks"])
      expect(Object.keys(client.lists)).toEqual(["tasks"])
      // @ts-expect-error: another group
      expect(client.projects).toBeUndefined()
    }).pipe(Effect.provide(layer))
  )

  it.effect("has the same group each time, whose schemas are made at its first call", () =>
    Effect.gen(function* () {
      const { group, made } = counted()
      const { use } = yield* AngoClient.AngoClient
      const first = use(group)
      const second = use(TasksApi, group)
      expect(second.names).toBe(first.names)
      expect(made()).toBe(0)
      expect((yield* first.names.get({})).data).toEqual({ name: "a" })
      expect((yield* second.names.get({})).data).toEqual({ name: "a" })
      expect(made()).toBe(1)
    }).pipe(Effect.provide(layer))
  )

  it.effect("has every endpoint of the hub", () =>
    Effect.gen(function* () {
      const { budget: _, lists: __, ...methods } = Ango.methods(yield* AngoClient.AngoClient)
      const names = Object.entries(methods).flatMap(([group, members]) =>
        Object.keys(members).map((name) => `${group}.${name}`)
      )
      expect(names.toSorted()).toEqual(Object.keys(operations).toSorted())
    }).pipe(Effect.provide(layer))
  )
})
