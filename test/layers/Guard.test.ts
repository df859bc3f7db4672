// Read-only clients and dry runs, for every operation.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango, Guard, Llms, Projects, RateLimit, Storages, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { operations } from "../../src/api/operations.js"
import { sendThrough, startedCall } from "../support/Transport.js"

const over = <Extra>(guard: Layer.Layer<Extra>) =>
  Layer.unwrapEffect(
    Effect.map(Emulator, (hub) =>
      Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.Fetch, hub.fetch)),
        Layer.provide(RateLimit.layerOff)
      )
    )
  ).pipe(Layer.provideMerge(Layer.merge(guard, Emulator.layer({ tasks: 5 }))))

const create = Effect.flatMap(Projects, (projects) => projects.create({ name: "Cats", description: "Soft" }))

describe("a read-only client", () => {
  it.effect("sends reads", () =>
    Effect.gen(function* () {
      const tasks = yield* Tasks
      expect((yield* tasks.page(AngoTest.projectId)).items).toHaveLength(5)
    }).pipe(Effect.provide(over(Guard.layerReadOnly)))
  )

  it.effect("fails a write before any request, and reports why", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(create)
      expect(error).toMatchObject({ _tag: "WriteBlocked", guard: "read-only", operation: "projects.create" })
      expect(error.message).toBe(
        "POST /project was not sent: it writes, and this client is read-only (Guard.layerReadOnly)."
      )
      expect(yield* Effect.flatMap(Emulator, (hub) => hub.requests())).toEqual([])
    }).pipe(Effect.provide(over(Guard.layerReadOnly)))
  )

  it.effect("still reports an invalid input", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      expect(yield* Effect.flip(projects.delete("../x"))).toMatchObject({ _tag: "InvalidRequest" })
    }).pipe(Effect.provide(over(Guard.layerReadOnly)))
  )

  it.effect.each(Object.values(operations))("sends only reads: $name", (operation) =>
    Effect.gen(function* () {
      const sent: Array<string> = []
      const client = HttpClient.make((request) =>
        Effect.sync(() => {
          sent.push(request.url)
          return HttpClientResponse.fromWeb(request, new Response())
        })
      )
      const send = yield* sendThrough(client, { guard: "read-only" })
      const exit = yield* Effect.exit(
        send(startedCall(operation), HttpClientRequest.get("https://hub.example/v2/x"))
      )
      expect([exit._tag, sent.length]).toEqual(operation.repeat === "safe" ? ["Success", 1] : ["Failure", 0])
    })
  )
})

describe("a dry run", () => {
  it.effect("records writes as data and sends reads", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const projects = yield* Projects
      yield* projects.get(AngoTest.projectId)
      const error = yield* Effect.flip(create)
      expect(error).toMatchObject({ _tag: "WriteBlocked", guard: "dry-run" })
      expect(error.message).toContain("recorded it as number 1 (Guard.DryRun)")
      yield* Effect.flip(projects.delete(AngoTest.projectId))
      yield* Effect.flip(
        projects.uploadInstructions(AngoTest.projectId, {
          name: "rules.txt",
          content: new TextEncoder().encode("Be kind.")
        })
      )
      expect(yield* Effect.flatMap(Guard.DryRun, ({ requests }) => requests)).toEqual([
        {
          operation: "projects.create",
          method: "POST",
          route: "/project",
          path: "/v2/project",
          query: {},
          body: { name: "Cats", description: "Soft" }
        },
        {
          operation: "projects.delete",
          method: "DELETE",
          route: "/project/{projectId}",
          path: `/v2/project/${AngoTest.projectId}`,
          query: {}
        },
        {
          operation: "projects.instructions",
          method: "POST",
          route: "/project/{projectId}/instructions",
          path: `/v2/project/${AngoTest.projectId}/instructions`,
          query: {},
          body: { form: ["file"] }
        }
      ])
      expect((yield* hub.requests()).map(({ operation }) => operation)).toEqual(["projects.get"])
    }).pipe(Effect.provide(over(Guard.layerDryRun)))
  )

  it.effect("records no secret of a body, wherever it is in it", () =>
    Effect.gen(function* () {
      const [llms, storages] = yield* Effect.all([Llms, Storages])
      yield* Effect.flip(
        llms.create({ name: "n", provider: "openai", model: "m", apiKey: Redacted.make("secret-0001") })
      )
      yield* Effect.flip(
        storages.create({
          name: "n",
          provider: "AWS",
          publicKey: Redacted.make("p"),
          privateKey: Redacted.make("secret-0002")
        })
      )
      const requests = yield* Effect.flatMap(Guard.DryRun, (run) => run.requests)
      expect(requests.map(({ body }) => body)).toEqual([
        {
          name: "n",
          provider: "openai",
          model: "m",
          isStreamable: false,
          configuration: { apiKey: "<redacted>" }
        },
        {
          name: "n",
          provider: "AWS",
          publicKey: "<redacted>",
          privateKey: "<redacted>",
          region: "eu-central-1"
        }
      ])
    }).pipe(Effect.provide(over(Guard.layerDryRun)))
  )

  it.effect("starts an empty record each time the layer is built", () =>
    Effect.gen(function* () {
      const count = create.pipe(
        Effect.flip,
        Effect.zipRight(Effect.flatMap(Guard.DryRun, ({ requests }) => requests)),
        Effect.map((requests) => requests.length),
        Effect.provide(over(Guard.layerDryRun))
      )
      expect([yield* count, yield* count]).toEqual([1, 1])
    })
  )
})
