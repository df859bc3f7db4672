// Building blocks for tests of documented variants: requests of other clients to the emulator, and variants of responses
// read by this client.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Ango } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "./AskHub.js"
import { scripted } from "./Wire.js"

export const { projectId } = AngoTest

/** Ids that the emulator does not have, for responses that are only read. */
export const taskId = "65aa0000000000000000b001"
export const assetId = "65aa0000000000000000e001"

/** A contradiction between sources: its anchor in docs/api-notes.md, its topic, and a check. */
export interface Row {
  readonly id: string
  readonly topic: string
  readonly check: Effect.Effect<unknown, unknown, Ango.Services | Emulator>
}

export const row = (id: Row["id"], topic: string, check: Row["check"]): Row => ({ id, topic, check })

/** Sends a request that must succeed, and returns the data of its response. */
export const accepted = (request: string, body?: unknown, status = 200) =>
  Effect.map(askHub(request, body), (answer) => {
    expect([request, answer.status, answer.message]).toEqual([request, status, undefined])
    return answer.data
  })

/** Sends a request with additional headers, and returns the status of its response. */
export const statusOf = (request: string, headers: Record<string, string> = {}) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const [method = "GET", path = ""] = request.split(" ")
      const apikey = Redacted.value(hub.apiKey)
      return (await hub.fetch(`${hub.baseUrl}${path}`, { method, headers: { apikey, ...headers } })).status
    })
  )

/** Runs a call against a response with this data; `before` are responses to earlier requests of the call. */
export const read = <A, E>(
  call: Effect.Effect<A, E, Ango.Services>,
  data: unknown,
  status = 200,
  before: ReadonlyArray<() => Response> = []
): Effect.Effect<A, E> =>
  Effect.provide(
    call,
    // The configuration of a scripted hub is valid.
    Layer.orDie(scripted([...before, () => Response.json({ status: "success", data }, { status })]).layer)
  )

/** The query strings of the requests that a call sends to a hub without useful responses. */
export const queries = (call: Effect.Effect<unknown, unknown, Ango.Services>) =>
  Effect.gen(function* () {
    const hub = scripted([() => new Response("{}")])
    yield* Effect.ignore(Effect.provide(call, hub.layer))
    return hub.requests.map(({ url }) => new URL(url).search)
  })

export const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value))

/** A task in a stage of the first project. */
export const taskIn = (stage: string) =>
  Effect.map(Emulator, ({ state }) => {
    const task = state.projects.get(projectId)?.tasks.find((one) => one.stage === stage)
    if (task === undefined || typeof task.asset === "string" || task.asset == null) {
      throw new Error(`There is no task in ${stage}`)
    }
    return { ...task, asset: task.asset }
  })

/** The batches of a project in the emulator. */
export const batchesOf = (project: string) =>
  Effect.map(Emulator, ({ state }) => state.projects.get(project)?.project.batches ?? [])
