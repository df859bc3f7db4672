// Services return what they wrote.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { CategorySchema, Issue, Issues, type NewIssue, Projects } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { NewProject, updatableFields } from "../../src/schemas/ProjectInput.js"
import { inputs } from "../support/WireValues.js"

const { projectId } = AngoTest

const hub = ManagedRuntime.make(AngoTest.layer({ tasks: 1 }))

const runs = { fastCheck: { numRuns: 25 } }

type Classifications = CategorySchema.CategorySchema["classifications"]

// What a classification has when it was written without it.
const written = (classifications: Classifications): Classifications =>
  classifications?.map((classification) => ({
    treeOptions: [],
    frameSpecific: false,
    richText: false,
    showDropdown: false,
    ...nested(classification)
  }))

const nested = <A extends { readonly classifications?: Classifications }>(parent: A): A =>
  parent.classifications == null ? parent : { ...parent, classifications: written(parent.classifications) }

const stored = (labelSet: CategorySchema.CategorySchema) => ({
  tools: [],
  classifications: [],
  relations: [],
  ...nested(labelSet),
  ...(labelSet.tools == null ? {} : { tools: labelSet.tools.map(nested) }),
  ...(labelSet.relations == null ? {} : { relations: labelSet.relations.map(nested) })
})

// What the hub does with unknown fields is not known.
const settingsOf = (project: NewProject): Partial<NewProject> =>
  Object.fromEntries(Object.entries(project).filter(([name]) => updatableFields.includes(name)))

const storedSettings = (project: NewProject): Partial<NewProject> =>
  project.categorySchema === undefined
    ? settingsOf(project)
    : { ...settingsOf(project), categorySchema: stored(project.categorySchema) }

describe("a project", () => {
  it.effect.prop(
    "has the settings of its creation, then those of an update",
    [inputs(NewProject), inputs(NewProject)],
    ([first, then]) =>
      Effect.gen(function* () {
        const projects = yield* Projects
        const created = yield* projects.create(first)
        expect(created).toMatchObject(storedSettings(first))
        expect(yield* projects.get(created.id)).toEqual(created)

        const { categorySchema, ...others } = settingsOf(then)
        yield* projects.update(created.id, settingsOf(then))
        expect(yield* projects.get(created.id)).toEqual({
          ...created,
          ...others,
          categorySchema: categorySchema === undefined ? created.categorySchema : stored(categorySchema),
          updatedAt: expect.any(String)
        })
      }).pipe(Effect.provide(hub)),
    runs
  )

  it.effect.prop(
    "has the ontology that was set, with empty lists for missing ones",
    [inputs(CategorySchema.CategorySchema)],
    ([labelSet]) =>
      Effect.gen(function* () {
        const projects = yield* Projects
        const answered = yield* projects.setLabelSet(projectId, labelSet)
        const { categorySchema } = yield* projects.get(projectId)
        expect(answered.categorySchema).toEqual(stored(labelSet))
        expect(categorySchema).toEqual(stored(labelSet))
      }).pipe(Effect.provide(hub)),
    runs
  )
})

const content = FastCheck.string({ unit: "grapheme", minLength: 1 }).filter((text) => text.trim() !== "")
const index = FastCheck.nat(5_000)
const pixels = FastCheck.tuple(index, FastCheck.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs))

const place: FastCheck.Arbitrary<Issue.IssueLocation> = FastCheck.tuple(
  FastCheck.oneof(
    FastCheck.record({ position: pixels }),
    FastCheck.record({ textIndex: index }),
    FastCheck.constant({})
  ),
  FastCheck.oneof(
    FastCheck.record({ page: index }),
    FastCheck.tuple(index, index).map(([page, more]) => ({ page, pageEnd: page + more })),
    FastCheck.constant({})
  ),
  FastCheck.record({ dataIndex: index, plane: FastCheck.constantFrom("A", "S", "C") }, { requiredKeys: [] })
)
  .map(([position, pages, part]): Issue.IssueLocation => ({ ...position, ...pages, ...part }))
  .filter((at) => Object.keys(at).length > 0)

const newIssue: FastCheck.Arbitrary<NewIssue> = FastCheck.record(
  {
    content,
    at: place,
    mentions: FastCheck.array(FastCheck.emailAddress(), { maxLength: 2 }),
    errorCodes: FastCheck.array(inputs(Issue.ErrorCode), { maxLength: 2 }),
    pctDetails: FastCheck.dictionary(content, FastCheck.jsonValue({ maxDepth: 1 }), {
      maxKeys: 2,
      noNullPrototype: true
    })
  },
  { requiredKeys: ["content"] }
)

describe("an issue", () => {
  it.effect.prop(
    "has the content and location of its creation, then those of an update",
    [newIssue, content],
    ([issue, comment]) =>
      Effect.gen(function* () {
        const issues = yield* Issues
        const { state } = yield* Emulator
        const taskId = state.projects.get(projectId)?.tasks[0]?._id ?? "none"
        const opened = yield* issues.create(taskId, issue)
        const { at, errorCodes = [], mentions = [], pctDetails } = issue
        expect(opened.content).toBe(issue.content)
        expect(Issue.locationOf(opened)).toEqual(at)
        expect(opened.errorCodes).toEqual(errorCodes)
        expect(opened.contentMentions).toEqual(
          mentions.map((userEmail) => expect.objectContaining({ userEmail }))
        )
        expect(opened.pctDetails).toEqual(pctDetails)

        const { comments } = yield* issues.comment(opened.id, { content: comment })
        expect(comments).toEqual([expect.objectContaining({ content: comment })])
        yield* issues.update(opened.id, { status: "Resolved" })
        const [newest] = yield* issues.page({ task: taskId, limit: 1 })
        expect(newest).toMatchObject({ ...opened, comments, status: "Resolved" })
      }).pipe(Effect.provide(hub)),
    runs
  )
})
