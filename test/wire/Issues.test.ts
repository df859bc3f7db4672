import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Issue, type IssueFilter, Issues, type IssueUpdate, type NewIssue } from "effect-ango"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { reads, sends } from "../support/WireCases.js"

const project = "65aa0000000000000000a001"
const task = "65aa0000000000000000b001"
const video = "65aa0000000000000000b012"
const issueId = "65aa0000000000000000f001"
const objectId = "1111456789abcdef0123401"

const issues = <A>(f: (service: Issues["Type"]) => Effect.Effect<A, unknown>) => Effect.flatMap(Issues, f)

const create = (issue: Partial<NewIssue> = {}, taskId = task) => ({
  call: issues((service) => service.create(taskId, { content: "The ear is cut off", ...issue }))
})
const update = (changes: IssueUpdate) => ({ call: issues((service) => service.update(issueId, changes)) })
const comment = (content: string, mentions?: ReadonlyArray<string>) => ({
  call: issues((service) => service.comment(issueId, { content, mentions }))
})
const page = (filter: IssueFilter & { readonly page?: number; readonly limit?: number } = {}) => ({
  call: issues((service) => service.page({ project, ...filter }))
})

const tooWide = { category: "Geometry", name: "Too wide", key: "G1" }
const wrongMood = { category: "Attribute", name: "Wrong mood" }
const mentions = ["lab@example.com", "lab+night@example.com"]
const at = { position: [50, 120] } as const
const pctDetails = {
  attribute: "size",
  class: "Truck",
  frame: 12,
  endInputFrame: 20,
  instance: "truck-1",
  severity: "high",
  referenceIndex: 3,
  marker: {
    type: "box",
    value: {
      geometry: {
        position: { x: 1.5, y: -2, z: 0.25 },
        rotation: { x: 0, y: 0, z: 1.57 },
        boxSize: { x: 4, y: 2, z: 1.8 }
      }
    }
  }
}

sends("issues.list", {
  project: page(),
  asset: page({ asset: "65aa0000000000000000e001" }),
  task: page({ task }),
  "stage-default": page({ stage: "Label" }),
  "stage-uuid": page({ stage: "206f2f63-0000-4000-8000-000000000006" }),
  "created-by": page({ createdBy: "rev+night@example.com" }),
  "status-open": page({ status: "Open" }),
  "status-resolved": page({ status: "Resolved" }),
  "status-closed": page({ status: "Closed" }),
  assignee: page({ assignee: "lab@example.com" }),
  "page-and-limit": page({ page: 2, limit: 50 }),
  "all-together": page({
    asset: "65aa0000000000000000e001",
    task,
    stage: "Label",
    createdBy: "rev@example.com",
    status: "Open",
    assignee: "lab@example.com",
    page: 1,
    limit: 100
  })
})

sends("issues.create", {
  least: create(),
  "awkward-content": create({ content: 'Das "Ohr" & der Schwanz: 50%+\n猫 a/b\\c' }),
  "position-point": create({ at }),
  "position-fraction-and-zero": create({ at: { position: [0, 12.5] } }),
  "position-text-index": create({ content: "A word is missing", at: { textIndex: 54 } }),
  "position-text-index-zero": create({ content: "A word is missing", at: { textIndex: 0 } }),
  "position-and-page": create({ content: "Lost from here on", at: { ...at, page: 150 } }, video),
  "page-zero": create({ content: "Lost from here on", at: { page: 0 } }, video),
  "page-range": create({ content: "Lost from here on", at: { page: 0, pageEnd: 20 } }, video),
  "position-span": create({ content: "Two speakers", at: { span: [1.5, 3.25] } }),
  "data-index": create({ content: "Empty part", at: { dataIndex: 0 } }),
  plane: create({ content: "Wrong slice", at: { position: [25, 15], page: 42, plane: "A" } }),
  "content-mentions": create({ content: "@Lab please look", mentions }),
  "content-mentions-empty": create({ mentions: [] }),
  "object-id": create({ content: "This box is too wide", objectId }),
  "error-codes": create({ content: "This box is too wide", errorCodes: [tooWide, wrongMood] }),
  "error-codes-empty": create({ content: "This box is too wide", errorCodes: [] }),
  "pct-details": create({ content: "Truck too short", pctDetails }),
  "fullest-by-position": create({
    content: "@Lab too wide",
    at: { ...at, page: 3, pageEnd: 9, dataIndex: 1, plane: "S" },
    mentions: ["lab@example.com"],
    errorCodes: [tooWide],
    pctDetails: { frame: 12 }
  }),
  "fullest-by-object": create({
    content: "@Lab too wide",
    objectId,
    mentions: ["lab@example.com"],
    errorCodes: [tooWide],
    pctDetails: { frame: 12 }
  }),
  "us-region": { ...create(), region: "us" }
})

