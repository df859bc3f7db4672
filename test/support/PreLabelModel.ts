// Imports of pre-labels into the embedded hub, with random faults and kills from a seed, while annotators work.
import { FetchHttpClient, KeyValueStore } from "@effect/platform"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { PCGRandom } from "effect/Utils"
import {
  Ango,
  type AngoError,
  Annotations,
  type LabelImport,
  Ledger,
  RateLimit,
  RetryPolicy,
  type RowOutcome
} from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

/** The number of assets of the hub. */
export const size = 24

/** A row: its asset (some do not exist, two have the same external id), its content, and whether its object has an id. */
export interface Row {
  readonly asset: number
  readonly x: number
  readonly hasId: boolean
  readonly isBad: boolean
}

export interface History {
  readonly rows: ReadonlyArray<Row>
  readonly chunk: number
  readonly concurrency: number
  readonly seed: number
  /** The share of requests that fail, 0 to 1. */
  readonly weather: number
  /** For each run that is killed: the number of requests and ledger writes before that. */
  readonly deaths: ReadonlyArray<number>
}

const row = FastCheck.record({
  asset: FastCheck.nat(size + 1),
  x: FastCheck.integer({ min: 1, max: 3 }),
  hasId: FastCheck.boolean(),
  isBad: FastCheck.constantFrom(false, false, false, false, false, false, true)
})

export const histories: FastCheck.Arbitrary<History> = FastCheck.record({
  rows: FastCheck.array(row, { minLength: 5, maxLength: 30 }),
  chunk: FastCheck.integer({ min: 1, max: 10 }),
  concurrency: FastCheck.integer({ min: 1, max: 3 }),
  seed: FastCheck.nat(),
  weather: FastCheck.constantFrom(0, 0.15, 0.4),
  deaths: FastCheck.array(FastCheck.nat(25), { maxLength: 2 })
})

type Outcome = RowOutcome.RowOutcome<unknown, AngoError.AngoError>

interface Entry {
  readonly externalId: string
  readonly objects: ReadonlyArray<{ readonly "bounding-box": { readonly x: number } }>
}

/** The outcomes of one run, and the rows of the hub before and after it. */
export interface RunReport {
  readonly end: "whole" | "failed" | "dead"
  readonly outcomes: ReadonlyArray<Outcome>
  readonly before: ReadonlySet<Row>
  readonly after: ReadonlySet<Row>
}

