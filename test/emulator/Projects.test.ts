// Endpoints of projects, called with `fetch` and documented bodies.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator } from "effect-ango/emulator"

const { projectId } = AngoTest

interface Answer {
  readonly status: number
  readonly body: {
    readonly status: string
    readonly message?: string
    readonly data?: Readonly<Record<string, unknown>> & {
      readonly project?: Readonly<Record<string, unknown>> & { readonly _id: string }
    }
  }
}

const send = (method: string, path: string, body?: unknown) =>
  Effect.flatMap(Emulator, (hub) =>
    Effect.promise(async (): Promise<Answer> => {
      const isForm = body instanceof FormData
      const response = await hub.fetch(`${hub.baseUrl}${path}`, {
        method,
        headers: {
          apikey: Redacted.value(hub.apiKey),
          ...(isForm || body === undefined ? {} : { "content-type": "application/json" })
        },
        ...(body === undefined
          ? {}
          : { body: isForm || typeof body === "string" ? body : JSON.stringify(body) })
      })
      return { status: response.status, body: (await response.json()) as Answer["body"] }
    })
  )

const project = (id: string = projectId) =>
  Effect.map(send("GET", `/project/${id}`), ({ body }) => body.data?.project)

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>) =>
  Effect.provide(test, Emulator.layer({ tasks: 8 }))

const form = (...parts: ReadonlyArray<readonly [string, string | File]>) => {
  const data = new FormData()
  for (const [name, value] of parts) data.append(name, value)
  return data
}

const guide = new File(["%PDF-1.7"], "guide 1.pdf", { type: "application/pdf" })

describe("every documented variant", () => {
  it.effect.each([
    '{"name":"Cats"}',
    '{"name":"Cats","description":""}',
    '{"name":"Cats","description":"All of them","type":"ango"}',
    '{"name":"Cats","categorySchema":{"tools":[],"classifications":[]},"benchmarkRatio":5,"somethingNew":[1]}'
  ])("success-status: POST /project answers 201 with the project: %s", (body) =>
    withHub(
      Effect.gen(function* () {
        const created = yield* send("POST", "/project", body)
        expect(created).toMatchObject({
          status: 201,
          body: { status: "success", data: { project: { name: "Cats", queueVersion: 2, deleted: false } } }
        })
        expect(yield* project(created.body.data?.project?._id)).toEqual(created.body.data?.project)
      })
    )
  )

  it.effect("success-status: the other calls respond with 200", () =>
    withHub(
      Effect.gen(function* () {
        for (const answer of [
          yield* send("POST", `/project/${projectId}`, { description: "x" }),
          yield* send("POST", `/project/${projectId}/assigned`, { assignees: ["a@x.example"], role: "Lead" }),
          yield* send("POST", `/project/${projectId}/instructions`, form(["file", guide])),
          yield* send("DELETE", `/project/${projectId}`)
        ]) {
          expect(answer).toMatchObject({ status: 200, body: { status: "success" } })
        }
      })
    )
  )

  it.effect.each(["Manager", "Labeler", "Reviewer", "Lead"])(
    "added-members: adding members returns the project: %s",
    (role) =>
      withHub(
        Effect.gen(function* () {
          const { body } = yield* send("POST", `/project/${projectId}/assigned`, {
            assignees: ["a@x.example", "b@x.example"],
            role
          })
          expect(body.data?.project?.["assignedTo"]).toEqual(
            expect.arrayContaining([
              { assignee: "a@x.example", role },
              { assignee: "b@x.example", role }
            ])
          )
          expect(yield* project()).toEqual(body.data?.project)
        })
      )
  )

  it.effect.each([
    ["GET", "", undefined],
    ["POST", "", { name: "x" }],
    ["DELETE", "", undefined],
    ["POST", "/clone", {}],
    ["POST", "/purge", { confirmName: "x" }],
    ["POST", "/labelValidation", { customValidationEnabled: true }],
    ["POST", "/benchmark-tasks", { tasks: ["t1"], isBenchmark: true }],
    ["POST", "/assigned", { assignees: ["a@x.example"], role: "Lead" }],
    ["POST", "/instructions", form(["file", guide])],
    ["POST", "/rerun-webhook", { stageId: "hook" }],
    [
      "POST",
      "/assetBuilderTemplates",
      { name: "n", template: "t", selectedExternalId: "a", dataConfig: { a: { type: "text" } } }
    ]
  ] as const)(
    "unknown-project: an unknown project is a 400 with the real hub's message: %s /project/x1%s",
    ([method, path, body]) =>
      withHub(
        Effect.gen(function* () {
          expect(yield* send(method, `/project/x1${path}`, body)).toEqual({
            status: 400,
            body: { status: "fail", message: "Invalid project: x1." }
          })
        })
      )
  )

  it.effect("accepts the double slash in the webhook path of the vendor's SDK", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const stored = hub.state.projects.get(projectId)
        if (stored !== undefined) {
          const hook = { id: "hook", type: "Webhook", next: ["Complete"] }
          stored.project = { ...stored.project, stages: [...(stored.project.stages ?? []), hook] }
        }
        expect(
          yield* send("POST", `//project/${projectId}/rerun-webhook`, { stageId: "hook" })
        ).toMatchObject({
          status: 200
        })
        expect(yield* hub.requests("projects.rerunWebhook")).toHaveLength(1)
      })
    )
  )

  it.effect("accepts a minimal and a full template", () =>
    withHub(
      Effect.gen(function* () {
        const short = {
          name: "n",
          template: "t",
          selectedExternalId: "a",
          dataConfig: { a: { type: "text" } }
        }
        const full = {
          description: "d",
          name: "n2",
          template: "<img src='{{a}}'>",
          batchColumn: "b",
          selectedExternalId: "b",
          dataConfig: {
            a: { type: "image", includeInExport: false, storage: "Public" },
            b: { type: "text", includeInExport: true }
          },
          preLabelConfig: { k: { cla: { tool: "radio", schemaId: "s" }, value: "b" } }
        }
        for (const body of [short, full]) {
          expect(yield* send("POST", `/project/${projectId}/assetBuilderTemplates`, body)).toMatchObject({
            status: 200
          })
        }
        expect((yield* project())?.["assetBuilderTemplates"]).toEqual([
          {
            _id: expect.stringMatching(/^[0-9a-f]{24}$/),
            ...short,
            description: "",
            batchColumn: "",
            dataConfig: { a: { type: "text", includeInExport: false } },
            preLabelConfig: {}
          },
          { _id: expect.stringMatching(/^[0-9a-f]{24}$/), ...full }
        ])
      })
    )
  )
})