sends("issues.update", {
  content: update({ content: 'Das "Ohr" & 猫' }),
  "content-with-mentions": update({ content: "@Lab please look", mentions: ["lab@example.com"] }),
  "content-with-no-mentions": update({ content: "please look", mentions: [] }),
  "status-resolved": update({ status: "Resolved" }),
  "status-closed": update({ status: "Closed" }),
  "status-open": update({ status: "Open" }),
  "pct-details": update({ pctDetails: { frame: 0, severity: "low" } }),
  "error-codes": update({ errorCodes: [tooWide, wrongMood] }),
  "error-codes-empty": update({ errorCodes: [] }),
  fullest: update({
    errorCodes: [tooWide],
    pctDetails: { frame: 12 },
    status: "Resolved",
    mentions: ["lab@example.com"],
    content: "@Lab done"
  })
})

sends("issues.comment", {
  least: comment("Fixed"),
  "awkward-content": comment('"Fertig" & 50%+\n猫🐈 a/b\\c'),
  mentions: comment("@Rev @Lead done", ["rev@example.com", "lead+day@example.com"]),
  "mentions-empty": comment("Fixed", [])
})

sends("issues.delete", { default: { call: issues((service) => service.delete(project, issueId)) } })

reads("issues.list", page().call)
reads("issues.create", create().call)
reads("issues.update", update({ status: "Resolved" }).call)
reads("issues.comment", comment("Fixed").call)
reads(
  "issues.delete",
  Effect.flatMap(Issues, (service) => service.delete(project, issueId))
)

describe("issues", () => {
  const listed = (name: string) =>
    Effect.provide(
      page().call,
      scripted([() => toResponse(block(golden("issues.list").responses, name))]).layer
    )

  it.effect("issue-list-key: the list is decoded under `issue` and under `issues`", () =>
    Effect.gen(function* () {
      expect(yield* listed("docs-v2")).toHaveLength(1)
      expect(yield* listed("issues-key")).toHaveLength(2)
    })
  )

  it.effect("issue-list-key: a list under neither name is an error, not an empty list", () =>
    Effect.gen(function* () {
      const hub = scripted([() => Response.json({ status: "success", data: { message: "none" } })])
      expect(yield* Effect.flip(Effect.provide(page().call, hub.layer))).toMatchObject({
        _tag: "DecodeError"
      })
    })
  )

  it.effect("issue-position: positions of any client are decoded", () =>
    Effect.gen(function* () {
      const places = (yield* listed("variants")).map(Issue.locationOf)
      expect(places.slice(4)).toEqual([{ textIndex: 54 }, { position: [50.5, 120], page: 150 }, undefined])
      expect((yield* listed("position-none")).map(Issue.locationOf)).toEqual([undefined])
      expect((yield* listed("docs-v2")).map(Issue.locationOf)).toEqual([{ position: [25, 15] }])
      expect(Issue.locationOf({ position: [1, 2] })).toEqual({ position: [1, 2] })
      expect(Issue.locationOf({ page: 0 })).toEqual({ page: 0 })
      expect(Issue.locationOf({ position: "[1,2,3]", page: null })).toBeUndefined()
    })
  )

  it.effect("the stream reads pages until one has nothing new, and scans again until two scans match", () =>
    Effect.gen(function* () {
      const list = (...ids: ReadonlyArray<string>) =>
        Response.json({
          status: "success",
          data: { issue: ids.map((id) => ({ _id: `65aa0000000000000000f00${id}` })) }
        })
      const hub = scripted(
        [
          () => list("1", "2"),
          () => list("2", "3"),
          () => list("3", "2"),
          () => list("1", "2"),
          () => list("3")
        ],
        { pageSize: 7 }
      )
      const found = yield* Effect.provide(
        issues((service) => Stream.runCollect(service.stream({ project }))),
        hub.layer
      )
      expect([...found].map(({ id }) => id.at(-1))).toEqual(["1", "2", "3"])
      expect(hub.requests.map(({ url }) => new URL(url).search)).toEqual([
        `?project=${project}&page=1&limit=7&sort=createdAt`,
        `?project=${project}&page=2&limit=2&sort=createdAt`,
        `?project=${project}&page=3&limit=2&sort=createdAt`,
        `?project=${project}&page=1&limit=7&sort=createdAt`,
        `?project=${project}&page=2&limit=2&sort=createdAt`
      ])
    })
  )
})
