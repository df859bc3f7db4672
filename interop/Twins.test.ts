// The vendor's client and ours do the same job on equal hubs, and each request is recorded: they mean the same, but for
// the differences that docs/api-notes.md lists with their reasons. See README.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestContext from "effect/TestContext"
import { Ango, Drift, RateLimit, RetryPolicy } from "effect-ango"
import { make } from "../src/emulator/Emulator.js"
import { golden } from "../test/support/Wire.js"
import * as Python from "./pythonClient.js"
import { literals } from "./twins/literals.js"
import { differences, toMeaning } from "./twins/meaning.js"
import * as Recorder from "./twins/recorder.js"
import { hubOptions, type Seeds, seedsOf, type Twin } from "./twins/twin.js"
import { nameOf, twins, withoutTwin } from "./twins/twins.js"

const [version] = Python.versions
const path = Python.pythonOf(version)
const isSkipped = Python.isSkipped(version)
const note = isSkipped ? ` (skipped: ${Python.missing})` : ""

const file = `python-${version}`
// INTEROP_UPDATE=1 writes the literals anew (read them before they are committed), and the differences into out/.
const isUpdate = Boolean(process.env["INTEROP_UPDATE"])

describe.skipIf(isSkipped)(`twins on the wire, imerit-ango ${version}${note}`, () => {
  const scope = Effect.runSync(Scope.make())
  const folder = mkdtempSync(join(tmpdir(), "twins-"))
  const recorded = new Map<string, string>()
  const differing = new Map<string, ReadonlyArray<string>>()
  let python: Python.PythonClient
  let recorder: Recorder.Recorder

  const clientOf = (hub: { readonly apiKey: Redacted.Redacted; readonly baseUrl: string }) =>
    Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(RateLimit.layerOff),
      Layer.provide(RetryPolicy.layer({ attempts: 1 })),
      Layer.provide(Drift.layerOff),
      Layer.orDie
    )

  /** What one side sends to a hub of its own, whose clock stands still. */
  const record = (
    { arrange }: Twin,
    side: (seeds: Seeds, made: string) => Effect.Effect<unknown, unknown, Ango.Services>
  ) =>
    Effect.gen(function* () {
      const hub = yield* Effect.provide(
        make({ ...hubOptions, baseUrl: `${recorder.host}/v2` }),
        TestContext.TestContext
      )
      yield* python.connect({ key: Redacted.value(hub.apiKey), host: recorder.host })
      const seeds = seedsOf(hub, folder)
      const job = Effect.gen(function* () {
        recorder.record(hub.fetch)
        const made = yield* arrange(seeds)
        const requests = recorder.record(hub.fetch)
        yield* side(seeds, made)
        return requests
      })
      return yield* Effect.provide(job, clientOf(hub))
    }).pipe(Effect.scoped)

  beforeAll(async () => {
    if (path === undefined) throw new Error(Python.missing)
    writeFileSync(join(folder, "guide.pdf"), "%PDF-1.7 how to label")
    writeFileSync(join(folder, "crane.png"), "not really a picture")
    writeFileSync(
      join(folder, "talks.json"),
      '[{"messages":[{"id":"1","content":"Hello","user":{"role":"user","id":"a@example.com"}}]}]'
    )
    const start = Effect.all([Python.start(path), Recorder.start])
    ;[python, recorder] = await Effect.runPromise(Scope.extend(start, scope))
  }, 60_000)

  afterAll(async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    rmSync(folder, { recursive: true })
    if (isUpdate) {
      const text = Array.from(recorded, ([name, block]) => `### request: ${name}\n${block}\n`).join("\n")
      writeFileSync(new URL(`../test/wire/${file}.http`, import.meta.url), text)
      const lines = JSON.stringify(Object.fromEntries(differing), undefined, 2)
      mkdirSync(new URL("../out", import.meta.url), { recursive: true })
      writeFileSync(new URL("../out/differences.json", import.meta.url), lines)
    }
  })

  it("cover every function", async () => {
    const functions = [...(await Effect.runPromise(python.functions)).keys()]
    const covered = new Set([...twins.map((twin) => twin.function), ...Object.keys(withoutTwin)])
    expect([...covered].toSorted()).toEqual(functions.toSorted())
  })

  it.each(twins.map((twin) => [nameOf(twin), twin] as const))("%s", async (name, twin) => {
    const call = (args: ReadonlyArray<unknown>, kwargs?: Readonly<Record<string, unknown>>) =>
      python.call(twin.function, args, kwargs)
    const theirs = await Effect.runPromise(record(twin, (seeds, made) => twin.python(call, seeds, made)))
    const ours = await Effect.runPromise(record(twin, twin.ours))
    expect(theirs.length).toBeGreaterThan(0)
    const found = differences(
      await Promise.all(theirs.map(toMeaning)),
      await Promise.all(ours.map(toMeaning))
    )
    const blocks = literals(name, theirs)
    for (const [block, text] of blocks) recorded.set(block, text)
    if (isUpdate) differing.set(name, found)
    expect(found.toSorted()).toEqual(Object.keys(twin.differs).toSorted())
    if (isUpdate) return
    const { requests } = golden(file)
    expect(blocks.map(([block]) => [block, requests.get(block)])).toEqual(blocks)
  })

  it.skipIf(isUpdate)("are the recorded requests, and no others", () => {
    expect([...golden(file).requests.keys()]).toEqual([...recorded.keys()])
  })
})
