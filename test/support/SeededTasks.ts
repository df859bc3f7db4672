// The first project of the seed, by what its tasks are in: what tests that change tasks start from and look at.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Annotations, Assets, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

/** A test with the service, over a hub of 60 tasks. */
export const withTasks = <A, E>(
  test: (tasks: Tasks["Type"]) => Effect.Effect<A, E, Tasks | Assets | Projects | Emulator>
) => Effect.provide(Effect.flatMap(Tasks, test), AngoTest.layer({ tasks: 60 }))

/** The same with two services. */
export const withAnnotations = <A, E>(
  test: (
    annotations: Annotations["Type"],
    tasks: Tasks["Type"]
  ) => Effect.Effect<A, E, Annotations | Tasks | Assets | Projects | Emulator>
) =>
  Effect.provide(
    Effect.flatMap(Effect.all([Annotations, Tasks]), ([annotations, tasks]) => test(annotations, tasks)),
    AngoTest.layer({ tasks: 60 })
  )

/** The ids of the two stages that are drawn. */
export const stages = Effect.gen(function* () {
  const { stages } = yield* (yield* Projects).get(projectId)
  const byName = (name: string) => stages?.find((stage) => stage.name === name)?.id ?? "none"
  return { review: byName("Quality review"), rework: byName("Rework") }
})

/** All tasks of a stage. */
export const inStage = (stage: string) =>
  Effect.flatMap(Tasks, (tasks) => tasks.collect(projectId, { stage, limit: 1000 }))

/** The project as the hub holds it. */
export const seeded = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("the seed has no first project")
  return stored
})

/** The stages that a task went through, as its asset tells. */
export const visitsOf = (taskId: string) =>
  Effect.gen(function* () {
    const assets = yield* (yield* Assets).collect(projectId, { limit: 1000 })
    return assets.flatMap(({ labelTasks }) => labelTasks ?? []).find(({ id }) => id === taskId)?.stageHistory
  })

export const nothingSent = Effect.gen(function* () {
  const hub = yield* Emulator
  expect(yield* hub.requests()).toEqual([])
})

/** One task of a stage, named by its name or id, with the answer. */
export const taskIn = (stage: string) =>
  Effect.gen(function* () {
    const { stages } = yield* (yield* Projects).get(projectId)
    const id = stages?.find(({ name }) => name === stage)?.id ?? stage
    const [task] = yield* (yield* Tasks).collect(projectId, { stage: id, limit: 1000, includeAnswer: true })
    if (task === undefined) throw new Error(`no task in ${stage}`)
    return task
  })
