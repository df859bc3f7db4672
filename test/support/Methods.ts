// Every method of every service, found by enumeration, with arguments with which it sends a request.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { FileSource, PngMask } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { strictly } from "./Outcomes.js"

const { projectId } = AngoTest

/** A part of every id, name and query value that is sent; it must not occur in logs and spans. */
export const mark = "zq7mark"

const runResult = (result: unknown): Effect.Effect<unknown, unknown> =>
  Effect.isEffect(result)
    ? Effect.provide(result as Effect.Effect<unknown, unknown, FileSystem.FileSystem>, NodeFileSystem.layer)
    : strictly(result as Stream.Stream<unknown, unknown>)

// Fits every method that reads: an id, of a project or a task, then options.
const defaultArgs = [
  projectId,
  { limit: 1000, batches: [mark], assignee: mark, fields: [mark], search: mark }
]

const mask = Either.getOrThrow(PngMask.fromLabels([[1]]))

// The arguments of the other methods.
const args: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  "Projects.page": [],
  "Projects.pages": [],
  "Projects.stream": [],
  "Projects.collect": [{ limit: 1000 }],
  "Projects.create": [{ name: `${mark}-name` }],
  "Projects.update": [projectId, { name: `${mark}-name` }],
  // Refused by the hub: the project is needed by the others.
  "Projects.purge": [projectId, { confirmName: mark }],
  "Projects.setLabelValidation": [projectId, { validationFunction: mark }],
  "Projects.clone": [projectId],
  "Projects.addMembers": [projectId, { emails: [`${mark}@x.example`], role: "Lead" }],
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
  "Projects.uploadInstructions": [projectId, { name: `${mark}.txt`, content: Uint8Array.of(1) }],
  "Projects.rerunWebhook": [projectId, "hook"],
  "Projects.createAssetBuilderTemplate": [
    projectId,
    { name: mark, template: mark, selectedExternalId: mark, dataConfig: { [mark]: { type: "text" } } }
  ],
  "Tasks.assign": [projectId, { tasks: [mark], stage: "Label", user: `${mark}@example.com` }],
  "Tasks.unassign": [projectId, { tasks: [mark], stage: "Label" }],
  "Tasks.requeue": [projectId, { toStage: "Label", all: true }],
  "Tasks.requeueMany": [projectId, [mark], { toStage: "Label" }],
  "Tasks.planAssignment": [[mark], { members: [] }],
  "Tasks.assignMany": [
    projectId,
    { shares: [{ user: `${mark}@example.com`, tasks: [mark] }], tasks: 1 },
    { stage: "Label" }
  ],
  "Tasks.updatePriority": [projectId, { priority: 1, all: true }],
  "Tasks.review": [projectId, { status: "Accepted" }],
  "Tasks.setBenchmark": [projectId, { tasks: [mark] }],
  "Annotations.annotate": [projectId, {}],
  "Annotations.importLabels": [projectId, [{ externalId: `${mark}.jpg` }]],
  "Annotations.validate": [projectId, [{ externalId: `${mark}.jpg` }]],
  "Assets.delete": [projectId, [mark]],
  "Assets.importFromCloud": [projectId, [{ data: `https://files.example/${mark}.jpg` }]],
  "Assets.planSync": [projectId, [{ data: `https://files.example/${mark}.jpg`, externalId: mark }]],
  "Assets.sync": [
    projectId,
    {
      project: projectId,
      assets: 10,
      create: [{ data: `https://files.example/${mark}.jpg`, externalId: mark }],
      keep: [],
      ambiguous: [],
      delete: []
    }
  ],
  "Assets.importChat": [projectId, { count: 1 }],
  "Attachments.create": [projectId, [{ externalId: mark, attachments: [{ type: "TEXT", value: mark }] }]],
  "Batches.resolve": [projectId, [mark]],
  "Batches.create": [projectId, mark],
  "Batches.createMany": [projectId, [mark]],
  "Batches.replace": [projectId, []],
  "Batches.assign": [projectId, { assets: [mark], batches: [mark] }],
  "Exports.stream": [projectId, { stages: "all" }],
  "Exports.changes": [projectId, () => Effect.void, {}],
  "Exports.rows": [Stream.make(Uint8Array.of(1))],
  "Issues.page": [{ project: projectId }],
  "Issues.pages": [{ project: projectId }],
  "Issues.stream": [{ project: projectId }],
  "Issues.collect": [{ project: projectId, limit: 1000 }],
  "Issues.create": [projectId, { content: mark }],
  "Issues.update": [projectId, { status: "Closed" }],
  "Issues.comment": [projectId, { content: mark }],
  "Issues.delete": [projectId, projectId],
  "Llms.list": [],
  "Llms.create": [{ name: mark, provider: "openai", model: mark, apiKey: Redacted.make(`${mark}-key`) }],
  "Metrics.overview": [projectId, "AssetSize"],
  "Metrics.performance": [projectId],
  "Notifications.send": [{ receivers: [`${mark}@example.com`], message: mark }],
  "Organizations.updateRoles": [projectId, [{ email: `${mark}@example.com`, organizationRole: "admin" }]],
  "Organizations.removeMembers": [projectId, [`${mark}@example.com`]],
  "Organizations.invite": [projectId, { to: [`${mark}2@example.com`], organizationRole: "member" }],
  "Organizations.revokeInvites": [projectId, [`${mark}2@example.com`]],
  "Plugins.respond": [{ response: 1, session: mark }],
  "Plugins.log": [{ pluginId: mark, level: "info", message: mark }],
  "Plugins.fileExplorer": [{ bucket: mark, storageId: projectId }],
  "Storages.page": [],
  "Storages.create": [{ name: mark, provider: "AWS", privateKey: Redacted.make("mine") }],
  "Storages.files": [projectId, { bucketName: mark }],
  "Uploads.uploadUrl": [projectId, { name: `${mark}.jpg` }],
  "Uploads.put": [projectId, FileSource.bytes(Uint8Array.of(1), { name: `${mark}.jpg` })],
  "Uploads.putMask": [projectId, mask],
  "Uploads.files": [projectId, [{ source: FileSource.bytes(Uint8Array.of(1), { name: `${mark}.jpg` }) }]],
  "Uploads.signedUrl": [projectId, { url: `https://files.example/${mark}.jpg` }]
}

