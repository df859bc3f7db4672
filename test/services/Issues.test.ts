// Issues: create, comment, close, list and delete, against the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Exports, Issue, Issues, type NewIssue, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const hub = AngoTest.layer({ tasks: 60 })

const services = Effect.all({ issues: Issues, tasks: Tasks, emulator: Emulator })

// A task without issues.
const taskWithoutIssues = Effect.gen(function* () {
  const { tasks } = yield* services
  const [task] = (yield* tasks.page(projectId, { filter: { openIssuesCount: 0 }, limit: 1 })).items
  return yield* Effect.fromNullable(task)
})

const openOn = (taskId: string) =>
  Effect.flatMap(Tasks, (tasks) => Effect.map(tasks.get(taskId), ({ openIssuesCount }) => openIssuesCount))

describe("an issue", () => {
  it.effect("is counted in its task while it is open", () =>
    Effect.gen(function* () {
      const { issues } = yield* services
      const { id } = yield* taskWithoutIssues
      const first = yield* issues.create(id, { content: "The box is too wide." })
      const second = yield* issues.create(id, { content: "And this one too." })
      expect([first.status, first.labelTask, first.project]).toEqual(["Open", id, projectId])
      expect(yield* openOn(id)).toBe(2)

      const resolved = yield* issues.update(first.id, { status: "Resolved" })
      expect(resolved).toMatchObject({ status: "Resolved", resolvedBy: expect.stringContaining("@") })
      expect(yield* openOn(id)).toBe(1)

      const again = yield* issues.update(first.id, { status: "Open" })
      expect([again.resolvedBy, again.resolvedAt]).toEqual([null, null])
      expect(yield* openOn(id)).toBe(2)

      yield* issues.update(first.id, { status: "Closed" })
      yield* issues.delete(projectId, second.id)
      expect(yield* openOn(id)).toBe(0)
      expect(yield* Effect.flip(issues.comment(second.id, { content: "Gone?" }))).toMatchObject({
        _tag: "NotFound",
        status: 404
      })
    }).pipe(Effect.provide(hub))
  )

  it.effect.each([
    [{ at: { position: [25, 15.5] } }, { position: [25, 15.5] }],
    [{ at: { position: [0, 0], page: 2 } }, { position: [0, 0], page: 2 }],
    [{ at: { textIndex: 54 } }, { textIndex: 54 }],
    [{ at: { page: 0 } }, { page: 0 }],
    [{ at: { page: 4, pageEnd: 4 } }, { page: 4, pageEnd: 4 }],
    [{ at: { position: [1, 2], page: 0, pageEnd: 9 } }, { position: [1, 2], page: 0, pageEnd: 9 }],
    [{ at: { textIndex: 0, page: 2 } }, { textIndex: 0, page: 2 }],
    [{ at: { dataIndex: 0 } }, { dataIndex: 0 }],
    [{ at: { plane: "S" } }, { plane: "S" }],
    [
      { at: { position: [3, 4], page: 42, dataIndex: 1, plane: "A" } },
      { position: [3, 4], page: 42, dataIndex: 1, plane: "A" }
    ],
    // A span has the form of a position on the wire.
    [{ at: { span: [0, 3.25] } }, { position: [0, 3.25] }],
    [{ objectId: "abc" }, undefined],
    [{}, undefined]
  ] as ReadonlyArray<readonly [Partial<NewIssue>, Issue.IssueLocation | undefined]>)(
    "keeps its place: %j, in responses, lists and exports",
    ([where, place]) =>
      Effect.gen(function* () {
        const { issues } = yield* services
        const { id } = yield* taskWithoutIssues
        const created = yield* issues.create(id, { content: "Here.", ...where })
        expect(Issue.locationOf(created)).toEqual(place)
        const [matches] = yield* issues.page({ task: id })
        expect(matches === undefined ? "nothing" : Issue.locationOf(matches)).toEqual(place)
        expect(matches?.objectId).toBe(where.objectId)
        const exports = yield* Exports
        const rows = yield* Stream.runCollect(exports.stream(projectId, { type: "issue" }))
        const row = Chunk.findFirst(rows, (issue) => issue.id === created.id)
        expect(Option.map(row, Issue.locationOf)).toEqual(Option.some(place))
      }).pipe(Effect.provide(hub))
  )

  it.effect("keeps its text, codes and details, and gets comments with ids and mentions", () =>
    Effect.gen(function* () {
      const { issues } = yield* services
      const { id } = yield* taskWithoutIssues
      const errorCodes = [{ category: "Geometry", name: "Too wide", key: "G1" }]
      const created = yield* issues.create(id, {
        content: "First.",
        mentions: ["ines.moreau@example.com"],
        errorCodes,
        pctDetails: { frame: 12 }
      })
      expect(created.contentMentions).toEqual([
        { userEmail: "ines.moreau@example.com", userName: "Ines Moreau" }
      ])
      const changed = yield* issues.update(created.id, { content: "Second.", mentions: [] })
      expect(changed).toMatchObject({ content: "Second.", contentMentions: [], errorCodes })
      yield* issues.comment(created.id, { content: "Why?" })
      const { comments } = yield* issues.comment(created.id, { content: "Because." })
      expect(comments?.map(({ content }) => content)).toEqual(["Why?", "Because."])
      expect(new Set(comments?.map(({ id }) => id)).size).toBe(2)
      const [listed] = yield* issues.page({ task: id })
      expect(listed).toMatchObject({ content: "Second.", comments, pctDetails: { frame: 12 } })
    }).pipe(Effect.provide(hub))
  )

  it.effect("is deleted with its task", () =>
    Effect.gen(function* () {
      const { emulator, issues } = yield* services
      const { id } = yield* taskWithoutIssues
      const issue = yield* issues.create(id, { content: "Soon gone." })
      yield* emulator.deleteTask(id)
      expect(yield* issues.page({ task: id })).toEqual([])
      expect(yield* Effect.flip(issues.update(issue.id, { status: "Closed" }))).toMatchObject({
        _tag: "NotFound"
      })
    }).pipe(Effect.provide(hub))
  )
})

