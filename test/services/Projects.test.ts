// Projects as people change them, against the hub: what was changed is visible wherever it should be.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Assets, Batches, Projects, type StageInput, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest

const withHub = <A, E>(
  test: (projects: Projects["Type"], hub: Emulator["Type"]) => Effect.Effect<A, E, never>
) =>
  Effect.flatMap(Effect.all([Projects, Emulator]), ([projects, hub]) => test(projects, hub)).pipe(
    Effect.provide(AngoTest.layer({ tasks: 20 }))
  )

const stage = (id: string, type: string, ...next: ReadonlyArray<string>): StageInput => ({ id, type, next })

const reviewed: ReadonlyArray<StageInput> = [
  { ...stage("Start", "Start", "Label"), name: "Start", autoForward: true },
  { ...stage("Label", "Label", "check"), assignedTo: ["lab@example.com"], position: { x: 300, y: 0 } },
  { ...stage("check", "Review", "notify", "Label"), readOnly: false },
  { ...stage("notify", "Webhook", "Complete"), url: "https://hooks.example/done" },
  { ...stage("Complete", "Complete"), preventRequeue: false }
]

/** Refused before any request, about this parameter, in these words. */
const refuses = (
  call: (projects: Projects["Type"]) => Effect.Effect<unknown, unknown>,
  parameter: string,
  words: RegExp
) =>
  withHub((projects, hub) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call(projects))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(String((error as { readonly message: string }).message)).toMatch(words)
      expect(yield* hub.requests()).toHaveLength(0)
    })
  )

describe("creating", () => {
  it.effect("with a name gives the documented defaults, and the project is in the list", () =>
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

  it.effect("keeps the settings it is given, and two projects of one name have two ids", () =>
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

  it.effect("without a name is refused", () =>
    refuses((projects) => projects.create({ name: "" }), "name", /Expected a name that is not empty/)
  )

  it.effect("of an unknown type is refused", () =>
    refuses(
      // @ts-expect-error a type that nobody documented
      (projects) => projects.create({ name: "Cats", type: "voxel" }),
      "type",
      /Expected a project type: ango, pct, iframe/
    )
  )

  it.effect("with a number that is none is refused", () =>
    refuses(
      (projects) => projects.create({ name: "Cats", idleTimeout: Number.NaN }),
      "idleTimeout",
      /Expected a number of 0 or more, got NaN/
    )
  )
})

describe("updating", () => {
  it.effect("changes what is given, keeps the rest, and shows in the list", () =>
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

  it.effect("with nothing is refused", () =>
    refuses(
      (projects) => projects.update(projectId, { name: undefined }),
      "input",
      /Expected at least one field to change/
    )
  )

  it.effect("to an empty name is refused", () =>
    refuses((projects) => projects.update(projectId, { name: "" }), "name", /not empty/)
  )

  it.effect("to a broken workflow is refused", () =>
    refuses(
      (projects) => projects.update(projectId, { name: "x", stages: [] }),
      "stages",
      /No stage is of type Start/
    )
  )
})

describe("the workflow", () => {
  it.effect("is replaced wholly, with the fields that only some stages have", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const answered = yield* projects.setStages(projectId, reviewed)
        const { stages } = yield* projects.get(projectId)
        expect(stages).toEqual(reviewed)
        expect(answered.stages).toEqual(reviewed)
      })
    )
  )

  it.effect("may be that of another project", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const { stages = [] } = yield* projects.get(projectId)
        const { id } = yield* projects.create({ name: "Same steps" })
        yield* projects.setStages(id, stages ?? [])
        expect((yield* projects.get(id)).stages).toEqual(stages)
      })
    )
  )

  it.effect("leaves no task in a stage that is gone", () =>
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

  it.effect("of a consensus may lead to its id", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const consensus: ReadonlyArray<StageInput> = [
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

  const broken: ReadonlyArray<readonly [string, ReadonlyArray<StageInput>, string, RegExp]> = [
    [
      "an id twice",
      [...reviewed, stage("Label", "Label", "Complete")],
      "stages[5].id",
      /"Label" is the id of an earlier stage/
    ],
    [
      "a way to nowhere",
      reviewed.map((one) => (one.id === "check" ? stage("check", "Review", "Complete", "rework") : one)),
      "stages[2].next",
      /"rework" is no stage of this workflow\. Its stages are Start, Label, check, notify, Complete\./
    ],
    ["no Start", reviewed.slice(1), "stages", /No stage is of type Start/],
    ["no Complete", reviewed.slice(0, -1), "stages", /No stage is of type Complete/],
    ["no stage", [], "stages", /No stage is of type Start/],
    ["an id that is none", [stage("a/b", "Start")], "stages[0].id", /Expected an id of 1 to 128 letters/]
  ]

  it.effect.each(broken)("with %s is refused", ([, stages, parameter, words]) =>
    refuses((projects) => projects.setStages(projectId, stages), parameter, words)
  )
})

describe("deleting", () => {
  it.effect("takes the project, its tasks, assets, batches and histories out of every answer", () =>
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
      const left = yield* projects.collect({ limit: 100 })
      expect(left.map(({ id }) => id)).toEqual(others)
      for (const other of others) expect((yield* tasks.page(other)).total).toBeGreaterThan(0)
      expect(hub.state.deletedProjects.get(projectId)).toMatchObject({ project: { deleted: true } })
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 20 })))
  )
})

