// A program behaves the same in every dialect.
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import {
  Annotations,
  Assets,
  Attachments,
  Batches,
  Exports,
  Issues,
  LabelTask,
  Metrics,
  Organizations,
  Plugins,
  Projects,
  Storages,
  Tasks,
  Uploads
} from "effect-ango"
import { AngoTest, type Dialect, Emulator } from "effect-ango/emulator"
import { importInto, strictly } from "../support/Outcomes.js"

const { projectId } = AngoTest

const dialects = ["current", "documented-2025", "documented-2023"] as const satisfies ReadonlyArray<Dialect>

// What every service reads, reduced to what all dialects contain.
const everything = Effect.gen(function* () {
  const hub = yield* Emulator
  const organizationId = hub.state.organization.id
  const limit = 1000
  const projects = yield* Projects
  const tasks = yield* Tasks
  const project = yield* projects.get(projectId)
  const all = yield* tasks.collect(projectId, { limit, includeAnswer: true })
  const done = all.filter((task) => task.status === "Completed")
  const issues = yield* (yield* Issues).collect({ limit, project: projectId })
  const organizations = yield* Organizations
  const uploads = yield* Uploads
  const target = yield* uploads.uploadUrl(projectId, { name: "a.jpg", type: "assets" })
  return {
    projects: yield* projects.collect({ limit }),
    members: yield* projects.members(projectId),
    project: [project.name, project.stages, project.categorySchema, project.assetCount, project.createdAt],
    batches: (yield* (yield* Batches).list(projectId)).map(({ id, name }) => [id, name]),
    tasks: all.map((task) => [
      task.id,
      task.stage,
      task.status,
      task.assignee == null,
      task.batches,
      LabelTask.assetIdOf(task),
      LabelTask.externalIdOf(task),
      task.answer?.tools?.map(({ objectId, schemaId, title }) => [objectId, schemaId, title]),
      task.answer?.classifications?.map(({ answer, schemaId }) => [schemaId, answer])
    ]),
    histories: yield* Effect.forEach(done.slice(0, 5), ({ id }) =>
      Effect.gen(function* () {
        const latest = (yield* tasks.history(id)).at(-1)
        const [again] = yield* tasks.historyItem(latest?.id ?? "")
        expect(again).toEqual(latest)
        return [latest?.id, latest?.labelTaskId, latest?.stage, latest?.duration, latest?.completedAt]
      })
    ),
    assets: yield* (yield* Assets).collect(projectId, { limit }),
    issues: issues.map((issue) => [issue.id, issue.content, issue.status, issue.stage ?? issue.stageId]),
    people: yield* organizations.members(organizationId),
    invites: yield* organizations.invites(organizationId),
    storages: (yield* (yield* Storages).list()).map(({ createdAt, id, name, provider }) => [
      id,
      name,
      provider,
      createdAt
    ]),
    metric: yield* (yield* Metrics).overview(projectId, "LabelStageGroups"),
    log: yield* (yield* Plugins).log({ pluginId: "p", level: "info", message: "m" }),
    export: new URL(Redacted.value(yield* (yield* Exports).request(projectId))).pathname,
    upload: target.fileUrl,
    signed: new URL(Redacted.value(yield* uploads.signedUrl(projectId, { url: target.fileUrl }))).pathname
  }
})

const options = { tasks: 40, seed: 5 }

describe("the same program in every dialect", () => {
  it.effect.each(dialects.slice(1))("reads the same: %s", (dialect) =>
    Effect.gen(function* () {
      const current = yield* Effect.provide(everything, AngoTest.layer(options))
      const other = yield* Effect.provide(everything, AngoTest.layer({ ...options, dialect }))
      expect(other).toEqual(current)
      expect(current.tasks).toHaveLength(40)
      expect(current.issues.length).toBeGreaterThan(0)
      expect(current.histories).toHaveLength(5)
    })
  )

  it.effect.each(dialects)("writes the same: %s", (dialect) =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const { id } = yield* projects.create({ name: "Cats" })
      yield* projects.addMembers(id, { emails: ["priya.raman@example.com"], role: "Labeler" })
      expect(yield* projects.members(id)).toEqual([{ assignee: "priya.raman@example.com", role: "Labeler" }])
      const week = yield* (yield* Batches).create(id, "Week 9")
      const assets = yield* Assets
      const made = yield* importInto(id, [{ data: "https://files.example/a.jpg" }], { batches: ["Week 9"] })
      expect(made).toEqual([{ _tag: "Created", index: 0, key: "#0", value: {} }])
      const [asset] = yield* assets.collect(id, { limit: 1 })
      expect(asset?.batches).toEqual(["Week 9"])
      yield* strictly(
        (yield* Attachments).create(id, [
          { data: "https://files.example/a.jpg", attachments: [{ type: "TEXT", value: "hint" }] }
        ])
      )
      const tasks = yield* Tasks
      const [task] = yield* tasks.collect(id, { limit: 1, batches: [week.id] })
      const taskId = task?.id ?? ""
      yield* tasks.assign(id, { tasks: [taskId], stage: "Label", user: "priya.raman@example.com" })
      const annotated = yield* (yield* Annotations).annotate(taskId, { objects: [] }, { nextStage: true })
      expect([annotated.stage, annotated.status]).toEqual(["Complete", "Completed"])
      const issue = yield* (yield* Issues).create(taskId, { content: "Too wide" })
      expect(yield* (yield* Issues).collect({ limit: 5, task: taskId })).toEqual([issue])
      const storage = yield* (yield* Storages).create({ name: "S", provider: "GCP" })
      expect((yield* (yield* Storages).get(storage.id)).provider).toBe("GCP")
      expect(yield* Effect.flip(projects.get("65aa00000000000000000bad"))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(AngoTest.layer({ ...options, dialect })))
  )
})
