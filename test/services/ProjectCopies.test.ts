// Copies of projects, against the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Ontology, type ProjectInput, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { reviewed, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

const settings = {
  description: "From the tram",
  benchmarkEnabled: true,
  benchmarkRatio: 25,
  benchmarkCutoff: true,
  ocrLanguage: "deu",
  idleTimeout: 90,
  taskSkipEnabled: true
} as const

/** Gives the first project other values than those of a new one, and returns it. */
const prepared = (projects: Projects["Type"]) =>
  Effect.gen(function* () {
    yield* projects.update(projectId, { ...settings, pluginPresets: [{ name: "Night" }] })
    yield* projects.setStages(projectId, reviewed)
    yield* projects.setLabelValidation(projectId, { validationFunction: "() => []" })
    return yield* projects.get(projectId)
  })

const isCopy = (name: string) => (project: { readonly name: string }) => project.name === name

describe("a copy", () => {
  it.effect("has every part of the project by default, and neither assets nor tasks", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        const source = yield* prepared(projects)
        const before = yield* projects.collect({ limit: 100 })
        const copy = yield* Effect.fromNullable(yield* projects.clone(projectId))
        const { assignedTo, categorySchema, organization, pluginPresets, stages } = source
        expect(copy).toMatchObject({
          ...settings,
          name: `${source.name} copy`,
          assignedTo,
          categorySchema,
          stages,
          pluginPresets,
          organization,
          validationFunction: "() => []",
          assetCount: 0,
          deleted: false
        })
        expect(copy.id).not.toBe(projectId)
        expect(copy.batches?.map(({ name }) => name)).toEqual(source.batches?.map(({ name }) => name))
        expect(copy.batches?.map(({ id }) => id)).not.toEqual(source.batches?.map(({ id }) => id))

        expect(yield* projects.get(copy.id)).toEqual(copy)
        expect((yield* projects.collect({ limit: 100 })).map(({ id }) => id)).toEqual([
          ...before.map(({ id }) => id),
          copy.id
        ])
        const stored = hub.state.projects.get(copy.id)
        expect([stored?.assets, stored?.tasks]).toEqual([[], []])
        expect(yield* projects.get(projectId)).toEqual(source)
      })
    )
  )

  const initial = {
    categorySchema: { tools: [], classifications: [], relations: [] },
    assignedTo: [],
    batches: []
  }

  it.effect("starts as a new project in each part that is false, and in no other", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const source = yield* prepared(projects)
        const { stages: newStages } = yield* projects.create({ name: "New" })
        const partOf = (project: typeof source | undefined) => ({
          categorySchema: project?.categorySchema,
          assignedTo: project?.assignedTo,
          batches: project?.batches?.map(({ name }) => name),
          workflow: project?.stages,
          pluginPresets: project?.pluginPresets,
          projectGeneralSettings: [
            project?.description,
            project?.benchmarkEnabled,
            project?.benchmarkRatio,
            project?.benchmarkCutoff,
            project?.ocrLanguage,
            project?.idleTimeout,
            project?.taskSkipEnabled,
            project?.validationFunction
          ]
        })
        const fresh = {
          ...initial,
          workflow: newStages,
          pluginPresets: undefined,
          projectGeneralSettings: ["", false, 10, undefined, "eng", undefined, undefined, undefined]
        }
        const parts = Object.keys(fresh) as ReadonlyArray<keyof ProjectInput.CloneParts>
        for (const part of parts) {
          const copy = yield* projects.clone(projectId, { [part]: false })
          expect(partOf(copy)).toEqual({ ...partOf(source), [part]: fresh[part] })
        }
        const bare = yield* projects.clone(projectId, Object.fromEntries(parts.map((part) => [part, false])))
        expect(partOf(bare)).toEqual(fresh)
      })
    )
  )

  it.effect("is a project of its own: its ontology, batches and tasks change apart", () =>
    Effect.gen(function* () {
      const [projects, tasks] = yield* Effect.all([Projects, Tasks])
      const copy = yield* Effect.fromNullable(yield* projects.clone(projectId))
      yield* projects.setLabelSet(copy.id, yield* Ontology.make({ tools: [] }))
      expect((yield* projects.get(projectId)).categorySchema?.tools?.length).toBeGreaterThan(0)
      expect((yield* tasks.page(copy.id)).total).toBe(0)
      const second = yield* projects.clone(copy.id)
      expect(second?.name).toBe(`${copy.name} copy`)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )

  it.effect("keeps the type of the project", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const { id } = yield* projects.create({ name: "Lidar", type: "pct" })
        expect((yield* projects.clone(id, { projectGeneralSettings: false }))?.type).toBe("pct")
      })
    )
  )
})

describe("copying", () => {
  it.effect("is forbidden to a user who is no manager of the project", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* projects.addMembers(projectId, { emails: ["grace.adeyemi@example.com"], role: "Labeler" })
        const error = yield* Effect.flip(projects.clone(projectId))
        expect(error).toMatchObject({ _tag: "Forbidden", operation: "projects.clone", status: 403 })
        expect(hub.state.projects.size).toBe(3)
      })
    )
  )

  it.effect.each([
    ["and was applied", Faults.afterProcessing(Faults.reset), 1],
    ["and was not applied", Faults.reset, 0]
  ] as const)(
    "is not sent again when its result is unknown %s, and the error says where to look",
    ([, fault, copies]) =>
      Effect.gen(function* () {
        const [projects, hub] = yield* Effect.all([Projects, Emulator])
        const { name } = yield* projects.get(projectId)
        yield* hub.faults.on("projects.clone", [fault, Faults.ok])
        const fiber = yield* Effect.fork(Effect.flip(projects.clone(projectId)))
        yield* TestClock.adjust("10 minutes")
        const error = yield* Fiber.join(fiber)
        expect(error).toMatchObject({
          _tag: "AmbiguousOutcome",
          attempts: 1,
          repeatable: false,
          reconcile: { read: "projects.list" }
        })
        expect(error.message).toContain(
          'To find out, call Projects.stream and look for a project named "<name> copy".'
        )
        const all = Array.from(hub.state.projects.values(), ({ project }) => project)
        expect(all.filter(isCopy(`${name} copy`))).toHaveLength(copies)
      }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )
})
