// The fields that the vendor's Python client reads out of responses (docs/api-notes.md#sdk-classes): present in the answer of
// the hub, and of that type. Without one of them, a function of that client ends in an exception.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

type Kind = "text" | "list" | "object" | "number"

const isOf: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  list: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value)
}

// `batches[]` stands for each element of a list that has some.
const valuesAt = (value: unknown, path: string): ReadonlyArray<unknown> =>
  path.split(".").reduce<ReadonlyArray<unknown>>(
    (values, step) =>
      values.flatMap((one) => {
        const name = step.replace("[]", "")
        const inner = isOf.object(one)
          ? Object.entries(one as object).find(([key]) => key === name)?.[1]
          : undefined
        if (!step.endsWith("[]")) return [inner]
        return Array.isArray(inner) && inner.length > 0 ? inner : [undefined]
      }),
    [value]
  )

const template = {
  name: "Log book",
  description: "",
  template: "<p>{{text}}</p>",
  batchColumn: "",
  selectedExternalId: "number",
  dataConfig: { number: { type: "text" }, text: { type: "text" } },
  preLabelConfig: {}
}

const taskWith = (answer: boolean) =>
  Effect.map(askHub(`GET /project/${projectId}/tasks?limit=100&includeAnswer=true`), ({ data }) => {
    const task = data.tasks.find(
      (one: { answer: { tools: unknown[] } }) => one.answer.tools.length > 0 === answer
    )
    return String(task._id)
  })

const project = Effect.gen(function* () {
  yield* askHub(`POST /project/${projectId}/assetBuilderTemplates`, template)
  return yield* askHub(`GET /project/${projectId}`)
})

const oneTask = (annotated: boolean) =>
  Effect.flatMap(taskWith(annotated), (id) => askHub(`GET /task/${id}?includeAnswer=False`))

const masks = Effect.gen(function* () {
  const id = yield* taskWith(false)
  yield* askHub(`POST /annotate/${id}`, {
    answer: { objects: [], classifications: [], relations: [] },
    brushDataUrl: "https://files.example/1.png",
    medicalBrushDataUrl: "https://files.example/1.seg.nrrd",
    duration: 0
  })
  return yield* askHub(`GET /task/${id}?includeAnswer=False`)
})

const chat = Effect.suspend(() =>
  askHub(`POST /project/${projectId}/chat`, new URLSearchParams({ projectId, numberOfConversations: "2" }))
)

const upload = `/getUploadUrl?name=a.jpg&project=${projectId}&type=assets`

const signed = Effect.flatMap(askHub(`GET ${upload}`), ({ data }) =>
  askHub(`GET /getSignedUrl?name=${data.uploadUrl.split("?")[0]}&project=${projectId}&type=assets`)
)

const assigned = Effect.gen(function* () {
  const id = yield* taskWith(false)
  const { data } = yield* askHub(`GET /task/${id}`)
  const user = "priya.raman@example.com"
  yield* askHub("POST /task/assign", { project: projectId, tasks: [id], stage: data.task.stage, user })
  return yield* askHub(`GET /task/${id}`)
})

const issue = Effect.flatMap(taskWith(true), (id) =>
  askHub("POST /issues", { content: "Look", labelTask: id })
)

const members = Effect.flatMap(askHub(`GET /project/${projectId}`), ({ data }) =>
  askHub(`GET /organization/${data.project.organization}/users`)
)

const attachment = Effect.flatMap(askHub(`GET /project/${projectId}/assets?limit=1`), ({ data }) =>
  askHub("POST /attachments", {
    project: projectId,
    attachments: [{ externalId: data.assets[0].externalId, attachments: [{ type: "TEXT", value: "Left" }] }]
  })
)

const table: ReadonlyArray<
  readonly [name: string, answer: ReturnType<typeof askHub>, fields: Readonly<Record<string, Kind>>]
> = [
  [
    "a project",
    project,
    {
      "project._id": "text",
      "project.type": "text",
      "project.batches[]._id": "text",
      "project.batches[].name": "text",
      "project.assetBuilderTemplates[]._id": "text",
      "project.assetBuilderTemplates[].template": "text",
      "project.assetBuilderTemplates[].dataConfig": "object",
      "project.assetBuilderTemplates[].preLabelConfig": "object",
      "project.assetBuilderTemplates[].selectedExternalId": "text"
    }
  ],
  ...[true, false].map(
    (annotated) =>
      [
        annotated ? "an annotated task" : "a task that was never annotated",
        oneTask(annotated),
        {
          "task.project": "text",
          "task.answer.tools": "list",
          "task.answer.classifications": "list",
          "task.answer.relations": "list"
        }
      ] as const
  ),
  ["a task with masks", masks, { "task.brushDataUrl": "text", "task.medicalBrushDataUrl": "text" }],
  ["storages", askHub("GET /storages"), { "storages[]._id": "text" }],
  ["language models", askHub("GET /llms"), { "llms[]._id": "text" }],
  ["a chat import", chat, { "assets.assetsCreated": "number" }],
  ["an upload link", askHub(`GET ${upload}`), { uploadUrl: "text" }],
  ["a signed link", signed, { signedUrl: "text" }],
  ["an export", askHub(`GET /export?project=${projectId}&format=json&type=task`), { exportPath: "text" }],
  ["members", members, { "users[].email": "text" }],
  ["an attachment", attachment, { project: "object" }]
]

describe("fields that the vendor's client reads are there", () => {
  it.effect.each(table)("%s", ([, answer, fields]) =>
    Effect.gen(function* () {
      const { data } = yield* answer
      for (const [path, kind] of Object.entries(fields)) {
        expect(
          valuesAt(data, path).filter((value) => !isOf[kind](value)),
          path
        ).toEqual([])
      }
    }).pipe(withHub)
  )

  it.effect("an assigned task has the address of its assignee, and a new issue is open", () =>
    Effect.gen(function* () {
      expect((yield* assigned).data.task.assignee).toBe("priya.raman@example.com")
      expect((yield* issue).data.issue.status).toBe("Open")
    }).pipe(withHub)
  )

  it.effect.each(["documented-2025", "documented-2023"] as const)("storages of %s", (dialect) =>
    Effect.gen(function* () {
      const { data } = yield* askHub("GET /storages")
      expect(valuesAt(data, "storages[]._id").filter((id) => typeof id !== "string")).toEqual([])
    }).pipe((test) => withHub(test, { tasks: 10, dialect }))
  )
})