describe("members", () => {
  it.effect("are added in a role, and take a new one when they are added again", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const before = yield* projects.members(projectId)
        expect(before.length).toBeGreaterThan(0)
        const emails = ["ann@new.example", "bob@new.example"]
        expect(yield* projects.addMembers(projectId, { emails, role: "Labeler" })).toBeUndefined()
        yield* projects.addMembers(projectId, { emails: ["ann@new.example"], role: "Reviewer" })
        expect(yield* projects.members(projectId)).toEqual([
          ...before,
          { assignee: "bob@new.example", role: "Labeler" },
          { assignee: "ann@new.example", role: "Reviewer" }
        ])
        expect((yield* projects.get(projectId)).assignedTo).toHaveLength(before.length + 2)
      })
    )
  )

  it.effect("need an address", () =>
    refuses(
      (projects) => projects.addMembers(projectId, { emails: [], role: "Lead" }),
      "assignees",
      /Expected at least one e-mail address/
    )
  )

  it.effect("need an address that is one", () =>
    refuses(
      (projects) => projects.addMembers(projectId, { emails: ["a@x.example", "ann"], role: "Lead" }),
      "assignees[1]",
      /Expected an e-mail address/
    )
  )

  it.effect("need a known role", () =>
    refuses(
      // @ts-expect-error roles are capitalised
      (projects) => projects.addMembers(projectId, { emails: ["a@x.example"], role: "labeler" }),
      "role",
      /Expected a project role: Manager, Labeler, Reviewer, Lead/
    )
  )
})

