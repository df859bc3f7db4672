// Every public function of the vendor's Python client against `npm run hub`: what it did is read back in another way,
// through our client. See README.md.
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { Ango, Drift, Projects, RateLimit } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { assets } from "./cases/assets.js"
import { batches } from "./cases/batches.js"
import { type Call, type Cases, Run } from "./cases/case.js"
import { exports } from "./cases/exports.js"
import { issues } from "./cases/issues.js"
import { models, organizations, storages } from "./cases/organizations.js"
import { metrics, projects } from "./cases/projects.js"
import { tasks } from "./cases/tasks.js"
import { faults, furtherFaults } from "./faults.js"
import * as Hub from "./hubProcess.js"
import * as Python from "./pythonClient.js"

const services = {
  projects,
  metrics,
  batches,
  assets,
  tasks,
  exports,
  issues,
  organizations,
  models,
  storages
}

const cases: Cases = Object.assign({}, ...Object.values(services))

describe("the cases", () => {
  it("are one per function", () => {
    const names = Object.values(services).flatMap((group) => Object.keys(group))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})

describe.each(Python.versions.map((version) => ({ version })))("imerit-ango $version", ({ version }) => {
  if (Python.isSkipped(version)) {
    console.warn(`imerit-ango ${version} is skipped: ${Python.missing}`)
    it.skip(Python.missing, () => {})
    return
  }

  const scope = Effect.runSync(Scope.make())
  let python: Python.PythonClient
  let known: ReadonlyMap<string, ReadonlyArray<string>> = new Map()
  let layer: Layer.Layer<Ango.Services | Run> = Layer.die("not started")
  const passed = new Set<string>()

  beforeAll(async () => {
    const path = Python.pythonOf(version)
    if (path === undefined) throw new Error(Python.missing)
    const folder = await mkdtemp(join(tmpdir(), "interop-"))
    await Effect.runPromise(
      Scope.addFinalizer(
        scope,
        Effect.promise(() => rm(folder, { recursive: true }))
      )
    )
    const start = Effect.gen(function* () {
      const hub = yield* Hub.start
      python = yield* Python.start(path)
      yield* python.connect(hub)
      known = yield* python.functions
      const client = Ango.layer({ apiKey: Redacted.make(hub.key), baseUrl: hub.baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(RateLimit.layerOff),
        Layer.provide(Drift.layerOff),
        Layer.orDie
      )
      const { organization } = yield* Effect.provide(
        Effect.flatMap(Projects, (service) => service.get(AngoTest.projectId)),
        client
      )
      layer = Layer.merge(
        client,
        Layer.succeed(Run, {
          baseUrl: hub.baseUrl,
          key: hub.key,
          seeded: AngoTest.projectId,
          organization: String(organization),
          folder
        })
      )
    })
    await Effect.runPromise(Scope.extend(start, scope))
  }, 60_000)

  afterAll(async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    const names = [...known.keys()]
    const count = `${names.filter((name) => passed.has(name)).length} of ${names.length}`
    process.stdout.write(`\nimerit-ango ${version} against npm run hub: ${count}\n`)
    const named = [...faults.map(({ name }) => name), ...furtherFaults]
    for (const name of named) process.stdout.write(`  not counted, a fault of that client: ${name}\n`)
  })

  const callOf =
    (name: string) =>
    (count: () => void): Call =>
      Object.assign(
        (args: ReadonlyArray<unknown>, kwargs?: Readonly<Record<string, unknown>>) => {
          count()
          return python.call(name, args, kwargs)
        },
        { accepts: (parameter: string) => known.get(name)?.includes(parameter) === true }
      )

  it("has a case for every public function", () => {
    expect(known.size).toBeGreaterThan(0)
    expect([...known.keys()].filter((name) => !(name in cases))).toEqual([])
  })

  it.each(Object.entries(cases))("%s", async (name, run) => {
    if (!known.has(name)) return
    let calls = 0
    const call = callOf(name)(() => calls++)
    await Effect.runPromise(Effect.provide(run(call), layer))
    expect(calls, "the case calls its function").toBeGreaterThan(0)
    passed.add(name)
  })

  it.each(faults)("has the fault: $name", async ({ function: name, show }) => {
    if (known.has(name)) await Effect.runPromise(Effect.provide(show(callOf(name)(() => {})), layer))
  })
})
