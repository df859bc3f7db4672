// Up to when changes are known: not later than the hub was asked, whatever the rows tell.
import { writeFileSync } from "node:fs"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Ango, Exports } from "effect-ango"
import { archiveOf } from "../support/Archives.js"
import { folder, textAt } from "../support/Folder.js"

const projectId = "65aa0000000000000000a001"

interface Hub {
  /** When the row was updated, and when the hub says that it answers, after so much time. */
  readonly updatedAt: string
  readonly date?: string
  readonly takes?: "5 minutes"
}

/** A hub with one task, and the instants after which it was asked for changes. */
const makeHub = () => {
  const asked: Array<string | undefined> = []
  const hubs: Array<Hub> = []
  let hub: Hub = { updatedAt: "" }
  let release = () => {}
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(new Request(input, init).url)
    if (url.host === "storage.example") {
      const row = { assetId: "a", task: { taskId: "t", updatedAt: hub.updatedAt } }
      return new Response(archiveOf([{ name: "a", text: JSON.stringify(row) }]) as BodyInit)
    }
    hub = hubs.shift() ?? hub
    const condition = url.searchParams.get("updatedAt")
    asked.push(condition === null ? undefined : JSON.parse(condition).$gt)
    if (hub.takes !== undefined) {
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const data = { exportPath: "https://storage.example/1.zip" }
    return Response.json(
      { status: "success", data },
      { headers: hub.date === undefined ? {} : { date: new Date(hub.date).toUTCString() } }
    )
  }
  const client = Ango.layer({ apiKey: Redacted.make("k"), deadline: "1 hour", idleTimeout: "1 hour" }).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)),
    Layer.orDie,
    Layer.merge(NodeFileSystem.layer)
  )
  /** Runs an effect at a hub that takes its time. */
  const slowly = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const seen = asked.length
      const fiber = yield* Effect.fork(effect)
      while (asked.length === seen) yield* Effect.promise(() => new Promise((go) => setTimeout(go, 1)))
      yield* TestClock.adjust("5 minutes")
      release()
      return yield* Fiber.join(fiber)
    })
  return { asked, hubs, client, slowly }
}

const slow: Hub = {
  updatedAt: "2026-01-01T00:10:00.000Z",
  date: "2026-01-01T00:11:00.000Z",
  takes: "5 minutes"
}
const fromNowOn: Hub = { updatedAt: "2099-01-01T00:00:00.000Z", date: "2026-01-01T02:00:00.000Z" }
const silent: Hub = { updatedAt: "2026-01-01T01:00:00.000Z" }

it.scoped("a file is asked for what changed while the hub made the export before", () =>
  Effect.gen(function* () {
    const { asked, client, hubs, slowly } = makeHub()
    const directory = yield* folder
    const update = Effect.flatMap(Exports, (exports) => exports.update(projectId, `${directory}/file`)).pipe(
      Effect.provide(client)
    )
    hubs.push(slow, silent, fromNowOn)
    yield* slowly(update)
    yield* update
    // A row from the future does not hide what comes before.
    yield* update
    expect(JSON.parse(textAt(directory, "file.watermark")).updatedAt).toBe("2026-01-01T02:00:00.000Z")
    expect(asked).toEqual([undefined, "2026-01-01T00:05:00.000Z", "2026-01-01T00:59:00.000Z"])
    writeFileSync(`${directory}/file`, "")
    yield* update
    expect(asked.at(-1)).toBe(undefined)
  })
)

it.scoped("a run that goes on with an export knows when it was begun", () =>
  Effect.gen(function* () {
    const { asked, client, hubs, slowly } = makeHub()
    const directory = yield* folder
    const update = Effect.flatMap(Exports, (exports) =>
      exports.update(projectId, `${directory}/file`, { maxRowBytes: 10 })
    )
    hubs.push(slow, silent)
    const error = yield* Effect.flip(slowly(Effect.provide(update, client)))
    expect(error).toMatchObject({ _tag: "ArchiveError", reason: "row-too-large" })
    const again = Effect.flatMap(Exports, (exports) => exports.update(projectId, `${directory}/file`))
    expect(yield* Effect.provide(again, client)).toMatchObject({ resumed: true })
    yield* Effect.provide(again, client)
    expect(asked).toEqual([undefined, "2026-01-01T00:05:00.000Z"])
  })
)

it.scoped("changes are asked for in the same way", () =>
  Effect.gen(function* () {
    const { asked, client, hubs, slowly } = makeHub()
    const take = (from?: string) =>
      Effect.flatMap(Exports, (exports) =>
        exports.changes(projectId, () => Effect.void, { checkpoint: from })
      ).pipe(Effect.provide(client))
    hubs.push(slow, fromNowOn, silent)
    const first = yield* slowly(take())
    const second = yield* take(first.checkpoint)
    yield* take(second.checkpoint)
    expect(asked).toEqual([undefined, "2026-01-01T00:05:00.000Z", "2026-01-01T01:59:00.000Z"])
  })
)
