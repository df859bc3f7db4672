// Calls of every class under every fault: what was asked, how it ended, and what the hub holds afterwards.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Random from "effect/Random"
import {
  Ango,
  type AngoConfig,
  type AngoError,
  Batches,
  Issues,
  Projects,
  RateLimit,
  RetryPolicy,
  Storages,
  Tasks
} from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { bareImport } from "./Outcomes.js"
import { withoutWaiting } from "./VirtualTime.js"

const { projectId } = AngoTest

type Hub = Pick<EmulatorService, "state" | "faults" | "requests" | "apiKey" | "baseUrl" | "fetch">
type Failure = AngoError.AngoError

/** A call that has not been made, and how often the hub has done what it asks for. */
interface Trial {
  readonly call: Effect.Effect<unknown, Failure, Ango.Services>
  readonly done: () => number
}

/** A call to try; each trial is another one of its kind. */
interface Subject {
  readonly kind: "read" | "set" | "delete" | "create"
  readonly prepare: (hub: Hub, name: string) => Trial
}

const count = <A>(all: Iterable<A>, is: (one: A) => boolean): number => Array.from(all).filter(is).length

const theOnly = <A>(one: A | null | undefined): A => {
  if (one === undefined || one === null) throw new Error("the hub has none")
  return one
}

const project = ({ state }: Hub) => theOnly(state.projects.get(projectId))
const task = (hub: Hub) => theOnly(project(hub).tasks[0])

/** Two calls that read, two that set, two that delete and four that create. */
export const subjects = {
  "tasks.list": {
    kind: "read",
    prepare: () => ({ call: Effect.flatMap(Tasks, (tasks) => tasks.page(projectId)), done: () => 0 })
  },
  "tasks.get": {
    kind: "read",
    prepare: (hub) => ({ call: Effect.flatMap(Tasks, (tasks) => tasks.get(task(hub)._id)), done: () => 0 })
  },
  "tasks.assign": {
    kind: "set",
    prepare: (hub) => {
      const { _id, stage } = task(hub)
      const user = theOnly(
        hub.state.organization.members.find(({ email }) => email !== task(hub).assignee)
      ).email
      const options = { tasks: [_id], stage: theOnly(stage), user }
      return {
        call: Effect.flatMap(Tasks, (tasks) => tasks.assign(projectId, options)),
        done: () => (task(hub).assignee === user ? 1 : 0)
      }
    }
  },
  "projects.update": {
    kind: "set",
    prepare: (hub, name) => ({
      call: Effect.flatMap(Projects, (projects) => projects.update(projectId, { description: name })),
      done: () => (project(hub).project.description === name ? 1 : 0)
    })
  },
  "storages.delete": {
    kind: "delete",
    prepare: ({ state }, name) => {
      const [like] = state.storages.values()
      const { files, storage } = theOnly(like)
      state.storages.set(name, { files, storage: { ...storage, _id: name } })
      return {
        call: Effect.flatMap(Storages, (storages) => storages.delete(name)),
        done: () => (state.storages.has(name) ? 0 : 1)
      }
    }
  },
  "issues.delete": {
    kind: "delete",
    prepare: (hub, name) => {
      const { issues } = hub.state
      const [like] = issues.values()
      issues.set(name, { ...theOnly(like), _id: name, labelTask: task(hub)._id, project: projectId })
      return {
        call: Effect.flatMap(Issues, (service) => service.delete(projectId, name)),
        done: () => (issues.has(name) ? 0 : 1)
      }
    }
  },
  "projects.create": {
    kind: "create",
    prepare: ({ state }, name) => ({
      call: Effect.flatMap(Projects, (projects) => projects.create({ name })),
      done: () => count(state.projects.values(), ({ project }) => project.name === name)
    })
  },
  "issues.create": {
    kind: "create",
    prepare: (hub, name) => ({
      call: Effect.flatMap(Issues, (issues) => issues.create(task(hub)._id, { content: name })),
      done: () => count(hub.state.issues.values(), ({ content }) => content === name)
    })
  },
  "assets.importFromCloud": {
    kind: "create",
    prepare: (hub, name) => ({
      // Of a row that may come several times nothing is read: the bare write.
      call: bareImport(projectId, [{ data: "https://files.example/a.jpg", externalId: name }]),
      done: () => count(project(hub).assets, ({ externalId }) => externalId === name)
    })
  },
  "batches.update": {
    kind: "create",
    prepare: (hub, name) => ({
      // Creating reads back what became of a write, and repeats it; replacing is the bare write.
      call: Effect.flatMap(Batches, (batches) => batches.replace(projectId, [{ name }])),
      done: () => count(project(hub).project.batches ?? [], (batch) => batch.name === name)
    })
  }
} as const satisfies Record<string, Subject>