/** Runs a history; `stored` is how often the hub has accepted each content of each asset. */
export const play = (history: History) =>
  Effect.gen(function* () {
    const hub = yield* Emulator
    const stored = hub.state.projects.get(projectId)
    if (stored === undefined) return yield* Effect.dieMessage("the seed has no first project")
    const random = new PCGRandom(history.seed)
    const [twin, other] = stored.assets
    if (twin !== undefined && other !== undefined)
      stored.assets[1] = { ...other, externalId: twin.externalId ?? "" }
    const names = [...stored.assets.map(({ externalId }) => externalId ?? ""), "nobody", "no one"]
    const start = stored.project.stages?.find(({ type }) => type === "Start")?.id ?? "Start"
    const label = stored.project.stages?.find(({ type }) => type === "Label")?.id ?? "Label"
    stored.tasks.forEach((task, at) => {
      stored.tasks[at] = { ...task, stage: at % 6 === 5 ? label : start }
    })
    stored.assets.forEach((asset, at) => {
      stored.assets[at] = {
        ...asset,
        isPreLabeled: at % 4 === 3,
        labelTasks: (asset.labelTasks ?? []).map((task) => ({ ...task, stageHistory: [] }))
      }
    })
    // The position of a box encodes the content of its row.
    const placeOf = ({ hasId, isBad, x }: Row): number => x * 4 + Number(hasId) * 2 + Number(isBad)
    const entryOf = (row: Row): LabelImport.LabelImport => ({
      externalId: names[row.asset] ?? "",
      objects: [
        {
          title: row.isBad ? "Vehicel" : "Vehicle",
          ...(row.hasId ? { objectId: `v${row.x}` } : {}),
          "bounding-box": { x: placeOf(row), y: 1, width: 10, height: 10 }
        }
      ]
    })
    const tasksOf = (name: string) =>
      stored.assets.flatMap(({ externalId, labelTasks }) =>
        externalId === name ? (labelTasks ?? []).flatMap(({ _id }) => _id ?? []) : []
      )
    const boxes = (taskId: string): ReadonlyArray<number> =>
      (hub.state.answers.get(taskId)?.tools ?? []).map((tool) => Object(tool)["bounding-box"]?.x)
    const held = () =>
      new Set(
        history.rows.filter((row) => {
          const tasks = tasksOf(names[row.asset] ?? "")
          return (
            tasks.length > 0 && tasks.every((id) => boxes(id).length === 1 && boxes(id)[0] === placeOf(row))
          )
        })
      )
    const times = new Map<string, number>()
    const disk = new Map<string, string>()

    // An annotator starts a task, which the hub does not pre-label from then on.
    const work = () => {
      const at = Math.floor(random.number() * stored.tasks.length)
      const task = stored.tasks[at]
      if (task !== undefined && random.number() < 0.1) stored.tasks[at] = { ...task, stage: label }
    }

    const run = (weather: number, death: number | undefined): Effect.Effect<RunReport> =>
      Effect.gen(function* () {
        const dead = yield* Deferred.make<void>()
        const before = held()
        let steps = 0
        const isDead = (): boolean => {
          if (death === undefined || steps < death) {
            steps++
            return false
          }
          Effect.runSync(Deferred.succeed(dead, undefined))
          return true
        }
        const never = () => new Promise<never>(() => {})

        const reach = async (request: Request): Promise<Response> => {
          if (!request.url.endsWith("/import/labels")) return hub.fetch(request)
          const body = await request.clone().json()
          const half = random.number() < weather / 2
          const content: ReadonlyArray<Entry> = body.jsonContent.filter(() => !half || random.number() < 0.5)
          if (content.length === 0)
            return Response.json({ status: "success", data: { project: "0 / 1 tasks" } })
          work()
          for (const { externalId, objects } of content) {
            const isStart = tasksOf(externalId).some(
              (id) => stored.tasks.find(({ _id }) => _id === id)?.stage === start
            )
            const name = `${externalId} ${objects[0]?.["bounding-box"].x}`
            if (isStart) times.set(name, (times.get(name) ?? 0) + 1)
          }
          return hub.fetch(
            new Request(request.url, {
              method: "POST",
              headers: request.headers,
              body: JSON.stringify({ ...body, jsonContent: content })
            })
          )
        }
        const fetch: typeof globalThis.fetch = async (input, init) => {
          const request = new Request(input, init)
          if (isDead()) {
            if (random.number() < 0.5) await reach(request)
            return never()
          }
          const luck = random.number()
          if (luck < weather / 6) throw new TypeError("reset")
          if (luck < weather / 3) return Response.json({ status: "fail" }, { status: 503 })
          const answer = await reach(request)
          if (luck < weather / 2) throw new TypeError("lost")
          return luck < weather / 1.5 ? Response.json({ status: "success", data: {} }) : answer
        }
        const store = KeyValueStore.makeStringOnly({
          get: (name) => Effect.sync(() => Option.fromNullable(disk.get(name))),
          set: (name, text) =>
            Effect.suspend(() => (isDead() ? Effect.never : Effect.sync(() => void disk.set(name, text)))),
          remove: () => Effect.void,
          clear: Effect.void,
          size: Effect.succeed(0)
        })
        const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
          Layer.provide(FetchHttpClient.layer),
          Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
          Layer.provide(RateLimit.layerOff),
          Layer.provide(RetryPolicy.layer({ attempts: 1 }))
        )
        const outcomes: Array<Outcome> = []
        const importing = Effect.gen(function* () {
          const annotations = yield* Annotations
          yield* annotations
            .importLabels(projectId, Stream.fromIterable(history.rows.map(entryOf)), {
              chunk: history.chunk,
              concurrency: history.concurrency,
              ledger: Ledger.make(store, "model"),
              incomplete: true
            })
            .pipe(Stream.runForEach((outcome) => Effect.sync(() => void outcomes.push(outcome))))
        }).pipe(
          Effect.provide(client),
          Effect.match({ onSuccess: () => "whole" as const, onFailure: () => "failed" as const })
        )
        const fiber = yield* Effect.forkDaemon(importing)
        const end = yield* Effect.raceFirst(
          Fiber.join(fiber),
          Effect.as(Deferred.await(dead), "dead" as const)
        )
        yield* Fiber.interruptFork(fiber)
        return { end, outcomes: [...outcomes], before, after: held() }
      })

    const runs: Array<RunReport> = []
    for (const death of history.deaths) runs.push(yield* run(history.weather, death))
    runs.push(yield* run(history.weather, undefined))
    for (let more = 0; more < 2; more++) runs.push(yield* run(0, undefined))
    return { runs, times }
  }).pipe(Effect.provide(Emulator.layer({ tasks: size })))