describe("the newer endpoints", () => {
  it.effect("clone-project: a missing flag is true, and the response has the copy", () =>
    withHub(
      Effect.gen(function* () {
        const source = yield* project()
        const copied = yield* send("POST", `/project/${projectId}/clone`, { batches: false })
        expect(copied.status).toBe(200)
        const copy = copied.body.data?.project
        expect(copy).toMatchObject({
          name: `${source?.["name"]} copy`,
          stages: source?.["stages"],
          assignedTo: source?.["assignedTo"],
          categorySchema: source?.["categorySchema"],
          batches: []
        })
        expect(yield* project(copy?._id)).toEqual(copy)
      })
    )
  )

  it.effect(
    "purge-project: a deleted project cannot be purged again, nor one that another name confirms",
    () =>
      withHub(
        Effect.gen(function* () {
          const name = (yield* project())?.["name"]
          const purge = (confirmName: unknown) => send("POST", `/project/${projectId}/purge`, { confirmName })
          expect((yield* purge("Another")).status).toBe(400)
          expect((yield* project())?._id).toBe(projectId)
          expect(yield* purge(name)).toMatchObject({
            status: 200,
            body: { data: { message: expect.any(String) } }
          })
          expect((yield* purge(name)).status).toBe(400)
        })
      )
  )

  it.effect("label-validation: the response has the project with the fields", () =>
    withHub(
      Effect.gen(function* () {
        const body = { customValidationEnabled: true, externalValidation: { anything: [1] } }
        const { body: answer } = yield* send("POST", `/project/${projectId}/labelValidation`, body)
        expect(answer.data?.project).toMatchObject(body)
        expect(yield* project()).toEqual(answer.data?.project)
      })
    )
  )

  it.effect("benchmark-tasks: sets isBenchmark and type, and lists find the tasks", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const [first, second] = hub.state.projects.get(projectId)?.tasks ?? []
        const mark = (isBenchmark: boolean) =>
          send("POST", `/project/${projectId}/benchmark-tasks`, {
            tasks: [first?._id, second?._id],
            isBenchmark
          })
        const marked = Effect.map(
          send("GET", `/project/${projectId}/tasks?filter=${encodeURIComponent('{"isBenchmark":true}')}`),
          ({ body }) => body.data?.["total"]
        )
        expect(yield* marked).toBe(0)
        expect(yield* mark(true)).toMatchObject({
          status: 200,
          body: { data: { message: expect.any(String) } }
        })
        expect(yield* marked).toBe(2)
        expect(hub.state.projects.get(projectId)?.tasks[1]).toMatchObject({ type: "benchmark" })
        yield* mark(false)
        expect(yield* marked).toBe(0)
      })
    )
  )
})

