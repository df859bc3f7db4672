// Services return the values that the hub stores, field by field, with every method that reads them.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Asset, Assets, Issue, Issues, LabelTask, Project, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { seeded } from "../support/SeededTasks.js"
import { clientValues } from "../support/WireValues.js"

const { projectId } = AngoTest

// With pages of two, lists of up to six need several pages.
const hub = ManagedRuntime.make(AngoTest.layer({ tasks: 1, pageSize: 2 }))

interface Item {
  readonly id: string
  readonly createdAt?: string | null | undefined
}

const created = ({ createdAt }: Item): number =>
  createdAt == null ? Number.NEGATIVE_INFINITY : Date.parse(createdAt)

// Stored values are older than the emulator's clock, which is in 2024 here.
const beforeClock = <A extends Item>(item: A): A =>
  created(item) < Date.UTC(2024, 0, 1) ? item : { ...item, createdAt: "2020-01-02T03:04:05.678Z" }

/** Values with unique ids in order of creation, as a hub stores them. */
const listOf = <A extends Item, I>(schema: Schema.Schema<A, I>) =>
  FastCheck.uniqueArray(clientValues(schema), { maxLength: 6, selector: ({ id }) => id }).map((items) =>
    items
      .map(beforeClock)
      .toSorted((a, b) => (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0))
  )

const runs = { fastCheck: { numRuns: 25 } }

describe("a project", () => {
  it.effect.prop(
    "is returned as the hub stores it",
    [clientValues(Project.Project)],
    ([project]) =>
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const before = yield* seeded
        const wire = { ...Schema.encodeSync(Project.Project)(project), _id: projectId }
        state.projects.set(projectId, { ...before, project: wire })
        expect(yield* (yield* Projects).get(projectId)).toEqual({ ...project, id: projectId })
      }).pipe(Effect.provide(hub)),
    runs
  )
})

describe("tasks", () => {
  it.effect.prop(
    "are returned as the hub stores them, one by one and streamed",
    [listOf(LabelTask.LabelTask)],
    ([tasks]) =>
      Effect.gen(function* () {
        const service = yield* Tasks
        const { state } = yield* Emulator
        const project = yield* seeded
        project.tasks = tasks.map((task) => {
          const { answer, ...wire } = Schema.encodeSync(LabelTask.LabelTask)(task)
          if (answer == null) state.answers.delete(wire._id)
          else state.answers.set(wire._id, answer)
          return wire
        })
        for (const { answer, ...task } of tasks) {
          expect(yield* service.get(task.id)).toEqual(task)
          if (answer == null) continue
          expect(yield* service.get(task.id, { includeAnswer: true })).toEqual({ ...task, answer })
        }
        const listed = tasks.map(({ answer: _, ...task }) => task)
        expect(Chunk.toReadonlyArray(yield* Stream.runCollect(service.stream(projectId)))).toEqual(listed)
      }).pipe(Effect.provide(hub)),
    runs
  )
})

describe("assets", () => {
  it.effect.prop(
    "are returned as the hub stores them",
    [listOf(Asset.Asset)],
    ([assets]) =>
      Effect.gen(function* () {
        const project = yield* seeded
        project.assets = assets.map((asset) => Schema.encodeSync(Asset.Asset)(asset))
        expect(yield* (yield* Assets).collect(projectId, { limit: 100 })).toEqual(assets)
      }).pipe(Effect.provide(hub)),
    runs
  )
})

describe("issues", () => {
  it.effect.prop(
    "are returned as the hub stores them",
    [listOf(Issue.Issue)],
    ([generated]) =>
      Effect.gen(function* () {
        const { state } = yield* Emulator
        const { tasks } = yield* seeded
        const labelTask = Schema.decodeSync(LabelTask.LabelTask)(tasks[0] ?? { _id: "none" }).id
        const issues = generated.map((issue): Issue.Issue => ({ ...issue, project: projectId, labelTask }))
        state.issues.clear()
        for (const issue of issues) state.issues.set(issue.id, Schema.encodeSync(Issue.Issue)(issue))
        const service = yield* Issues
        expect(yield* service.collect({ project: projectId, limit: 100 })).toEqual(issues)
        expect(yield* service.page({ limit: 100 })).toEqual(issues.toReversed())
      }).pipe(Effect.provide(hub)),
    runs
  )
})