// New files each time: an export resumes from existing ones.
const argsWithFiles = (): typeof args => {
  const folder = mkdtempSync(join(tmpdir(), "effect-ango-"))
  return {
    ...args,
    "Exports.toFile": [projectId, join(folder, `${mark}-1`), { stages: "all" }],
    "Exports.update": [projectId, join(folder, `${mark}-2`), {}]
  }
}

// A caller's schema: its mismatches must not reveal the keys of a record, which are data like its values.
const schema = Schema.Record({ key: Schema.String, value: Schema.Number })
const argsWithSchema: typeof args = {
  "Metrics.overview": [projectId, "AssetSize", { schema }],
  "Metrics.performance": [projectId, { schema }],
  "Plugins.fileExplorer": [{ bucket: mark, storageId: projectId, schema }],
  "Storages.files": [projectId, { bucketName: mark, schema }]
}

export interface Method {
  readonly name: string
  readonly run: Effect.Effect<unknown, unknown>
}

/** The methods of the services, deletes last: the others need the data. */
export const methodsOf = (services: Readonly<Record<string, object>>): ReadonlyArray<Method> => {
  const allArgs = argsWithFiles()
  return Object.entries(services)
    .flatMap(([service, members]) =>
      Object.entries(members).flatMap(([member, value]: [string, unknown]): ReadonlyArray<Method> => {
        const name = `${service}.${member}`
        const run = (list: ReadonlyArray<unknown>) =>
          Effect.suspend(() => runResult(typeof value === "function" ? value(...list) : value))
        const strict = argsWithSchema[name]
        return [
          { name, run: run(allArgs[name] ?? defaultArgs) },
          ...(strict === undefined ? [] : [{ name: `${name} with a schema`, run: run(strict) }])
        ]
      })
    )
    .toSorted((a, b) => Number(a.name.endsWith(".delete")) - Number(b.name.endsWith(".delete")))
}

/** Methods that send nothing. */
export const silent = ["Exports.rows", "Tasks.planAssignment"]

/** Methods whose response is undocumented: every shape is valid. */
export const takesAnyShape = [
  "Assets.delete",
  "Issues.delete",
  "Llms.create",
  "Llms.delete",
  "Metrics.overview",
  "Metrics.performance",
  "Notifications.send",
  "Organizations.invite",
  "Organizations.removeMembers",
  "Organizations.revokeInvites",
  "Plugins.fileExplorer",
  "Plugins.log",
  "Plugins.respond",
  "Projects.addMembers",
  "Projects.clone",
  "Projects.createAssetBuilderTemplate",
  "Projects.delete",
  "Projects.purge",
  "Projects.rerunWebhook",
  "Projects.setLabelValidation",
  "Projects.uploadInstructions",
  "Storages.delete",
  "Storages.files",
  "Tasks.assign",
  "Tasks.review",
  "Tasks.setBenchmark",
  "Tasks.unassign",
  "Tasks.updatePriority"
]

/** Methods that return the response as it is. */
export const returnsResponse = [
  "Metrics.overview",
  "Organizations.removeMembers",
  "Organizations.revokeInvites",
  "Plugins.fileExplorer",
  "Storages.files"
]