describe("a partial project", () => {
  it.effect("replaces the ontology and the workflow, and nothing else", () =>
    withHub(
      Effect.gen(function* () {
        const before = yield* project()
        const categorySchema = { tools: [{ tool: "point", title: "Eye", schemaId: "7" }] }
        const stages = [
          { id: "Start", type: "Start", next: ["Complete"], autoForward: true },
          { id: "Complete", type: "Complete", next: [] }
        ]
        yield* send("POST", `/project/${projectId}`, { categorySchema })
        yield* send("POST", `/project/${projectId}`, { stages })
        const after = yield* project()
        expect(after).toEqual({ ...before, categorySchema, stages, updatedAt: after?.["updatedAt"] })
      })
    )
  )

  it.effect("changes settings only", () =>
    withHub(
      Effect.gen(function* () {
        const before = yield* project()
        const answer = yield* send("POST", `/project/${projectId}`, {
          name: "New",
          _id: "x1",
          organization: "x2",
          deleted: true,
          assetCount: 0,
          createdAt: "1999-01-01T00:00:00.000Z"
        })
        const after = yield* project()
        expect(answer.status).toBe(200)
        expect(after).toEqual({ ...before, name: "New", updatedAt: after?.["updatedAt"] })
      })
    )
  )

  it.effect.each([
    ["/project", {}],
    ["/project", { name: "" }],
    ["/project", { name: 7 }],
    ["/project", { name: "x", type: "voxel" }],
    [`/project/${projectId}`, { name: null }],
    [`/project/${projectId}`, { stages: [{ id: "Start", type: "Start" }] }],
    [`/project/${projectId}`, { stages: "Start" }],
    [`/project/${projectId}`, { categorySchema: [] }],
    [`/project/${projectId}/assigned`, { assignees: [], role: "Lead" }],
    [`/project/${projectId}/assigned`, { assignees: ["a@x.example"], role: "Boss" }],
    [`/project/${projectId}/assigned`, { assignees: "a@x.example", role: "Lead" }],
    [`/project/${projectId}`, { benchmarkRatio: 12.5 }],
    [`/project/${projectId}/clone`, { batches: "no" }],
    [`/project/${projectId}/purge`, {}],
    [`/project/${projectId}/purge`, { confirmName: "" }],
    [`/project/${projectId}/labelValidation`, {}],
    [`/project/${projectId}/labelValidation`, { validationFunction: 1 }],
    [`/project/${projectId}/benchmark-tasks`, { tasks: [], isBenchmark: true }],
    [`/project/${projectId}/benchmark-tasks`, { tasks: ["t1"] }],
    [`/project/${projectId}/rerun-webhook`, {}],
    [`/project/${projectId}/rerun-webhook`, { stageId: "Label" }],
    [
      `/project/${projectId}/assetBuilderTemplates`,
      { name: "n", template: "t", selectedExternalId: "b", dataConfig: { a: { type: "text" } } }
    ]
  ] as const)("that is invalid is refused with 400: %s %j", ([path, body]) =>
    withHub(
      Effect.gen(function* () {
        const before = yield* project()
        expect(yield* send("POST", path, body)).toMatchObject({ status: 400, body: { status: "fail" } })
        expect(yield* project()).toEqual(before)
      })
    )
  )

  it.effect("rejects an unknown webhook stage with 404", () =>
    withHub(
      Effect.gen(function* () {
        expect(
          yield* send("POST", `/project/${projectId}/rerun-webhook`, { stageId: "nowhere" })
        ).toMatchObject({ status: 404, body: { status: "fail" } })
      })
    )
  )
})
