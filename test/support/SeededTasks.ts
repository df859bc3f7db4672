// The tasks of the first project of the seed, for tests that change tasks.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Annotations, Assets, Projects, Tasks } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

/** Runs a test with the service over 60 tasks. */
export const withTasks = <A, E>(
  test: (tasks: Tasks["Type"]) => Effect.Effect<A, E, Tasks | Assets | Projects | Emulator>
) => Effect.provide(Effect.flatMap(Tasks, test), AngoTest.layer({ tasks: 60 }))

/** Runs a test with both services over 60 tasks. */
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

/** The ids of the stages for review and rework. */
export const stages = Effect.gen(function* () {
  const { stages } = yield* (yield* Projects).get(projectId)
  const byName = (name: string) => stages?.find((stage) => stage.name === name)?.id ?? "none"
  return { review: byName("Quality review"), rework: byName("Rework") }
})

/** All tasks of a stage. */
export const inStage = (stage: string) =>
  Effect.flatMap(Tasks, (tasks) => tasks.collect(projectId, { stage, limit: 1000 }))

/** The project in the state of the emulator. */
export const seeded = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("the seed has no first project")
  return stored
})

/** The stage history of a task, from its asset. */
export const visitsOf = (taskId: string) =>
  Effect.gen(function* () {
    const assets = yield* (yield* Assets).collect(projectId, { limit: 1000 })
    return assets.flatMap(({ labelTasks }) => labelTasks ?? []).find(({ id }) => id === taskId)?.stageHistory
  })

/** Expects that no request was sent. */
export const nothingSent = Effect.gen(function* () {
  const hub = yield* Emulator
  expect(yield* hub.requests()).toEqual([])
})

/** One task of a stage (by name or id), with its answer. */
export const taskIn = (stage: string) =>
  Effect.gen(function* () {
    const { stages } = yield* (yield* Projects).get(projectId)
    const id = stages?.find(({ name }) => name === stage)?.id ?? stage
    const [task] = yield* (yield* Tasks).collect(projectId, { stage: id, limit: 1000, includeAnswer: true })
    if (task === undefined) throw new Error(`no task in ${stage}`)
    return task
  })
