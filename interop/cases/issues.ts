// Issues.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type IssueFilter, Issues } from "effect-ango"
import { member } from "../pythonClient.js"
import { assetsOf, at, type Cases, listAt, newProject, taskIds } from "./case.js"

const issuesOf = (filter: IssueFilter) =>
  Effect.flatMap(Issues, (issues) => issues.collect({ ...filter, limit: 100 }))

const only = (filter: IssueFilter) =>
  Effect.map(issuesOf(filter), (issues) => {
    expect(issues).toHaveLength(1)
    return issues[0]
  })

export const issues: Cases = {
  create_issue: Effect.fn(function* (call) {
    const project = yield* newProject(5)
    const [pair = "", number = "", object = "", frames = "", plane = ""] = yield* taskIds(project)
    const codes = [{ category: "Geometry", name: "Too small" }]
    yield* call([pair, "Too wide"], {
      position: [25, 15],
      content_mentions: ["grace.adeyemi@example.com"],
      error_codes: codes,
      pct_details: { attribute: "size", frame: 3 }
    })
    expect(yield* only({ task: pair })).toMatchObject({
      content: "Too wide",
      status: "Open",
      position: "[25, 15]",
      contentMentions: [{ userEmail: "grace.adeyemi@example.com" }],
      errorCodes: codes,
      pctDetails: { attribute: "size", frame: 3 }
    })
    yield* call([object, "This one"], { object_id: "object-1" })
    expect(yield* only({ task: object })).toMatchObject({ objectId: "object-1" })
    // Before 1.4.0 a position was a list, and an issue had no other place.
    if (!call.accepts("page")) return
    yield* call([number, "Here"], { position: 0 })
    expect(yield* only({ task: number })).toMatchObject({ position: "0" })
    yield* call([frames, "In these frames"], { page: 2, page_end: 4, data_index: 1 })
    expect(yield* only({ task: frames })).toMatchObject({ page: 2, pageEnd: 4, dataIndex: 1 })
    yield* call([plane, "From the side"], { page: 0, plane: member("MedicalPlane", "Sagittal") })
    expect(yield* only({ task: plane })).toMatchObject({ page: 0, plane: "S" })
  }),

  get_issues: Effect.fn(function* (call) {
    const project = yield* newProject(2)
    const [task1 = "", task2 = ""] = yield* taskIds(project)
    const service = yield* Issues
    for (const task of [task1, task1, task2]) yield* service.create(task, { content: "Look" })
    const assets = yield* assetsOf(project)
    const find = (kwargs: Record<string, unknown>) =>
      Effect.map(call([project], kwargs), (answer) => listAt(answer, "data.issue"))
    const ids = (found: ReadonlyArray<unknown>) => found.map((one) => at(one, "_id")).toSorted()
    const idsOf = (filter: IssueFilter) =>
      Effect.map(issuesOf(filter), (all) => all.map(({ id }) => id as string).toSorted())
    expect(ids(yield* find({}))).toEqual(yield* idsOf({ project }))
    expect(yield* find({ task_id: task1 })).toHaveLength(2)
    expect(ids(yield* find({ task_id: task2 }))).toEqual(yield* idsOf({ task: task2 }))
    expect(ids(yield* find({ asset_id: assets.get("2.jpg")?.id }))).toEqual(yield* idsOf({ task: task2 }))
    expect(yield* find({ stage_id: "Label" })).toHaveLength(3)
    expect(yield* find({ stage_id: "Complete" })).toEqual([])
    expect(yield* find({ created_by: "grace.adeyemi@example.com" })).toHaveLength(3)
    expect(yield* find({ created_by: "amara.okafor@example.com" })).toEqual([])
  }),

  update_issue: Effect.fn(function* (call) {
    const project = yield* newProject(1)
    const [task = ""] = yield* taskIds(project)
    const { id } = yield* (yield* Issues).create(task, { content: "Look" })
    yield* call([id], {
      content: "Look again",
      content_mentions: ["ines.moreau@example.com"],
      status: "Resolved",
      error_codes: [{ category: "Class", name: "Wrong" }],
      pct_details: { severity: "high" }
    })
    expect(yield* only({ task })).toMatchObject({
      content: "Look again",
      contentMentions: [{ userEmail: "ines.moreau@example.com" }],
      status: "Resolved",
      errorCodes: [{ category: "Class", name: "Wrong" }],
      pctDetails: { severity: "high" }
    })
    yield* call([id], { status: "Closed" })
    expect(yield* only({ task })).toMatchObject({ content: "Look again", status: "Closed" })
  }),

  add_comment_to_issue: Effect.fn(function* (call) {
    const project = yield* newProject(1)
    const [task = ""] = yield* taskIds(project)
    const { id } = yield* (yield* Issues).create(task, { content: "Look" })
    yield* call([id, "Done"], { content_mentions: ["ines.moreau@example.com"] })
    yield* call([id, "Thanks"])
    expect((yield* only({ task }))?.comments).toMatchObject([
      { content: "Done", contentMentions: [{ userEmail: "ines.moreau@example.com" }] },
      { content: "Thanks" }
    ])
  }),

  delete_issue: Effect.fn(function* (call) {
    const project = yield* newProject(1)
    const [task = ""] = yield* taskIds(project)
    const service = yield* Issues
    const { id } = yield* service.create(task, { content: "Look" })
    const kept = yield* service.create(task, { content: "Keep" })
    yield* call([project, id])
    expect((yield* only({ project }))?.id).toBe(kept.id)
  })
}
