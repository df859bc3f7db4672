// Import of conversations as assets.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Assets, Batches, type ChatImport, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { requests } from "../support/Requests.js"

const { projectId } = AngoTest

describe("importChat", () => {
  const chat = (input: ChatImport) => Effect.flatMap(Assets, (assets) => assets.importChat(projectId, input))
  const message = { id: "1", content: "Why do cats purr?", user: { role: "user", id: "ask@example.com" } }
  const newest = Effect.flatMap(Assets, (assets) =>
    Effect.map(assets.page(projectId, { limit: 10 }), ({ items }) => items)
  )

  it.effect("creates as many assets as empty conversations are requested", () =>
    Effect.gen(function* () {
      expect(yield* chat({ count: 3, priority: 5 })).toEqual({ assetsCreated: 3 })
      const tasks = yield* Effect.flatMap(Tasks, (service) => service.page(projectId, { limit: 3 }))
      expect(tasks.items.map(({ priority }) => priority)).toEqual([5, 5, 5])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    ["a list", { conversations: [{ messages: [message] }, { messages: [] }] }],
    [
      "a file, which takes precedence over the count,",
      {
        count: 7,
        file: new File([JSON.stringify([{ messages: [message] }, { messages: [] }])], "c.json", {
          type: "application/json"
        })
      }
    ]
  ] as const)("imports %s of conversations, and stores each as a file", ([, input]) =>
    Effect.gen(function* () {
      const [hub, batches] = yield* Effect.all([Emulator, Batches])
      yield* batches.create(projectId, "Talks")
      expect(yield* chat({ ...input, batches: ["Talks"] })).toEqual({ assetsCreated: 2 })
      const assets = (yield* newest).filter((asset) => asset.batches?.includes("Talks"))
      expect(assets).toHaveLength(2)
      const files = [...hub.state.files].map(([path, file]) => [path, new TextDecoder().decode(file.content)])
      expect(files.map(([, text]) => text)).toEqual([
        JSON.stringify({ messages: [message] }),
        '{"messages":[]}'
      ])
      expect(assets.every(({ data }) => files.some(([path]) => data?.endsWith(`/${path}`)))).toBe(true)
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect.each([
    [{}, "count", "a file, conversations, or a count"],
    [{ count: 0 }, "count", "1 to 10000 conversations, got 0"],
    [{ count: 10_001 }, "count", "1 to 10000 conversations"],
    [{ conversations: [] }, "conversations", "at least one conversation"],
    [
      { conversations: [{ messages: [] }], file: new File([], "c.json") },
      "conversations",
      "either a file or"
    ],
    [{ count: 1, priority: 2000 }, "priority", "an integer from -1000 to 1000"],
    [{ count: 1, storage: "a/b" }, "storageId", "an id of"]
  ] as const)("%j is refused before any request", ([input, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(chat(input))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter, operation: "assets.importChat" })
      expect(error.message).toContain(allowed)
      expect(yield* requests).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer()))
  )

  it.effect("reports the vendor's message about an invalid file", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(chat({ file: new File(["not json"], "c.json") }))
      expect(error).toMatchObject({
        _tag: "BadRequest",
        status: 400,
        vendorMessage: "Invalid conversation file."
      })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