describe("the list of issues", () => {
  it.effect("contains the issues of the seed, as counted in the tasks", () =>
    Effect.gen(function* () {
      const { issues, tasks } = yield* services
      const open = yield* issues.collect({ project: projectId, status: "Open", limit: 1000 })
      expect(open.length).toBeGreaterThan(1)
      const withIssues = yield* tasks.page(projectId, {
        openIssuesCount: { above: 0 },
        limit: 1000
      })
      expect(withIssues.items.map(({ id }) => id as string).toSorted()).toEqual(
        open.map(({ labelTask }) => String(labelTask)).toSorted()
      )
    }).pipe(Effect.provide(hub))
  )

  it.effect("is complete and oldest first when streamed; a page has 10 issues by default", () =>
    Effect.gen(function* () {
      const { emulator, issues } = yield* services
      const { id } = yield* taskWithoutIssues
      for (let number = 1; number <= 15; number++) yield* issues.create(id, { content: `Number ${number}` })
      expect(yield* issues.page({ task: id })).toHaveLength(10)
      const all = Chunk.toReadonlyArray(yield* Stream.runCollect(issues.stream({ task: id })))
      expect(all.map(({ content }) => content)).toEqual(
        Array.from({ length: 15 }, (_, index) => `Number ${index + 1}`)
      )
      const pages = Chunk.toReadonlyArray(yield* Stream.runCollect(issues.pages({ task: id })))
      expect(pages).toEqual([all.slice(0, 7), all.slice(7, 14), all.slice(14)])
      expect(emulator.state.issues.size).toBeGreaterThan(15)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 60, pageSize: 7 })))
  )

  it.effect("fails with ListTooLong when there are more than the limit", () =>
    Effect.gen(function* () {
      const { issues } = yield* services
      expect(yield* Effect.flip(issues.collect({ limit: 2 }))).toMatchObject({
        _tag: "ListTooLong",
        limit: 2,
        total: 3
      })
    }).pipe(Effect.provide(hub))
  )

  it.effect.each(["project", "asset", "task", "stage", "createdBy", "status"] as const)(
    "can be filtered by %s",
    (name) =>
      Effect.gen(function* () {
        const { issues } = yield* services
        const all = yield* issues.collect({ limit: 1000 })
        const key = name === "task" ? "labelTask" : name
        const value = String(all[0]?.[key])
        const matches = yield* issues.collect({ [name]: value, limit: 1000 })
        expect(matches.length).toBeGreaterThan(0)
        expect(matches).toEqual(all.filter((issue) => String(issue[key]) === value))
      }).pipe(Effect.provide(hub))
  )
})

describe("the type of a new issue", () => {
  it("excludes what the API excludes", () => {
    const content = "x"
    const valid: ReadonlyArray<NewIssue> = [
      { content, objectId: "a" },
      { content, at: { position: [1, 2], page: 0, pageEnd: 1, plane: "A" } }
    ]
    // @ts-expect-error: a location and an object
    const both: NewIssue = { content, objectId: "a", at: { page: 0 } }
    // @ts-expect-error: a last page without a first one
    const lastPage: NewIssue = { content, at: { pageEnd: 1 } }
    // @ts-expect-error: two places
    const twoPlaces: NewIssue = { content, at: { textIndex: 1, span: [1, 2] } }
    expect([...valid, both, lastPage, twoPlaces]).toHaveLength(5)
  })
})

