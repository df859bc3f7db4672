// A canary key goes through every method of every service, whole and broken, and is looked for everywhere.
import { inspect } from "node:util"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Ango, RateLimit, RetryPolicy } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { type OperationName, operations } from "../src/api/Operations.js"
import { services } from "./support/Services.js"
import { exported, held, recorder } from "./support/Spans.js"
import { canary } from "./support/Wire.js"

const { projectId } = AngoTest

const run = (result: unknown): Effect.Effect<unknown, unknown> =>
  Effect.isEffect(result)
    ? (result as Effect.Effect<unknown, unknown>)
    : Stream.runDrain(result as Stream.Stream<unknown, unknown>)

// One argument list fits every method that reads: an id of a project and of a task alike, then options.
const usual = [projectId, { limit: 1000 }]

// What the others need to be sent at all.
const args: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  "Projects.create": [{ name: "x" }],
  "Projects.update": [projectId, { name: "x" }],
  "Projects.addMembers": [projectId, { emails: ["a@x.example"], role: "Lead" }],
  "Projects.setLabelSet": [projectId, {}],
  "Projects.copyLabelSet": [{ from: projectId, to: projectId }],
  "Projects.setStages": [
    projectId,
    [
      { id: "Start", type: "Start", next: ["hook"] },
      { id: "hook", type: "Webhook", next: ["Complete"] },
      { id: "Complete", type: "Complete" }
    ]
  ],
  "Projects.uploadInstructions": [projectId, { name: "a.txt", content: Uint8Array.of(1) }],
  "Projects.rerunWebhook": [projectId, "hook"],
  "Projects.createAssetBuilderTemplate": [
    projectId,
    { name: "n", template: "t", selectedExternalId: "a", dataConfig: { a: { type: "text" } } }
  ],
  "Tasks.assign": [projectId, { tasks: ["t1"], stage: "Label", user: "lab@example.com" }],
  "Tasks.unassign": [projectId, { tasks: ["t1"], stage: "Label" }],
  "Tasks.requeue": [projectId, { toStage: "Label", all: true }],
  "Tasks.updatePriority": [projectId, { priority: 1, all: true }],
  "Tasks.review": [projectId, { status: "Accepted" }],
  "Annotations.annotate": [projectId, {}],
  "Annotations.importLabels": [projectId, [{ externalId: "a.jpg" }]],
  "Assets.delete": [projectId, ["a1"]],
  "Assets.importFromCloud": [projectId, [{ data: "https://files.example/a.jpg" }]],
  "Assets.importChat": [projectId, { count: 1 }],
  "Attachments.create": [projectId, [{ externalId: "a", attachments: [{ type: "TEXT", value: "x" }] }]],
  "Batches.resolve": [projectId, ["Night"]],
  "Batches.create": [projectId, "Night"],
  "Batches.createMany": [projectId, ["Night"]],
  "Batches.replace": [projectId, []],
  "Batches.assign": [projectId, { assets: ["a1"], batches: ["Night"] }],
  "Issues.page": [{ project: projectId }],
  "Issues.pages": [{ project: projectId }],
  "Issues.stream": [{ project: projectId }],
  "Issues.collect": [{ project: projectId, limit: 1000 }],
  "Issues.create": [projectId, { content: "x" }],
  "Issues.update": [projectId, { status: "Closed" }],
  "Issues.comment": [projectId, { content: "x" }],
  "Issues.delete": [projectId, projectId],
  "Metrics.overview": [projectId, "AssetSize"],
  "Metrics.performance": [projectId],
  "Organizations.updateRoles": [projectId, [{ email: "a@example.com", organizationRole: "admin" }]],
  "Organizations.removeMembers": [projectId, ["a@example.com"]],
  "Organizations.invite": [projectId, { to: ["b@example.com"], organizationRole: "member" }],
  "Organizations.revokeInvites": [projectId, ["b@example.com"]],
  "Plugins.respond": [{ response: 1, session: "s" }],
  "Plugins.log": [{ pluginId: "p", level: "info", message: "m" }],
  "Plugins.fileExplorer": [{ bucket: "b", storageId: projectId }],
  "Storages.page": [],
  "Storages.create": [{ name: "x", provider: "AWS", privateKey: Redacted.make("mine") }],
  "Storages.files": [projectId, { bucketName: "x" }],
  "Uploads.uploadUrl": [projectId, { name: "a.jpg" }],
  "Uploads.signedUrl": [projectId, { url: "https://files.example/a.jpg" }]
}

// Whoever gives a schema of their own gets its misfits told: the keys of a record are data like its values.
const schema = Schema.Record({ key: Schema.String, value: Schema.Number })
const argsWithSchema: typeof args = {
  "Metrics.overview": [projectId, "AssetSize", { schema }],
  "Metrics.performance": [projectId, { schema }],
  "Plugins.fileExplorer": [{ bucket: "b", storageId: projectId, schema }],
  "Storages.files": [projectId, { bucketName: "x", schema }]
}

// Deletion comes last: it would leave nothing to ask for.
const methods = Effect.map(Effect.all(services), (all) =>
  Object.entries(all)
    .flatMap(([name, service]) =>
      Object.entries(service as unknown as Record<string, (...args: ReadonlyArray<unknown>) => unknown>).map(
        ([method, call]) => ({ name: `${name}.${method}`, call })
      )
    )
    .toSorted((a, b) => Number(a.name.endsWith(".delete")) - Number(b.name.endsWith(".delete")))
    .flatMap(({ call, name }) => {
      const strict = argsWithSchema[name]
      return [
        { name, run: () => run(call(...(args[name] ?? usual))) },
        ...(strict === undefined ? [] : [{ name: `${name} with a schema`, run: () => run(call(...strict)) }])
      ]
    })
)

