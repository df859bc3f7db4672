// Creating, changing and deleting projects: changes are visible in every response.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Assets, Batches, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { refuses, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

describe("creating", () => {
  it.effect("with a name uses the documented defaults, and adds the project to the list", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2025, 0, 2, 3, 4, 5, 678))
        const before = yield* projects.collect({ limit: 100 })
        const project = yield* projects.create({ name: "Cats", description: undefined })
        expect(project).toMatchObject({
          name: "Cats",
          description: "",
          type: "ango",
          owner: expect.stringContaining("@"),
          categorySchema: { tools: [], classifications: [], relations: [] },
          batches: [],
          assignedTo: [],
          queueVersion: 2,
          assetCount: 0,
          benchmarkEnabled: false,
          benchmarkRatio: 10,
          ocrLanguage: "eng",
          deleted: false,
          createdAt: "2025-01-02T03:04:05.678Z"
        })
        expect(project.id).toMatch(/^[0-9a-f]{24}$/)
        expect(project.stages?.map(({ id, next, type }) => [id, type, next])).toEqual([
          ["Start", "Start", ["Label"]],
          ["Label", "Label", ["Complete"]],
          ["Complete", "Complete", []]
        ])
        expect(yield* projects.get(project.id)).toEqual(project)
        const { createdAt, description, id, name, organization } = project
        expect(yield* projects.collect({ limit: 100 })).toEqual([
          ...before,
          { id, name, description, organization, createdAt }
        ])
        expect(organization).toBe(before[0]?.organization)
      })
    )
  )

  it.effect("keeps the given settings; two projects with one name have two ids", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const settings = {
          description: "Tabby or not",
          type: "pct",
          pctConfig: { axes: "xyz" },
          categorySchema: { tools: [{ tool: "point", schemaId: "p" }] },
          benchmarkEnabled: true,
          benchmarkRatio: 25,
          instructions: "https://files.example/guide.pdf",
          ocrLanguage: "deu",
          idleTimeout: 90,
          projectPlugins: { a: 1 },
          pluginPresets: [1, "two"],
          errorCodesEnabled: true,
          errorSchema: { blurry: [] },
          exportStorageId: "65aa00000000000000005001",
          exportStorageBucket: "exports",
          exportStoragePath: "ango/cats",
          exportStorageEnabled: true,
          taskSkipEnabled: true,
          unassignSkippedTask: false,
          gcSyncEnabled: false
        } as const
        const first = yield* projects.create({ name: "Cats", ...settings })
        const second = yield* projects.create({ name: "Cats" })
        expect(first).toMatchObject(settings)
        expect(yield* projects.get(first.id)).toMatchObject(settings)
        expect(second.id).not.toBe(first.id)
      })
    )
  )

  it.effect("is refused without a name", () =>
    refuses((projects) => projects.create({ name: " " }), "name", /Expected a name that is not empty/)
  )

  it.effect("is refused with an unknown type", () =>
    refuses(
      // @ts-expect-error an undocumented type
      (projects) => projects.create({ name: "Cats", type: "voxel" }),
      "type",
      /Expected a project type: ango, pct, iframe/
    )
  )

  it.effect("is refused with an invalid number", () =>
    refuses(
      (projects) => projects.create({ name: "Cats", idleTimeout: Number.NaN }),
      "idleTimeout",
      /Expected a number of 0 or more, got NaN/
    )
  )
})

describe("updating", () => {
  it.effect("changes the given fields, keeps the others, and shows in the list", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2025, 0, 2))
        const before = yield* projects.get(projectId)
        const updated = yield* projects.update(projectId, { name: "Renamed", taskSkipEnabled: true })
        const expected = {
          ...before,
          name: "Renamed",
          taskSkipEnabled: true,
          updatedAt: "2025-01-02T00:00:00.000Z"
        }
        expect(updated).toEqual(expected)
        expect(yield* projects.get(projectId)).toEqual(expected)
        const [first] = yield* projects.collect({ limit: 100 })
        expect(first).toMatchObject({ id: projectId, name: "Renamed" })
      })
    )
  )

  it.effect("is refused without a field", () =>
    refuses(
      (projects) => projects.update(projectId, { name: undefined }),
      "input",
      /Expected at least one field to change/
    )
  )

  it.effect("is refused with an empty name", () =>
    refuses((projects) => projects.update(projectId, { name: "" }), "name", /not empty/)
  )

  it.effect("is refused with an invalid workflow", () =>
    refuses(
      (projects) => projects.update(projectId, { name: "x", stages: [] }),
      "stages",
      /There is no stage of type Start/
    )
  )
})

describe("deleting", () => {
  it.effect("removes the project, its tasks, assets, batches and histories from every response", () =>
    Effect.gen(function* () {
      const { assets, batches, hub, projects, tasks } = yield* Effect.all({
        assets: Assets,
        batches: Batches,
        hub: Emulator,
        projects: Projects,
        tasks: Tasks
      })
      const completed = yield* tasks.page(projectId, { status: "Completed", limit: 1 })
      const task: string = completed.items[0]?.id ?? ""
      const [item] = yield* tasks.history(task)
      const others = hub.projectIds.slice(1)

      expect(yield* projects.delete(projectId)).toBeUndefined()

      for (const call of [
        projects.get(projectId),
        projects.update(projectId, { name: "x" }),
        projects.addMembers(projectId, { emails: ["a@x.example"], role: "Lead" }),
        projects.delete(projectId),
        Stream.runDrain(tasks.stream(projectId)),
        assets.page(projectId),
        batches.list(projectId),
        tasks.get(task),
        tasks.history(task),
        tasks.historyItem(task),
        tasks.historyItem(item?.id ?? "")
      ]) {
        expect(yield* Effect.flip(call as Effect.Effect<unknown, unknown>)).toMatchObject({
          _tag: "NotFound"
        })
      }
      const remaining = yield* projects.collect({ limit: 100 })
      expect(remaining.map(({ id }) => id)).toEqual(others)
      for (const other of others) expect((yield* tasks.page(other)).total).toBeGreaterThan(0)
      expect(hub.state.deletedProjects.get(projectId)).toMatchObject({ project: { deleted: true } })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )
})
