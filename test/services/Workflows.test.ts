// The workflow of a project: replaced, validated before it is sent, and its webhooks rerun.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Projects, type Stage, Tasks } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { refuses, reviewed, stage, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

describe("the workflow", () => {
  it.effect("is replaced as a whole, with fields that only some stages have", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const answered = yield* projects.setStages(projectId, reviewed)
        const { stages } = yield* projects.get(projectId)
        expect(stages).toEqual(reviewed)
        expect(answered.stages).toEqual(reviewed)
      })
    )
  )

  it.effect("can be copied from another project", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const { stages = [] } = yield* projects.get(projectId)
        const { id } = yield* projects.create({ name: "Same steps" })
        yield* projects.setStages(id, stages ?? [])
        expect((yield* projects.get(id)).stages).toEqual(stages)
      })
    )
  )

  it.effect("leaves no task in a removed stage", () =>
    Effect.gen(function* () {
      const { projects, tasks } = yield* Effect.all({ projects: Projects, tasks: Tasks })
      const before = yield* tasks.collect(projectId, { limit: 100 })
      const gone = before.filter(({ stage }) => !["Start", "Label", "Complete"].includes(stage ?? ""))
      expect(gone.length).toBeGreaterThan(0)
      yield* projects.setStages(projectId, [
        stage("Start", "Start", "Label"),
        stage("Label", "Label", "Complete"),
        stage("Complete", "Complete")
      ])
      const after = yield* tasks.collect(projectId, { limit: 100 })
      const moved = after.filter(({ id }) => gone.some((task) => task.id === id))
      expect(moved.map(({ assignee, stage, status }) => [stage, status, assignee])).toEqual(
        gone.map(() => ["Start", "TODO", null])
      )
      expect(after.filter((task) => !moved.includes(task))).toEqual(
        before.filter((task) => !gone.includes(task))
      )
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )

  it.effect("can lead to the id of a consensus", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const consensus: ReadonlyArray<Stage.StageInput> = [
          stage("Start", "Start", "both"),
          { ...stage("a", "Label", "both"), consensusId: "both" },
          { ...stage("b", "Label", "both"), consensusId: "both" },
          stage("agree", "Consensus", "Complete", "Start"),
          stage("Complete", "Complete")
        ]
        expect((yield* projects.setStages(projectId, consensus)).stages).toEqual(consensus)
      })
    )
  )

  const broken: ReadonlyArray<readonly [string, ReadonlyArray<Stage.StageInput>, string, RegExp]> = [
    [
      "a repeated id",
      [...reviewed, stage("Label", "Label", "Complete")],
      "stages[5].id",
      /"Label" is the id of an earlier stage/
    ],
    [
      "a next stage that does not exist",
      reviewed.map((one) => (one.id === "check" ? stage("check", "Review", "Complete", "rework") : one)),
      "stages[2].next",
      /"rework" is not a stage of this workflow\. Use one of Start, Label, check, notify, Complete\./
    ],
    ["no Start", reviewed.slice(1), "stages", /There is no stage of type Start/],
    ["no Complete", reviewed.slice(0, -1), "stages", /There is no stage of type Complete/],
    ["no stage", [], "stages", /There is no stage of type Start/],
    ["an invalid id", [stage("a/b", "Start")], "stages[0].id", /Expected an id of 1 to 128 letters/]
  ]

  it.effect.each(broken)("with %s is refused", ([, stages, parameter, words]) =>
    refuses((projects) => projects.setStages(projectId, stages), parameter, words)
  )
})

describe("a webhook", () => {
  it.effect("is rerun by the id of its stage", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* projects.setStages(projectId, reviewed)
        expect(yield* projects.rerunWebhook(projectId, "notify")).toBeUndefined()
        const [request] = yield* hub.requests("projects.rerunWebhook")
        expect(request?.url).toMatch(new RegExp(`^/v2/project/${projectId}/rerun-webhook$`))
        expect(yield* Effect.flip(projects.rerunWebhook(projectId, "Label"))).toMatchObject({
          _tag: "BadRequest"
        })
        expect(yield* Effect.flip(projects.rerunWebhook(projectId, "nowhere"))).toMatchObject({
          _tag: "NotFound"
        })
      })
    )
  )

  it.effect("requires an id", () =>
    refuses(
      (projects) => projects.rerunWebhook(projectId, ""),
      "stageId",
      /Expected an id of 1 to 128 letters/
    )
  )
})