// An answer that no document describes has no wrong shape.
const takesAnyShape = [
  "Assets.delete",
  "Issues.delete",
  "Metrics.overview",
  "Metrics.performance",
  "Organizations.invite",
  "Organizations.removeMembers",
  "Organizations.revokeInvites",
  "Plugins.fileExplorer",
  "Plugins.log",
  "Plugins.respond",
  "Projects.addMembers",
  "Projects.createAssetBuilderTemplate",
  "Projects.delete",
  "Projects.rerunWebhook",
  "Projects.uploadInstructions",
  "Storages.delete",
  "Storages.files",
  "Tasks.assign",
  "Tasks.review",
  "Tasks.unassign",
  "Tasks.updatePriority"
]

// Some of those give what came to their caller, who asked for it: under "shape" the canary is in their result, and
// still nowhere else. Their spans are looked at as exporters do, who leave out results: Effect keeps those in a span.
const givesWhatCame = [
  "Metrics.overview",
  "Organizations.removeMembers",
  "Organizations.revokeInvites",
  "Plugins.fileExplorer",
  "Storages.files"
]

const echo = JSON.stringify({ status: "fail", message: `the key ${canary} is not welcome` })

const faults: Record<string, Faults.Fault> = {
  none: Faults.ok,
  "400": Faults.respond(400, echo),
  "401": Faults.respond(401, echo),
  "429": Faults.respond(429, echo, { "content-type": "application/json", "retry-after": "9999" }),
  "500": Faults.respond(500, echo),
  "200 fail": Faults.respond(200, echo),
  html: Faults.respond(200, `<html>${canary}</html>`, { "content-type": "text/html" }),
  "not json": Faults.respond(200, canary),
  shape: Faults.respond(200, JSON.stringify({ status: "success", data: { [canary]: canary } })),
  "request id": Faults.respond(500, echo, { "content-type": "application/json", "x-request-id": canary }),
  empty: Faults.empty(),
  cut: Faults.cut(10),
  redirect: Faults.redirect(`https://evil.example/?apikey=${canary}`),
  "redirect to a path with the key": Faults.redirect(`https://evil.example/${canary}`),
  refused: Faults.refuse
}

const prints = (error: unknown): ReadonlyArray<string> => [
  String(error),
  JSON.stringify(error) ?? "",
  inspect(error, { depth: 12, showHidden: true }),
  Cause.pretty(Cause.fail(error), { renderErrorCause: true })
]

describe("the key", () => {
  it.effect.each(Object.keys(faults))("is found nowhere but in its header: %s", (name) =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const { layer: tracer, spans } = recorder()
      const logger = Logger.replace(
        Logger.defaultLogger,
        Logger.make(
          (entry) =>
            void lines.push(inspect([entry.message, [...entry.annotations], entry.cause], { depth: 8 }))
        )
      )
      const hub = yield* Emulator
      const sentTo = new Set<string>()
      const client = Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(
          Layer.succeed(FetchHttpClient.Fetch, (input, init) => {
            const request = new Request(input, init)
            if (request.headers.get("apikey") === canary) sentTo.add(new URL(request.url).origin)
            return hub.fetch(input, init)
          })
        ),
        Layer.provide(RetryPolicy.layer({ attempts: 1 })),
        Layer.provide(RateLimit.layerOff)
      )

      const outcomes = yield* Effect.gen(function* () {
        const all = yield* methods
        expect(all.length).toBeGreaterThanOrEqual(79)
        return yield* Effect.forEach(all, (method) =>
          Effect.gen(function* () {
            for (const operation of Object.keys(operations) as Array<OperationName>) {
              yield* hub.faults.on(operation, [faults[name] ?? Faults.ok])
            }
            const outcome = yield* Effect.either(method.run())
            const isHandedOn = name === "shape" && givesWhatCame.includes(method.name)
            yield* Effect.logDebug("outcome", isHandedOn ? outcome._tag : outcome)
            if (Either.isRight(outcome)) {
              const holds = inspect(outcome.right, { depth: 12 }).includes(canary)
              expect([method.name, holds]).toEqual([method.name, isHandedOn])
            }
            const fails = name !== "none" && !(name === "shape" && takesAnyShape.includes(method.name))
            if (fails || name === "shape")
              expect([method.name, outcome._tag]).toEqual([method.name, fails ? "Left" : "Right"])
            return outcome
          })
        )
      }).pipe(
        Effect.withSpan("program"),
        Effect.provide(client),
        Effect.provide(Layer.mergeAll(tracer, logger)),
        Logger.withMinimumLogLevel(LogLevel.All)
      )

      const errors = outcomes.filter(Either.isLeft).map(({ left }) => left)
      const withResult = name === "shape" ? ["program", ...givesWhatCame] : []
      const traced = spans.map((span) => (withResult.includes(span.name) ? exported(span) : held(span)))
      const everything = [...errors.flatMap(prints), ...lines, ...traced].join("\n")
      expect(everything.length).toBeGreaterThan(1000)
      // Not the text itself: a failure would print all of it.
      expect(everything.includes(canary)).toBe(false)
      expect([...sentTo]).toEqual(
        name === "refused" ? [new URL(hub.baseUrl).origin] : [new URL(hub.baseUrl).origin]
      )
    }).pipe(Effect.provide(Emulator.layer({ tasks: 30, apiKey: Redacted.make(canary) })))
  )
})
