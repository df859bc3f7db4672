// What the rows of the table of documented variants are made of: questions to the hub by a client that is not ours,
// and answers, as the documents differ about them, read by ours.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Ango } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "./AskHub.js"
import { scripted } from "./Wire.js"

export const { projectId } = AngoTest

/** Ids that no hub of ours has: of a document that is only read. */
export const taskId = "65aa0000000000000000b001"
export const assetId = "65aa0000000000000000e001"

/** A contradiction of the sources: its anchor in docs/api-notes.md, what it is about, and what must hold. */
export interface Row {
  readonly id: string
  readonly topic: string
  readonly check: Effect.Effect<unknown, unknown, Ango.Services | Emulator>
}

export const row = (id: Row["id"], topic: string, check: Row["check"]): Row => ({ id, topic, check })

/** A request that must be taken: the data of its answer. */
export const taken = (request: string, body?: unknown, status = 200) =>
  Effect.map(askHub(request, body), (answer) => {
    expect([request, answer.status, answer.message]).toEqual([request, status, undefined])
    return answer.data
  })

/** The status of the answer to a request, by a header or two of one's own. */
export const statusOf = (request: string, headers: Record<string, string> = {}) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async () => {
      const [method = "GET", path = ""] = request.split(" ")
      const apikey = Redacted.value(hub.apiKey)
      return (await hub.fetch(`${hub.baseUrl}${path}`, { method, headers: { apikey, ...headers } })).status
    })
  )

/** What our client makes of an answer of this data, after the answers to what it asks for first. */
export const read = <A, E>(
  call: Effect.Effect<A, E, Ango.Services>,
  data: unknown,
  status = 200,
  before: ReadonlyArray<() => Response> = []
): Effect.Effect<A, E> =>
  Effect.provide(
    call,
    // The settings of a scripted hub are usable.
    Layer.orDie(scripted([...before, () => Response.json({ status: "success", data }, { status })]).layer)
  )

/** The queries of the requests that a call makes of a hub that answers nothing. */
export const queries = (call: Effect.Effect<unknown, unknown, Ango.Services>) =>
  Effect.gen(function* () {
    const hub = scripted([() => new Response("{}")])
    yield* Effect.ignore(Effect.provide(call, hub.layer))
    return hub.requests.map(({ url }) => new URL(url).search)
  })

export const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value))

/** A task of the first project that is in a stage. */
export const taskIn = (stage: string) =>
  Effect.map(Emulator, ({ state }) => {
    const task = state.projects.get(projectId)?.tasks.find((one) => one.stage === stage)
    if (task === undefined || typeof task.asset === "string" || task.asset == null) {
      throw new Error(`no task in ${stage}`)
    }
    return { ...task, asset: task.asset }
  })

/** The batches of a project of the hub. */
export const batchesOf = (project: string) =>
  Effect.map(Emulator, ({ state }) => state.projects.get(project)?.project.batches ?? [])
