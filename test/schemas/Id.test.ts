// Trap 3: the platform's client writes path parameters as they are. No id may leave its segment.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Annotations,
  Assets,
  Attachments,
  Batches,
  Exports,
  Issues,
  Metrics,
  Organizations,
  Plugins,
  Projects,
  Storages,
  TaskId,
  Tasks,
  Uploads
} from "effect-ango"
import { scripted } from "../support/Wire.js"

const hostile = [
  "",
  ".",
  "..",
  "../listProjects",
  "a/b",
  "a?b",
  "a#b",
  "a%2Fb",
  "%2e%2e",
  "a b",
  "a\n",
  "ä",
  "a\\b",
  "x".repeat(129)
]

const anyText = FastCheck.oneof(
  FastCheck.constantFrom(...hostile),
  FastCheck.string({ unit: "binary" }),
  FastCheck.stringMatching(/^[./%?#a-f0-9-]{1,12}$/)
)

const answer = () => Response.json({ status: "success", data: {} })

describe("an id", () => {
  it.effect.prop(
    "of any text is refused before a request, or is exactly one path segment",
    [anyText],
    ([id]) =>
      Effect.gen(function* () {
        const hub = scripted([answer])
        const error = yield* Effect.flip(
          Effect.provide(
            Effect.flatMap(Tasks, (tasks) => tasks.get(id)),
            hub.layer
          )
        )
        const [request] = hub.requests
        if (request === undefined) {
          expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "taskId", operation: "tasks.get" })
          expect(Schema.is(TaskId)(id)).toBe(false)
        } else {
          expect(new URL(request.url).pathname).toBe(`/v2/task/${id}`)
          expect(new URL(request.url).search).toBe("?includeAnswer=false")
        }
      })
  )

  it.effect.each(hostile)("%j is refused by every method that puts it into a path", (id) =>
    Effect.gen(function* () {
      const hub = scripted([answer])
      const calls = Effect.gen(function* () {
        const {
          annotations,
          assets,
          attachments,
          batches,
          exports,
          issues,
          metrics,
          organizations,
          plugins,
          projects,
          storages,
          tasks,
          uploads
        } = yield* Effect.all({
          annotations: Annotations,
          assets: Assets,
          attachments: Attachments,
          batches: Batches,
          exports: Exports,
          issues: Issues,
          metrics: Metrics,
          organizations: Organizations,
          plugins: Plugins,
          projects: Projects,
          storages: Storages,
          tasks: Tasks,
          uploads: Uploads
        })
        return [
          projects.get(id),
          projects.update(id, { name: "x" }),
          projects.setLabelSet(id, { tools: [] }),
          projects.setStages(id, [
            { id: "Start", type: "Start", next: ["Complete"] },
            { id: "Complete", type: "Complete" }
          ]),
          projects.copyLabelSet({ from: id, to: "x1" }),
          projects.delete(id),
          projects.members(id),
          projects.addMembers(id, { emails: ["a@x.example"], role: "Lead" }),
          projects.uploadInstructions(id, {
            name: "a.txt",
            contentType: "text/plain",
            content: Uint8Array.of(1)
          }),
          projects.rerunWebhook(id, "hook"),
          projects.rerunWebhook("x1", id),
          projects.assetBuilderTemplates(id),
          projects.createAssetBuilderTemplate(id, {
            name: "n",
            template: "t",
            selectedExternalId: "a",
            dataConfig: { a: { type: "text" } }
          }),
          tasks.get(id),
          tasks.history(id),
          tasks.historyItem(id),
          tasks.page(id),
          Stream.runDrain(tasks.stream(id)),
          tasks.collect(id, { limit: 1 }),
          tasks.assign(id, { tasks: ["t1"], stage: "Label", user: "lab@example.com" }),
          tasks.assign("p1", { tasks: [id], stage: "Label", user: "lab@example.com" }),
          tasks.unassign("p1", { tasks: ["t1"], stage: id }),
          tasks.requeue(id, { toStage: "Label", all: true }),
          tasks.requeue("p1", { toStage: id, all: true }),
          tasks.updatePriority(id, { priority: 1, all: true }),
          tasks.review(id, { status: "Accepted" }),
          annotations.annotate(id, {}),
          annotations.annotate(id, {}, { merge: true }),
          annotations.importLabels(id, [{ externalId: "a.jpg" }]),
          assets.page(id),
          Stream.runDrain(assets.stream(id)),
          assets.delete(id, ["a1"]),
          assets.delete("p1", [id]),
          assets.importFromCloud(id, [{ data: "x" }]),
          assets.importFromCloud("p1", [{ data: "x", storage: id }]),
          assets.importChat(id, { count: 1 }),
          attachments.create(id, [{ externalId: "x", attachments: [{ type: "TEXT", value: "x" }] }]),
          batches.list(id),
          batches.resolve(id, ["x"]),
          batches.create(id, "x"),
          batches.replace(id, []),
          batches.assign(id, { assets: ["a1"], batches: ["x"] }),
          batches.assign("p1", { assets: [id], batches: ["x"] }),
          exports.request(id),
          uploads.uploadUrl(id, { name: "x" }),
          uploads.signedUrl(id, { url: "x" }),
          issues.create(id, { content: "x" }),
          issues.update(id, { status: "Closed" }),
          issues.comment(id, { content: "x" }),
          issues.delete(id, "65aa0000000000000000f001"),
          issues.delete("65aa0000000000000000a001", id),
          issues.page({ project: id }),
          Stream.runDrain(issues.stream({ task: id })),
          issues.collect({ asset: id, limit: 1 }),
          organizations.members(id),
          organizations.membersPage(id),
          organizations.updateRoles(id, [{ email: "a@example.com", organizationRole: "admin" }]),
          organizations.removeMembers(id, ["a@example.com"]),
          organizations.invites(id),
          organizations.invitesPage(id),
          organizations.invite(id, { to: ["a@example.com"], organizationRole: "member" }),
          organizations.revokeInvites(id, ["a@example.com"]),
          storages.get(id),
          storages.delete(id),
          storages.files(id, { bucketName: "b" }),
          metrics.overview(id, "AssetSize"),
          metrics.performance(id),
          plugins.fileExplorer({ bucket: "b", storageId: id })
        ]
      })
      for (const call of yield* Effect.provide(calls, hub.layer)) {
        expect(yield* Effect.flip(call as Effect.Effect<unknown, unknown>)).toMatchObject({
          _tag: "InvalidRequest"
        })
      }
      expect(hub.requests).toHaveLength(0)
    })
  )

  it("of another kind does not typecheck", () => {
    const check = (tasks: Tasks["Type"], id: TaskId, text: string) => {
      tasks.get(id)
      tasks.get(text)
      // @ts-expect-error a task's id is no project's
      tasks.page(id)
    }
    expect(check).toBeTypeOf("function")
  })
})
