// A change through one endpoint is visible through all others.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest
const review = "206f2f63-0c4d-4b8e-9a51-000000000001"
const project = `/project/${projectId}`

interface Task {
  readonly _id: string
  readonly externalId: string
  readonly asset: { readonly _id: string }
}

const get = (path: string) => Effect.map(askHub(`GET ${path}`), ({ data }) => data)

const listed = (query: string): Effect.Effect<ReadonlyArray<Task>, never, Emulator> =>
  Effect.map(get(`${project}/tasks?limit=100&sort=createdAt&${query}`), (data) => data.tasks)

const ids = (tasks: ReadonlyArray<Task>) => tasks.map(({ _id }) => _id)

const firstIn = (stage: string) =>
  Effect.flatMap(listed(`stage=${stage}`), ([task]) =>
    task === undefined ? Effect.dieMessage(`no task in ${stage}`) : Effect.succeed(task)
  )

const whole = (task: Task) => Effect.map(get(`/task/${task._id}?includeAnswer=true`), (data) => data.task)

const inStage = (stage: string) =>
  Effect.map(
    get(`/${projectId}/overview/LabelStageGroups`),
    (data): number =>
      data.LabelStageGroups.find((one: { readonly stage: string }) => one.stage === stage)?.count
  )

describe("a change is visible everywhere", () => {
  it.effect("an assigned task has its assignee, alone and in lists, also filtered by assignee", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Label")
        const user = "leila.haddad@example.com"
        yield* askHub("POST /task/assign", { project: projectId, tasks: [task._id], stage: "Label", user })
        expect(yield* whole(task)).toMatchObject({ assignee: user })
        expect(ids(yield* listed(`assignee=${user}`))).toContain(task._id)
        const filter = encodeURIComponent(JSON.stringify({ assignee: { $ne: user } }))
        expect(ids(yield* listed(`filter=${filter}`))).not.toContain(task._id)
      })
    )
  )

  it.effect("a requeue moves tasks between stages and adds history items", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Complete")
        const before = yield* Effect.all([inStage("Complete"), inStage("Label")])
        const { taskHistory } = yield* get(`/task/${task._id}/history`)
        yield* askHub(`POST ${project}/requeueTasks`, {
          toStageId: "Label",
          filters: { taskIds: [task._id] }
        })
        expect(yield* whole(task)).toMatchObject({ stage: "Label", status: "TODO" })
        expect(ids(yield* listed("stage=Label"))).toContain(task._id)
        expect(ids(yield* listed("stage=Complete"))).not.toContain(task._id)
        expect(yield* Effect.all([inStage("Complete"), inStage("Label")])).toEqual([
          before[0] - 1,
          before[1] + 1
        ])
        const after = yield* get(`/task/${task._id}/history`)
        expect(after.taskHistory).toMatchObject([...taskHistory, { stage: "Complete", rework: true }])
        const last = after.taskHistory.at(-1)
        expect(yield* get(`/taskHistory/${last.id}`)).toEqual({ taskHistory: last })
      })
    )
  )

  it.effect("a deleted project is unknown, with everything in it", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Complete")
        const { taskHistory } = yield* get(`/task/${task._id}/history`)
        const { issue } = yield* get(`/issues?project=${projectId}`)
        yield* askHub(`DELETE ${project}`)
        for (const request of [
          `GET ${project}`,
          `GET ${project}/tasks`,
          `GET ${project}/assets`,
          `GET /batches/${projectId}`,
          `GET /export?project=${projectId}`,
          `GET /issues?project=${projectId}`,
          `GET /${projectId}/overview/AssetSize`,
          `GET /getUploadUrl?name=a&project=${projectId}`,
          `DELETE ${project}`
        ]) {
          expect([request, yield* askHub(request)]).toMatchObject([
            request,
            { status: 400, message: `Invalid project: ${projectId}.` }
          ])
        }
        for (const request of [
          `GET /task/${task._id}`,
          `GET /task/${task._id}/history`,
          `GET /taskHistory/${taskHistory[0].id}`
        ]) {
          expect([request, yield* askHub(request)]).toMatchObject([request, { status: 404 }])
        }
        expect(yield* askHub(`POST /issues/${issue[0]._id}`, { status: "Closed" })).toMatchObject({
          status: 404
        })
        expect((yield* get("/listProjects")).total).toBe(2)
        const issues = yield* get("/issues?limit=1000")
        expect(issues.issue.filter((one: { readonly project: string }) => one.project === projectId)).toEqual(
          []
        )
      })
    )
  )

  it.effect("an issue counts on its task while it is open", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Label")
        const filter = encodeURIComponent(JSON.stringify({ openIssuesCount: { $gt: 0 } }))
        const counts = (count: number) =>
          Effect.gen(function* () {
            expect(yield* whole(task)).toMatchObject({ openIssuesCount: count })
            expect(ids(yield* listed(`filter=${filter}`)).includes(task._id)).toBe(count > 0)
          })
        yield* counts(0)
        const { data } = yield* askHub("POST /issues", { content: "Too wide", labelTask: task._id })
        yield* askHub("POST /issues", { content: "Too high", labelTask: task._id })
        yield* counts(2)
        yield* askHub(`POST /issues/${data.issue._id}`, { status: "Resolved" })
        yield* counts(1)
        const { issue } = yield* get(`/issues?labelTask=${task._id}&status=Open`)
        yield* askHub(`DELETE /issues/${issue[0]._id}?project=${projectId}`)
        yield* counts(0)
      })
    )
  )

  it.effect("imported labels are the task's annotations, alone, in lists and in metrics", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Start")
        const classifications = [{ title: "Weather", answer: "Fog" }]
        yield* askHub("POST /import/labels", {
          project: projectId,
          jsonContent: [{ externalId: task.externalId, classifications }]
        })
        const answer = {
          tools: [],
          classifications: [{ title: "Weather", answer: "5c4e5a5c4e000000000000c" }]
        }
        expect(yield* whole(task)).toMatchObject({ isPreLabeled: true, answer })
        const all = yield* listed("stage=Start&includeAnswer=true")
        expect(all.find(({ _id }) => _id === task._id)).toMatchObject({ answer })
        const { assets } = yield* get(`${project}/assets?_id=${task.asset._id}`)
        expect(assets).toMatchObject([{ isPreLabeled: true }])
        const { AnswerDistribution } = yield* get(`/${projectId}/overview/AnswerDistribution`)
        const counted = AnswerDistribution.map(({ name }: { readonly name: string }) => name)
        expect(counted).toContain("Weather: 5c4e5a5c4e000000000000c")
      })
    )
  )

  it.effect("priorities order old and new tasks", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Label")
        yield* askHub(`POST ${project}/updatePriority`, { priority: 500, filters: { taskIds: [task._id] } })
        yield* askHub(`POST ${project}/cloud`, {
          assets: [{ data: "https://files.example/now.jpg" }],
          priority: 900
        })
        yield* askHub(`POST ${project}/cloud`, {
          assets: [{ data: "https://files.example/last.jpg" }],
          priority: -900
        })
        const { tasks } = yield* get(`${project}/tasks?limit=100&sort=-priority,createdAt`)
        const queue = tasks.map(({ externalId }: Task) => externalId)
        expect([queue[0], queue[1], queue.at(-1)]).toEqual(["now.jpg", task.externalId, "last.jpg"])
      })
    )
  )

  it.effect("invited people become members and can be assigned tasks; removed members cannot", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const organization = `/organization/${hub.state.organization.id}`
        const user = "new@example.com"
        const task = yield* firstIn(review)
        const assign = Effect.map(
          askHub("POST /task/assign", { project: projectId, tasks: [task._id], stage: review, user }),
          ({ status }) => status
        )
        yield* askHub(`POST ${organization}/invites`, {
          to: [user],
          organizationRole: "member",
          projectAssignments: [{ projectId, projectRole: "Reviewer" }]
        })
        expect(yield* assign).toBe(400)
        yield* hub.acceptInvite(user)
        expect((yield* get(`${organization}/users?search=${user}`)).users).toMatchObject([{ email: user }])
        expect((yield* get(`${organization}/invites?status=pending&limit=100`)).invites).toHaveLength(2)
        expect((yield* get(project)).project.assignedTo).toContainEqual({ assignee: user, role: "Reviewer" })
        expect(yield* assign).toBe(200)
        expect(yield* whole(task)).toMatchObject({ assignee: user })
        yield* askHub(`DELETE ${organization}/users`, { users: [user] })
        expect(yield* assign).toBe(400)
      })
    )
  )

  it.effect(
    "a new batch is in the project; once assigned, it is on asset and task, and filters find it",
    () =>
      withHub(
        Effect.gen(function* () {
          const task = yield* firstIn("Label")
          yield* askHub(`POST /batches/${projectId}`, { batches: "Week 9" })
          const batch = (yield* get(`/batches/${projectId}`)).batches.at(-1)
          expect((yield* get(project)).project.batches.at(-1)).toEqual(batch)
          yield* askHub("POST /assignBatches", { assets: [task.asset._id], batches: [batch._id], projectId })
          expect(ids(yield* listed(`batches=${batch._id}`))).toEqual([task._id])
          expect((yield* whole(task)).batches).toContain(batch._id)
          const filters = encodeURIComponent(JSON.stringify({ batches: ["Week 9"] }))
          expect((yield* get(`${project}/assets?filters=${filters}`)).assets).toMatchObject([
            { _id: task.asset._id }
          ])
        })
      )
  )

  it.effect("deleting an asset deletes its task, history and issues, and updates the asset count", () =>
    withHub(
      Effect.gen(function* () {
        const task = yield* firstIn("Complete")
        const { data } = yield* askHub("POST /issues", { content: "x", labelTask: task._id })
        const before = yield* inStage("Complete")
        yield* askHub(`DELETE ${project}/assets`, { project: projectId, assets: [task.asset._id] })
        for (const path of [`/task/${task._id}`, `/task/${task._id}/history`, `/taskHistory/${task._id}`]) {
          expect([path, yield* askHub(`GET ${path}`)]).toMatchObject([path, { status: 404 }])
        }
        expect((yield* get(`/issues?labelTask=${task._id}`)).issue).toEqual([])
        expect(yield* askHub(`POST /issues/${data.issue._id}/comment`, { content: "y" })).toMatchObject({
          status: 404
        })
        expect(yield* inStage("Complete")).toBe(before - 1)
        expect((yield* get(project)).project.assetCount).toBe(59)
        expect((yield* get(`${project}/assets`)).total).toBe(59)
      })
    )
  )

  it.effect("a deleted task is removed from its asset", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const task = yield* firstIn("Label")
        expect(yield* hub.deleteTask(task._id)).toBe(true)
        expect(yield* hub.deleteTask(task._id)).toBe(false)
        expect(ids(yield* listed(""))).not.toContain(task._id)
        expect((yield* get(`${project}/assets?_id=${task.asset._id}`)).assets).toMatchObject([
          { labelTasks: [] }
        ])
      })
    )
  )
})