describe("invalid calls", () => {
  const create = (issue: Record<string, unknown>) =>
    Effect.flatMap(Issues, (issues) =>
      issues.create("65aa0000000000000000b001", issue as unknown as NewIssue)
    )

  it.effect.each([
    [create({ content: "" }), "content", "a text that is not empty"],
    [create({ content: " \n" }), "content", "a text that is not empty"],
    [create({ content: "x", at: { position: [1, -2] } }), "position", "a position [x, y] in pixels"],
    [create({ content: "x", at: { position: [Number.NaN, 1] } }), "position", "a position [x, y] in pixels"],
    [create({ content: "x", at: { textIndex: -1 } }), "position", "the index of a character"],
    [create({ content: "x", at: { textIndex: 1.5 } }), "position", "the index of a character"],
    [create({ content: "x", at: { page: -1 } }), "page", "a page or frame number, counted from 0"],
    [create({ content: "x", at: { page: 1.5 } }), "page", "a page or frame number, counted from 0"],
    [create({ content: "x", at: { page: 0, pageEnd: -1 } }), "pageEnd", "not below page"],
    [create({ content: "x", at: { page: 5, pageEnd: 4 } }), "pageEnd", "not below page"],
    [create({ content: "x", at: { page: 5, pageEnd: 5.5 } }), "pageEnd", "a page or frame number"],
    [create({ content: "x", at: { pageEnd: 4 } }), "pageEnd", "together with the first one"],
    [create({ content: "x", at: { dataIndex: -1 } }), "dataIndex", "the index of a part"],
    [create({ content: "x", at: { plane: "axial" } }), "plane", "a plane of a medical image: A, S or C"],
    [create({ content: "x", at: { span: [3, 1] } }), "span", "to not before from"],
    [create({ content: "x", at: { span: [-1, 1] } }), "position", "[from, to] in seconds"],
    [create({ content: "x", at: {} }), "at", "leave out at for the whole task"],
    [create({ content: "x", at: { postion: [1, 2] } }), "at.postion", "Unknown location; there are position"],
    [create({ content: "x", objectId: "" }), "objectId", "leave objectId out for the whole task"],
    [create({ content: "x", at: { page: undefined } }), "at", "leave out at for the whole task"],
    [create({ content: "x", at: { textIndex: 1, position: [1, 2] } }), "at", "one of position, textIndex"],
    [create({ content: "x", at: { span: [1, 2], position: [1, 2] } }), "at", "one of position, textIndex"],
    ...[
      { position: [1, 2] },
      { textIndex: 0 },
      { span: [1, 2] },
      { page: 0 },
      { dataIndex: 0 },
      { plane: "C" }
    ].map((at) => [create({ content: "x", at, objectId: "a" }), "objectId", "not both"] as const),
    [create({ content: "x", mentions: ["Ines"] }), "contentMentions[0]", "an e-mail address"],
    [
      Effect.flatMap(Issues, (issues) => issues.update("f001", {})),
      "changes",
      "Give at least one of content"
    ],
    [
      Effect.flatMap(Issues, (issues) => issues.update("f001", { mentions: ["a@example.com"] })),
      "contentMentions",
      "together with the content"
    ],
    [Effect.flatMap(Issues, (issues) => issues.comment("f001", { content: "" })), "content", "not empty"]
  ] as const)("%# are refused before any request", ([call, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* (yield* Emulator).requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect("fail with NotFound for unknown tasks, issues and projects", () =>
    Effect.gen(function* () {
      const { issues } = yield* services
      const [issue] = yield* issues.page({ project: projectId, limit: 1 })
      for (const call of [
        issues.create("nobody", { content: "x" }),
        issues.update("nobody", { status: "Closed" }),
        issues.comment("nobody", { content: "x" }),
        issues.delete(projectId, "nobody"),
        issues.delete("nobody", String(issue?.id)),
        issues.page({ project: "nobody" })
      ]) {
        expect(yield* Effect.flip(call as Effect.Effect<unknown, unknown>)).toMatchObject({
          _tag: "NotFound"
        })
      }
    }).pipe(Effect.provide(hub))
  )

  it.effect("fail with Forbidden without permission, and do not repeat a create", () =>
    Effect.gen(function* () {
      const { emulator, issues } = yield* services
      const { id } = yield* taskWithoutIssues
      yield* emulator.faults.on("issues.create", [Faults.fail(403), Faults.fail(502)])
      expect(yield* Effect.flip(issues.create(id, { content: "x" }))).toMatchObject({ _tag: "Forbidden" })
      expect(yield* Effect.flip(issues.create(id, { content: "x" }))).toMatchObject({
        _tag: "AmbiguousOutcome"
      })
      expect(yield* emulator.requests("issues.create")).toHaveLength(2)
    }).pipe(Effect.provide(hub))
  )
})