export type Name = keyof typeof subjects
export const names = Object.keys(subjects) as ReadonlyArray<Name>
export const kindOf = (name: Name): Subject["kind"] => subjects[name].kind

/** Whether the fault happens to the first attempt alone, or to every one. */
export type Mode = "once" | "for ever"

/** What became of one call under one fault. */
export interface Cell {
  readonly call: Name
  readonly fault: string
  readonly mode: Mode
  /** Requests that were made. */
  readonly attempts: number
  /** How often the hub has done what was asked for. */
  readonly done: number
  /** Nothing when the call ended well. */
  readonly error: Failure | undefined
}

/** How the calls of a matrix reach the hub. */
interface Way {
  readonly hub: Hub
  readonly http: Layer.Layer<HttpClient.HttpClient>
  readonly settings?: Pick<AngoConfig.Options, "deadline" | "idleTimeout">
  readonly baseDelay?: "5 millis"
  /** The next call begins when nothing of the one before is left: no pause, no used-up quota. */
  readonly rest: "10 minutes" | 0
}

// A client of its own for each call: when the hub refuses one (429), all calls of a client wait.
const clientOf = ({ baseDelay, http, hub, settings }: Way) =>
  Layer.build(
    Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl, ...settings }).pipe(
      Layer.provide(http),
      Layer.provide(RateLimit.layerOff),
      Layer.provide(RetryPolicy.layer(baseDelay === undefined ? {} : { baseDelay })),
      Layer.orDie
    )
  )

const cellOf = (hub: Hub, call: Name, fault: string, mode: Mode, one: Faults.Fault) =>
  Effect.gen(function* () {
    const trial = (subjects[call] as Subject).prepare(hub, `${mode} ${fault}`.replaceAll(" ", "-"))
    const asked = Effect.map(hub.faults.log, (log) => count(log, ({ operation }) => operation === call))
    yield* hub.faults.on(call, mode === "once" ? one : Faults.repeat(one))
    const before = yield* asked
    const outcome = yield* Effect.either(trial.call)
    return {
      call,
      fault,
      mode,
      attempts: (yield* asked) - before,
      done: trial.done(),
      error: Either.isLeft(outcome) ? outcome.left : undefined
    }
  })

/** These calls under each of these faults. */
export const cellsBy = (
  way: Way,
  mode: Mode,
  faults: Readonly<Record<string, Faults.Fault>>,
  calls: ReadonlyArray<Name> = names
): Effect.Effect<ReadonlyArray<Cell>> => {
  const rowOf = (call: Name) =>
    Effect.forEach(Object.entries(faults), ([name, fault]) =>
      Effect.zipLeft(cellOf(way.hub, call, name, mode, fault), Effect.sleep(way.rest))
    )
  return Effect.forEach(
    calls,
    (call) => Effect.flatMap(clientOf(way), (client) => Effect.provide(rowOf(call), client)),
    { concurrency: "unbounded" }
  ).pipe(
    Effect.map((rows) => rows.flat()),
    Effect.scoped,
    Effect.withRandom(Random.make("a rainy day")),
    Logger.withMinimumLogLevel(LogLevel.None)
  )
}

/** The same in the process, on virtual time. */
export const cells = (
  mode: Mode,
  faults: Readonly<Record<string, Faults.Fault>>,
  calls?: ReadonlyArray<Name>
): Effect.Effect<ReadonlyArray<Cell>> =>
  Effect.flatMap(Emulator, (hub) => {
    const http = Layer.provide(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.Fetch, hub.fetch))
    return cellsBy({ hub, http, rest: "10 minutes" }, mode, faults, calls)
  }).pipe(Effect.provide(Emulator.layer({ tasks: 2 })), withoutWaiting)

/** "success", the tag of the error, or what an unknown outcome is made of. */
export const ending = ({ error }: Cell): string => {
  if (error === undefined) return "success"
  return error._tag === "AmbiguousOutcome" ? `unknown after ${error.cause._tag}` : error._tag
}

/** A cell in a line. */
export const tell = (cell: Cell): string =>
  `${cell.call} under ${cell.fault} ${cell.mode}: ${cell.attempts} sent, done ${cell.done}, ${ending(cell)}`
