// Response shapes that differ between documents, compared as text: one row per shape, called with `fetch`.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, type Dialect, Emulator, type HubState } from "effect-ango/emulator"
import { askHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const dialects = ["current", "documented-2025", "documented-2023"] as const satisfies ReadonlyArray<Dialect>

const options = { tasks: 40, seed: 5 }

// The request, and the text that its response contains in each dialect.
type Shape = readonly [
  contradiction: string,
  request: string,
  body: object | undefined,
  texts: { readonly [Name in Dialect]: RegExp }
]

const task = (state: HubState) =>
  state.projects.get(projectId)?.tasks.find(({ assignee, stage }) => stage !== "Label" && assignee != null)

const id = "[0-9a-f]{24}"
const email = "[a-z.]+@example\\.com"
const created = { data: "https://files.example/a.jpg" }

const shapes: ReadonlyArray<Shape> = [
  [
    "storage-fields: storages",
    "GET /storages",
    undefined,
    {
      current: new RegExp(`\\{"_id":"${id}","name":"[^"]+","provider":"GCP","type":"gcs","bucket"`),
      "documented-2025": new RegExp(`\\{"_id":"${id}","name":"[^"]+","type":"gcs","bucket"`),
      "documented-2023": new RegExp(
        `\\{"_id":"(${id})","id":"\\1","name":"[^"]+","provider":"GCP","organization"`
      )
    }
  ],
  [
    "organization-roles: roles",
    "GET /organization/ORGANIZATION/users",
    undefined,
    {
      current: /"organizationRole":"Admin"/,
      "documented-2025": /"organizationRole":"Admin"/,
      "documented-2023": /"organizationRole":"admin"/
    }
  ],
  [
    "history-shape: the history of a task",
    "GET /task/TASK/history",
    undefined,
    {
      current: new RegExp(`"taskHistory":\\[\\{"id":"${id}"`),
      "documented-2025": new RegExp(`"taskHistory":\\[\\{"id":"${id}"`),
      "documented-2023": new RegExp(
        `"taskHistory":\\{"_id":"${id}","deleted":false,"rework":false,"isSkipped":false,"asset":"${id}","batches":\\["${id}"\\]`
      )
    }
  ],
  [
    "history-shape: one history item",
    "GET /taskHistory/HISTORY",
    undefined,
    {
      current: new RegExp(`"taskHistory":\\{"id":"${id}"`),
      "documented-2025": new RegExp(`"taskHistory":\\[\\{"id":"${id}"`),
      "documented-2023": new RegExp(`"taskHistory":\\{"_id":"${id}"`)
    }
  ],
  [
    "task-asset: the asset of a task",
    "GET /task/TASK",
    undefined,
    {
      current: new RegExp(`"asset":\\{"_id":"${id}","externalId":"[^"]+","data":"https:`),
      "documented-2025": new RegExp(`"asset":"${id}"`),
      "documented-2023": new RegExp(`"asset":\\{"_id":"${id}","externalId":"[^"]+","data":"https:`)
    }
  ],
  [
    "annotation-dates: dates and authors in annotations",
    "GET /task/TASK?includeAnswer=true",
    undefined,
    {
      current: new RegExp(`"metadata":\\{"createdAt":"2024-[^"]+Z","createdBy":"${email}"`),
      "documented-2025": new RegExp(`"metadata":\\{"createdAt":"2024-[^"]+Z","createdBy":"${email}"`),
      "documented-2023": new RegExp(`"metadata":\\{"createdAt":17\\d{11},"createdBy":"${id}"`)
    }
  ],
  [
    "task: the assignee",
    "GET /task/TASK",
    undefined,
    {
      current: new RegExp(`"assignee":"${email}"`),
      "documented-2025": new RegExp(`"assignee":"${email}"`),
      "documented-2023": new RegExp(`"assignee":"${id}"`)
    }
  ],
  [
    "project: the creator of a project",
    "GET /project/PROJECT",
    undefined,
    {
      current: new RegExp(`"owner":"${email}"`),
      "documented-2025": new RegExp(`"owner":"${email}"`),
      "documented-2023": new RegExp(
        `^(?!.*(?:"owner"|apiKey)).*"user":\\{"_id":"${id}","name":"[^"]+","email":"${email}"`
      )
    }
  ],
  [
    "batch-fields: batches",
    "GET /batches/PROJECT",
    undefined,
    {
      current: new RegExp(`\\{"_id":"${id}","name":"[^"]+"\\}`),
      "documented-2025": new RegExp(`"color":"#[0-9a-f]{6}","_id":"${id}","name":"[^"]+"\\}`),
      "documented-2023": new RegExp(`\\{"_id":"${id}","name":"[^"]+"\\}`)
    }
  ],
  [
    "batch-fields: a new batch",
    "POST /batches/PROJECT",
    { batches: "Week 9" },
    {
      current: new RegExp(`\\{"_id":"${id}","name":"Week 9"\\}`),
      "documented-2025": /\{"description":"","color":"#[0-9a-f]{6}","name":"Week 9"\}/,
      "documented-2023": new RegExp(`\\{"_id":"${id}","name":"Week 9"\\}`)
    }
  ],
  [
    "issue-list-key: issues, and their stage",
    "GET /issues",
    undefined,
    {
      current: new RegExp(`"data":\\{"issue":\\[\\{"_id":"${id}".*"stage":"`),
      "documented-2025": new RegExp(`"data":\\{"issue":\\[\\{"_id":"${id}".*"stage":"`),
      "documented-2023": new RegExp(`"data":\\{"issues":\\[\\{"_id":"${id}".*"stageId":"`)
    }
  ],
  [
    "import-counts: a cloud import",
    "POST /project/PROJECT/cloud",
    { assets: [created] },
    {
      current: /"data":\{"assets":\{"assetsCreated":1,"tasksCreated":1,/,
      "documented-2025": /"data":\{"assets":\{"assetsCreated":1,"tasksCreated":1,/,
      "documented-2023": /"data":\{"assets":"Successfully created\."\}/
    }
  ],
  [
    "added-members: added members",
    "POST /project/PROJECT/assigned",
    { assignees: ["a@x.example"], role: "Lead" },
    {
      current: /"data":\{"project":\{"_id"/,
      "documented-2025": /"data":\{"project":\{"_id"/,
      "documented-2023": /^\{"status":"success"\}$/
    }
  ]
]

const fill = (request: string) =>
  Effect.map(Emulator, ({ state }) => {
    const taskId = task(state)?._id ?? ""
    return request
      .replace("PROJECT", projectId)
      .replace("ORGANIZATION", state.organization.id)
      .replace("TASK", taskId)
      .replace("HISTORY", state.histories.get(taskId)?.at(-1)?.id ?? "")
  })

describe.each(dialects)("%s, exact shapes", (dialect) => {
  const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>) =>
    Effect.provide(test, Emulator.layer({ ...options, dialect }))

  it.effect.each(shapes)("%s", ([, request, body, texts]) =>
    withHub(
      Effect.gen(function* () {
        const { status, text } = yield* askHub(yield* fill(request), body)
        expect(status).toBeLessThan(300)
        expect(text).toMatch(texts[dialect])
      })
    )
  )

  it.effect.each([
    ["POST /project", { name: "Cats" }],
    [`POST /project/${projectId}/cloud`, { assets: [created] }],
    [`GET /getUploadUrl?name=a.jpg&project=${projectId}`, undefined],
    ["GET /getSignedUrl?url=https%3A%2F%2Ffiles.example%2Fa.jpg", undefined],
    ["GET /issues", undefined]
  ] as const)("success-status: the status of %s", ([request, body]) =>
    withHub(
      Effect.gen(function* () {
        const { status } = yield* askHub(request, body)
        expect(status).toBe(dialect === "documented-2023" ? 200 : 201)
      })
    )
  )

  it.effect("unknown-project: the status of an unknown project, with the same message", () =>
    withHub(
      Effect.gen(function* () {
        for (const request of ["GET /project/x1", "GET /project/x1/tasks", "GET /export?project=x1"]) {
          expect(yield* askHub(request)).toMatchObject({
            status: dialect === "documented-2025" ? 404 : 400,
            message: "Invalid project: x1."
          })
        }
      })
    )
  )

  it.effect("batch-names: the batches of an asset without batches", () =>
    withHub(
      Effect.gen(function* () {
        yield* askHub(`POST /project/${projectId}/cloud`, { assets: [created] })
        const { data } = yield* askHub(`GET /project/${projectId}/assets?externalId=a.jpg`)
        expect(data.assets[0].batches).toEqual(dialect === "documented-2023" ? [null] : [])
      })
    )
  )
})
