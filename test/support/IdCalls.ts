// Every method that puts an id into a path or a body, called with the same id.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import {
  type Ango,
  Annotations,
  Assets,
  Attachments,
  Batches,
  Exports,
  FileSource,
  Issues,
  Llms,
  Metrics,
  Organizations,
  Plugins,
  PngMask,
  Projects,
  Storages,
  Tasks,
  Uploads
} from "effect-ango"
import { strictly } from "./Outcomes.js"

/** Texts that would change the endpoint if they were put into a path unencoded. */
export const hostile = [
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

/** Any text, and often one that looks like a path. */
export const anyText = FastCheck.oneof(
  FastCheck.constantFrom(...hostile),
  FastCheck.string({ unit: "binary" }),
  FastCheck.stringMatching(/^[./%?#a-f0-9-]{1,12}$/)
)

/** The calls, not run yet. */
export const callsWith = (
  id: string
): Effect.Effect<ReadonlyArray<Effect.Effect<unknown, unknown>>, never, Ango.Services> =>
  Effect.gen(function* () {
    const {
      annotations,
      assets,
      attachments,
      batches,
      exports,
      issues,
      llms,
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
      llms: Llms,
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
      projects.clone(id),
      projects.purge(id, { confirmName: "x" }),
      projects.setLabelValidation(id, { customValidationEnabled: true }),
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
      strictly(tasks.requeueMany(id, ["x1"], { toStage: "Label" })),
      strictly(tasks.requeueMany("p1", [id], { toStage: "Label" })),
      strictly(tasks.requeueMany("p1", ["x1"], { toStage: id })),
      tasks.planAssignment([id], { members: ["lab@example.com"] }),
      strictly(tasks.assignMany(id, { shares: [], tasks: 0 }, { stage: "Label" })),
      strictly(tasks.assignMany("p1", { shares: [], tasks: 0 }, { stage: id })),
      tasks.updatePriority(id, { priority: 1, all: true }),
      tasks.review(id, { status: "Accepted" }),
      tasks.setBenchmark(id, { tasks: ["t1"] }),
      tasks.setBenchmark("p1", { tasks: [id] }),
      annotations.annotate(id, {}),
      annotations.annotate(id, {}, { merge: true }),
      strictly(annotations.importLabels(id, [{ externalId: "a.jpg" }])),
      annotations.validate(id, [{ externalId: "a.jpg" }]),
      assets.page(id),
      Stream.runDrain(assets.stream(id)),
      assets.delete(id, ["a1"]),
      assets.delete("p1", [id]),
      strictly(assets.importFromCloud(id, [{ data: "x" }])),
      strictly(assets.importFromCloud("p1", [{ data: "x", storage: id }])),
      strictly(assets.importFromCloud("p1", [{ data: "x" }], { storage: id })),
      assets.planSync(id, [{ data: "x", externalId: "x" }]),
      assets.importChat(id, { count: 1 }),
      strictly(attachments.create(id, [{ externalId: "x", attachments: [{ type: "TEXT", value: "x" }] }])),
      batches.list(id),
      batches.resolve(id, ["x"]),
      batches.create(id, "x"),
      batches.replace(id, []),
      strictly(batches.assign(id, { assets: ["a1"], batches: ["x"] })),
      exports.request(id),
      uploads.uploadUrl(id, { name: "x" }),
      uploads.signedUrl(id, { url: "x" }),
      uploads.put(id, FileSource.bytes(Uint8Array.of(1), { name: "x" })),
      uploads.putMask(id, Either.getOrThrow(PngMask.fromLabels([[1]]))),
      strictly(uploads.files(id, [{ source: FileSource.bytes(Uint8Array.of(1), { name: "x" }) }])),
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
      llms.get(id),
      llms.delete(id),
      storages.get(id),
      storages.delete(id),
      storages.files(id, { bucketName: "b" }),
      metrics.overview(id, "AssetSize"),
      metrics.performance(id),
      plugins.fileExplorer({ bucket: "b", storageId: id })
    ]
  })