describe("instructions", () => {
  const file = {
    name: "Anleitung für alle.pdf",
    contentType: "application/pdf",
    content: new TextEncoder().encode("%PDF-1.7")
  }

  it.effect("become a URL of the project, and leave the caller's bytes alone", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        const content = Uint8Array.from(file.content)
        expect(yield* projects.uploadInstructions(projectId, { ...file, content })).toBeUndefined()
        const { instructions } = yield* projects.get(projectId)
        expect(instructions).toContain(`${new URL(hub.baseUrl).origin}/`)
        expect(decodeURIComponent(instructions ?? "")).toMatch(/\/instructions\/Anleitung für alle\.pdf$/)
        expect(content).toEqual(file.content)
        expect(yield* hub.requests("projects.instructions")).toMatchObject([
          { headers: { "content-type": expect.stringMatching(/^multipart\/form-data; boundary=/) } }
        ])
      })
    )
  )

  it.effect("may go to a storage and a bucket of it", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        const storage = { storageId: "65aa00000000000000005001", bucket: "how to & more" }
        yield* projects.uploadInstructions(projectId, { ...file, ...storage })
        const [request] = yield* hub.requests("projects.instructions")
        const { searchParams } = new URL(request?.url ?? "", hub.baseUrl)
        expect(Object.fromEntries(searchParams)).toEqual(storage)
      })
    )
  )

  it.effect.each([
    ["name", { name: "../guide.pdf" }, /a file name without folders/],
    ["name", { name: "" }, /a file name without folders/],
    ["contentType", { contentType: "pdf" }, /a content type, such as application\/pdf/],
    ["content", { content: new Uint8Array() }, /bytes, at least one/],
    ["storageId", { storageId: "a/b" }, /Expected an id of 1 to 128 letters/],
    ["bucket", { bucket: "" }, /the name of a bucket/]
  ] as const)("are refused when %s is unusable: %j", ([parameter, wrong, words]) =>
    refuses((projects) => projects.uploadInstructions(projectId, { ...file, ...wrong }), parameter, words)
  )

  it.effect("are sent again from the first byte when the hub was busy", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.instructions", [Faults.tooManyRequests()])
        const upload = yield* Effect.fork(projects.uploadInstructions(projectId, file))
        yield* TestClock.adjust("1 minute")
        yield* upload
        expect(yield* hub.requests("projects.instructions")).toHaveLength(2)
        expect((yield* projects.get(projectId)).instructions).toContain("/instructions/")
      })
    )
  )
})

describe("a webhook", () => {
  it.effect("is run again by its stage", () =>
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

  it.effect("needs an id", () =>
    refuses(
      (projects) => projects.rerunWebhook(projectId, ""),
      "stageId",
      /Expected an id of 1 to 128 letters/
    )
  )
})

describe("a method that changes a project", () => {
  const calls = {
    create: (projects: Projects["Type"]) => projects.create({ name: "x" }),
    update: (projects: Projects["Type"]) => projects.update("x1", { name: "x" }),
    delete: (projects: Projects["Type"]) => projects.delete("x1"),
    addMembers: (projects: Projects["Type"]) =>
      projects.addMembers("x1", { emails: ["a@x.example"], role: "Lead" }),
    instructions: (projects: Projects["Type"]) =>
      projects.uploadInstructions("x1", {
        name: "a.txt",
        contentType: "text/plain",
        content: Uint8Array.of(1)
      }),
    rerunWebhook: (projects: Projects["Type"]) => projects.rerunWebhook("x1", "hook"),
    createAssetBuilderTemplate: (projects: Projects["Type"]) =>
      projects.createAssetBuilderTemplate("x1", {
        name: "n",
        template: "<p>{{a}}</p>",
        selectedExternalId: "a",
        dataConfig: { a: { type: "text" } }
      })
  }
  const names = Object.keys(calls) as Array<keyof typeof calls>

  it.effect.each(names.filter((name) => name !== "create"))(
    "fails with NotFound when there is no project: %s",
    (name) =>
      withHub((projects) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(calls[name](projects) as Effect.Effect<unknown, unknown>)
          expect(error).toMatchObject({
            _tag: "NotFound",
            status: 400,
            operation: `projects.${name}`,
            vendorMessage: "Invalid project: x1."
          })
        })
      )
  )

  it.effect.each(names)("fails with Forbidden when the key's user may not: %s", (name) =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on(`projects.${name}`, [Faults.fail(403, "Only managers.")])
        const error = yield* Effect.flip(calls[name](projects) as Effect.Effect<unknown, unknown>)
        expect(error).toMatchObject({ _tag: "Forbidden", vendorMessage: "Only managers." })
      })
    )
  )

  it.effect.each([
    ["Forbidden", '{"status":"fail","error":{"statusCode":403},"message":"Only managers."}'],
    ["Forbidden", '{"error":{"statusCode":403},"message":"Only managers."}'],
    ["BadRequest", '{"status":"fail","message":"Only managers."}']
  ] as const)("does not take a refusal under 200 for success: %s %s", ([tag, body]) =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.delete", [Faults.respond(200, body)])
        const error = yield* Effect.flip(projects.delete(projectId))
        expect(error).toMatchObject({ _tag: tag, vendorMessage: "Only managers." })
      })
    )
  )
})
