// Watermarks are never later than when the hub received the request, whatever the rows say.
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
  /** When the row was updated, the Date header of the response, and how long the hub takes. */
  readonly updatedAt: string
  readonly date?: string
  readonly takes?: "5 minutes"
}

/** A hub with one task; `asked` lists the instants after which changes were requested. */
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
  /** Runs an effect against a slow hub. */
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
const future: Hub = { updatedAt: "2099-01-01T00:00:00.000Z", date: "2026-01-01T02:00:00.000Z" }
const undated: Hub = { updatedAt: "2026-01-01T01:00:00.000Z" }

it.scoped("an update includes changes made while the hub made the previous export", () =>
  Effect.gen(function* () {
    const { asked, client, hubs, slowly } = makeHub()
    const directory = yield* folder
    const update = Effect.flatMap(Exports, (exports) => exports.update(projectId, `${directory}/file`)).pipe(
      Effect.provide(client)
    )
    hubs.push(slow, undated, future)
    yield* slowly(update)
    yield* update
    // A row from the future does not hide earlier changes.
    yield* update
    expect(JSON.parse(textAt(directory, "file.watermark")).updatedAt).toBe("2026-01-01T02:00:00.000Z")
    expect(asked).toEqual([undefined, "2026-01-01T00:05:00.000Z", "2026-01-01T00:59:00.000Z"])
    writeFileSync(`${directory}/file`, "")
    yield* update
    expect(asked.at(-1)).toBe(undefined)
  })
)

it.scoped("a resumed export keeps the time of its request", () =>
  Effect.gen(function* () {
    const { asked, client, hubs, slowly } = makeHub()
    const directory = yield* folder
    const update = Effect.flatMap(Exports, (exports) =>
      exports.update(projectId, `${directory}/file`, { maxRowBytes: 10 })
    )
    hubs.push(slow, undated)
    const error = yield* Effect.flip(slowly(Effect.provide(update, client)))
    expect(error).toMatchObject({ _tag: "ArchiveError", reason: "row-too-large" })
    const again = Effect.flatMap(Exports, (exports) => exports.update(projectId, `${directory}/file`))
    expect(yield* Effect.provide(again, client)).toMatchObject({ resumed: true })
    yield* Effect.provide(again, client)
    expect(asked).toEqual([undefined, "2026-01-01T00:05:00.000Z"])
  })
)

it.scoped("changes include those made while the hub made the previous export", () =>
  Effect.gen(function* () {
    const { asked, client, hubs, slowly } = makeHub()
    const take = (from?: string) =>
      Effect.flatMap(Exports, (exports) =>
        exports.changes(projectId, () => Effect.void, { checkpoint: from })
      ).pipe(Effect.provide(client))
    hubs.push(slow, future, { updatedAt: "2026-01-01T02:00:00.000Z" })
    const first = yield* slowly(take())
    const second = yield* take(first.checkpoint)
    yield* take(second.checkpoint)
    expect(asked).toEqual([undefined, "2026-01-01T00:05:00.000Z", "2026-01-01T01:59:00.000Z"])
  })
)
