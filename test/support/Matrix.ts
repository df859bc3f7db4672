// Calls of every class under every fault: requests sent, result, and the state of the hub afterwards.
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

/** A call to run, and how often the hub has applied it. */
interface Trial {
  readonly call: Effect.Effect<unknown, Failure, Ango.Services>
  readonly done: () => number
}

/** A call of the matrix; `prepare` makes a new one of its kind. */
interface Subject {
  readonly kind: "read" | "set" | "delete" | "create"
  readonly prepare: (hub: Hub, name: string) => Trial
}

const count = <A>(all: Iterable<A>, is: (one: A) => boolean): number => Array.from(all).filter(is).length

const orThrow = <A>(one: A | null | undefined): A => {
  if (one === undefined || one === null) throw new Error("the hub has none")
  return one
}

const project = ({ state }: Hub) => orThrow(state.projects.get(projectId))
const task = (hub: Hub) => orThrow(project(hub).tasks[0])

/** Two reads, two idempotent writes, two deletes and four creates. */
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
      const user = orThrow(
        hub.state.organization.members.find(({ email }) => email !== task(hub).assignee)
      ).email
      const options = { tasks: [_id], stage: orThrow(stage), user }
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
      const { files, storage } = orThrow(like)
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
      issues.set(name, { ...orThrow(like), _id: name, labelTask: task(hub)._id, project: projectId })
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
      // Rows that allow duplicates are not read back: only the write is sent.
      call: bareImport(projectId, [{ data: "https://files.example/a.jpg", externalId: name }]),
      done: () => count(project(hub).assets, ({ externalId }) => externalId === name)
    })
  },
  "batches.update": {
    kind: "create",
    prepare: (hub, name) => ({
      // `create` reads the result back and repeats the write; `replace` only sends the write.
      call: Effect.flatMap(Batches, (batches) => batches.replace(projectId, [{ name }])),
      done: () => count(project(hub).project.batches ?? [], (batch) => batch.name === name)
    })
  }
} as const satisfies Record<string, Subject>

export type Name = keyof typeof subjects
export const names = Object.keys(subjects) as ReadonlyArray<Name>
export const kindOf = (name: Name): Subject["kind"] => subjects[name].kind

/** Whether the fault happens on the first attempt only, or on every one. */
export type Mode = "once" | "always"

/** The result of one call under one fault. */
export interface Cell {
  readonly call: Name
  readonly fault: string
  readonly mode: Mode
  /** Requests sent. */
  readonly attempts: number
  /** How often the hub has applied the call. */
  readonly done: number
  /** `undefined` after success. */
  readonly error: Failure | undefined
}

/** How the calls reach the hub. */
interface Route {
  readonly hub: Hub
  readonly http: Layer.Layer<HttpClient.HttpClient>
  readonly settings?: Pick<AngoConfig.Options, "deadline" | "idleTimeout">
  readonly baseDelay?: "5 millis"
  /** Time between calls, until no pause or used quota is left of the previous one. */
  readonly rest: "10 minutes" | 0
}

// A client per call: a 429 pauses all calls of a client.
const clientOf = ({ baseDelay, http, hub, settings }: Route) =>
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
    const sentRequests = Effect.map(hub.faults.log, (log) =>
      count(log, ({ operation }) => operation === call)
    )
    yield* hub.faults.on(call, mode === "once" ? one : Faults.repeat(one))
    const before = yield* sentRequests
    const outcome = yield* Effect.either(trial.call)
    return {
      call,
      fault,
      mode,
      attempts: (yield* sentRequests) - before,
      done: trial.done(),
      error: Either.isLeft(outcome) ? outcome.left : undefined
    }
  })

/** Runs calls under each of the faults. */
export const cellsBy = (
  route: Route,
  mode: Mode,
  faults: Readonly<Record<string, Faults.Fault>>,
  calls: ReadonlyArray<Name> = names
): Effect.Effect<ReadonlyArray<Cell>> => {
  const rowOf = (call: Name) =>
    Effect.forEach(Object.entries(faults), ([name, fault]) =>
      Effect.zipLeft(cellOf(route.hub, call, name, mode, fault), Effect.sleep(route.rest))
    )
  return Effect.forEach(
    calls,
    (call) => Effect.flatMap(clientOf(route), (client) => Effect.provide(rowOf(call), client)),
    { concurrency: "unbounded" }
  ).pipe(
    Effect.map((rows) => rows.flat()),
    Effect.scoped,
    Effect.withRandom(Random.make("fault matrix")),
    Logger.withMinimumLogLevel(LogLevel.None)
  )
}

/** Runs calls against an embedded hub, on virtual time. */
export const cells = (
  mode: Mode,
  faults: Readonly<Record<string, Faults.Fault>>,
  calls?: ReadonlyArray<Name>
): Effect.Effect<ReadonlyArray<Cell>> =>
  Effect.flatMap(Emulator, (hub) => {
    const http = Layer.provide(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.Fetch, hub.fetch))
    return cellsBy({ hub, http, rest: "10 minutes" }, mode, faults, calls)
  }).pipe(Effect.provide(Emulator.layer({ tasks: 2 })), withoutWaiting)

/** `success`, the tag of the error, or `unknown after` the tag of the last failure. */
export const ending = ({ error }: Cell): string => {
  if (error === undefined) return "success"
  return error._tag === "AmbiguousOutcome" ? `unknown after ${error.cause._tag}` : error._tag
}

/** Formats a cell as a line. */
export const formatCell = (cell: Cell): string =>
  `${cell.call} under ${cell.fault} ${cell.mode}: ${cell.attempts} sent, done ${cell.done}, ${ending(cell)}`
