// Issues, organization, storages, metrics and plugins of the hub, asked in every documented variant.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>) =>
  Effect.provide(test, Emulator.layer({ tasks: 60 }))

const aTask = Effect.map(Emulator, ({ state }) => String(state.projects.get(projectId)?.tasks[0]?._id))
const organization = Effect.map(Emulator, ({ state }) => `/organization/${state.organization.id}`)

describe("C11: storages", () => {
  it.effect.each([
    [
      "/storages/",
      {
        name: "A",
        provider: "AWS",
        publicKey: "leak",
        privateKey: "leak",
        region: "eu-central-1",
        credentials: null
      },
      "AWS",
      "aws"
    ],
    [
      "/storages",
      {
        name: "G",
        provider: "GCP",
        publicKey: null,
        privateKey: null,
        region: null,
        credentials: '{"k":"leak"}'
      },
      "GCP",
      "gcs"
    ],
    [
      "/storages",
      {
        name: "D",
        type: "gcs",
        bucket: "b",
        region: "us-east-2",
        credentials: { accessKeyId: "leak", secretAccessKey: "leak" },
        privateKey: "leak"
      },
      "GCP",
      "gcs"
    ],
    ["/storages/", { name: "Z", type: "azure", bucket: "b", credentials: {} }, "AZURE", "azure"],
    ["/storages", { name: "L", provider: "aws" }, "AWS", "aws"]
  ] as const)(
    "%s takes %j, and shows id, both names of the provider and no key",
    ([path, body, provider, type]) =>
      withHub(
        Effect.gen(function* () {
          const { data, status } = yield* askHub(`POST ${path}`, body)
          expect(status).toBe(200)
          expect(data.storage).toMatchObject({ _id: expect.stringMatching(/^[0-9a-f]{24}$/), provider, type })
          const listed = yield* askHub(`GET ${path}?_id=${data.storage._id}`)
          expect(listed.data.storages).toEqual([data.storage])
          const { state } = yield* Emulator
          expect(JSON.stringify([data, listed.data, [...state.storages]])).not.toContain("leak")
        })
      )
  )

  it.effect("a provider of neither name is refused", () =>
    withHub(
      Effect.gen(function* () {
        for (const body of [{ name: "X", type: "ftp" }, { name: "X" }, { provider: "AWS" }]) {
          expect((yield* askHub("POST /storages", body)).status).toBe(400)
        }
      })
    )
  )

  it.effect("a slash at the end is tolerated, and belongs to the same operation", () =>
    withHub(
      Effect.gen(function* () {
        yield* askHub("POST /storages", { name: "X", provider: "AWS" })
        yield* askHub("POST /storages/", { name: "X", provider: "AWS" })
        expect(yield* (yield* Emulator).requests("storages.create")).toHaveLength(2)
      })
    )
  )
})

describe("C12: organization roles", () => {
  it.effect.each(["admin", "Admin", "ADMIN", "guest", "Guest"])(
    "%s is understood, and echoed capitalised",
    (role) =>
      withHub(
        Effect.gen(function* () {
          const path = yield* organization
          const email = "amara.okafor@example.com"
          const capitalised = role.slice(0, 1).toUpperCase() + role.slice(1).toLowerCase()
          const { data } = yield* askHub(`POST ${path}/users`, { users: [{ email, organizationRole: role }] })
          expect(data.users).toEqual({ updated: 1, failed: 0, results: [{ email, status: "updated" }] })
          const found = yield* askHub(`GET ${path}/users?search=${email}`)
          expect(found.data.users).toMatchObject([{ email, organizationRole: capitalised }])
          const invited = yield* askHub(`POST ${path}/invites`, {
            to: ["x@example.com"],
            organizationRole: role
          })
          expect(invited.data.invites).toMatchObject([{ organizationRole: capitalised, status: "Pending" }])
        })
      )
  )
})

describe("C15: the body of a performance", () => {
  const from = "2024-01-01T00:00:00.000Z"
  const to = "2024-06-04T12:00:00.000000Z"

  it.effect("interval or startDate and endDate, in either precision; batches; users; nothing", () =>
    withHub(
      Effect.gen(function* () {
        const performance = (body?: unknown) =>
          Effect.map(askHub(`POST /performance/${projectId}`, body), ({ data, status }) => {
            expect(status).toBe(200)
            return data.performance
          })
        const part = yield* performance({ interval: [from, to] })
        expect(part.users.length).toBeGreaterThan(0)
        expect(yield* performance({ startDate: from, endDate: to })).toEqual(part)
        const all = yield* performance({})
        expect(yield* performance()).toEqual(all)
        expect(yield* performance("")).toEqual(all)
        expect(all).not.toEqual(part)
        const [{ user }] = all.users
        expect((yield* performance({ users: [user] })).users).toHaveLength(1)
      })
    )
  )

  it.effect("what is no such body is refused", () =>
    withHub(
      Effect.gen(function* () {
        for (const body of ["{", '{"interval":["yesterday","today"]}', '{"users":"lab@example.com"}']) {
          expect((yield* askHub(`POST /performance/${projectId}`, body)).status).toBe(400)
        }
      })
    )
  )
})

describe("C19: plugins", () => {
  it.effect.each([
    ["/pluginResponse", { response: "done", session: "s" }, { response: { received: true } }],
    [
      "/pluginResponse",
      { response: "x", session: "s", error: true, export: true },
      { response: { received: true } }
    ],
    [
      "/pluginResponse",
      { pluginId: "p", taskId: "t", response: {}, status: "ok" },
      { response: { received: true, taskId: "t" } }
    ],
    [
      "/pluginLog",
      { level: "INFO", organization: "o", pluginId: "p", runBy: "r", session: "s", msg: "m" },
      { response: { logged: true } }
    ],
    [
      "/pluginLog",
      { pluginId: "p", level: "info", message: "m", metadata: { a: 1 } },
      { response: { logged: true } }
    ],
    ["/pluginLog", { anything: [null] }, { response: { logged: true } }],
    ["/pluginLog", "not even JSON", { response: { logged: true } }],
    ["/pluginResponse", "[]", { response: { received: true } }],
    [
      "/file-explorer",
      { bucket: "b", storageId: "nobody" },
      { folders: [], files: [], scrollToken: null, success: true }
    ],
    ["/file-explorer", {}, { folders: [], files: [], scrollToken: null, success: true }]
  ] as const)("%s takes %j", ([path, body, data]) =>
    withHub(
      Effect.gen(function* () {
        expect(yield* askHub(`POST ${path}`, body)).toMatchObject({ status: 200, data })
      })
    )
  )
})

describe("C27, C28: the list of issues", () => {
  it.effect("is answered with 201 under the singular `issue`, newest first, 10 of them", () =>
    withHub(
      Effect.gen(function* () {
        const { data, status } = yield* askHub("GET /issues")
        expect([status, Object.keys(data)]).toEqual([201, ["issue"]])
        const created = data.issue.map((issue: { readonly createdAt: string }) => issue.createdAt)
        expect(created).toEqual(created.toSorted().toReversed())
      })
    )
  )
})

describe("C38: the position of an issue", () => {
  it.effect.each([
    ["[50,120]", "[50,120]"],
    ["[25, 15]", "[25, 15]"],
    ["54", "54"],
    ["None", "None"],
    [54, "54"],
    [[25, 15], "[25,15]"],
    [undefined, undefined]
  ] as const)("%j is stored as the text %j", ([position, stored]) =>
    withHub(
      Effect.gen(function* () {
        const labelTask = yield* aTask
        const { data } = yield* askHub("POST /issues", { content: "x", labelTask, position })
        expect(data.issue).toMatchObject({ status: "Open", labelTask, comments: [] })
        expect(data.issue.position).toBe(stored)
        const listed = yield* askHub(`GET /issues?labelTask=${labelTask}&project=${projectId}`)
        expect(listed.data.issue[0].position).toBe(stored)
      })
    )
  )

  it.effect("not together with an object; nothing without content and a task", () =>
    withHub(
      Effect.gen(function* () {
        const labelTask = yield* aTask
        for (const body of [
          { content: "x", labelTask, position: "54", objectId: "o" },
          { content: "x" },
          { labelTask },
          { content: "", labelTask }
        ]) {
          expect((yield* askHub("POST /issues", body)).status).toBe(400)
        }
      })
    )
  )

  it.effect("a status in any case is taken, an unknown one refused", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub("POST /issues", { content: "x", labelTask: yield* aTask })
        const path = `POST /issues/${data.issue._id}`
        expect((yield* askHub(path, { status: "resolved" })).data.issue.status).toBe("Resolved")
        expect(yield* askHub(path, { status: "Frozen" })).toMatchObject({ status: 400 })
        expect((yield* askHub(path, {})).status).toBe(200)
      })
    )
  )
})

describe("C44: invites and projects", () => {
  it.effect.each([
    { projectAssignments: [{ projectId, projectRole: "Lead" }] },
    { projectId, projectRole: "Lead" }
  ])("%j brings the invited into the project", (form) =>
    withHub(
      Effect.gen(function* () {
        const path = yield* organization
        const to = "new@example.com"
        const { data } = yield* askHub(`POST ${path}/invites`, {
          to: [to],
          organizationRole: "member",
          ...form
        })
        expect(Object.keys(data.invites[0]).toSorted()).toEqual([
          "_id",
          "createdAt",
          "createdBy",
          "expiresAt",
          "organizationRole",
          "status",
          "to"
        ])
        yield* (yield* Emulator).acceptInvite(to)
        const project = yield* askHub(`GET /project/${projectId}`)
        expect(project.data.project.assignedTo).toContainEqual({ assignee: to, role: "Lead" })
      })
    )
  )
})

describe("U4: what is deleted", () => {
  it.effect("members and invites go by a DELETE with a body; the status of invites in any case", () =>
    withHub(
      Effect.gen(function* () {
        const path = yield* organization
        const pending = yield* askHub(`GET ${path}/invites?status=pending`)
        expect((yield* askHub(`GET ${path}/invites?status=Pending`)).data).toEqual(pending.data)
        expect((yield* askHub(`GET ${path}/invites`)).data).toEqual(pending.data)
        const emails = pending.data.invites.map((invite: { readonly to: string }) => invite.to)
        expect(yield* askHub(`DELETE ${path}/invites`, { invites: emails })).toMatchObject({
          status: 200,
          data: { deleted: emails.length, failed: 0 }
        })
        expect((yield* askHub(`GET ${path}/invites?status=pending`)).data.invites).toEqual([])
        expect(
          yield* askHub(`DELETE ${path}/users`, { users: ["hana.kobayashi@example.com"] })
        ).toMatchObject({
          status: 200,
          data: { deleted: 1, failed: 0 }
        })
        expect((yield* askHub(`DELETE ${path}/users`, { users: [] })).status).toBe(400)
      })
    )
  )

  it.effect("an issue goes with its project named", () =>
    withHub(
      Effect.gen(function* () {
        const { data } = yield* askHub(`GET /issues?project=${projectId}`)
        const path = `DELETE /issues/${data.issue[0]._id}`
        expect((yield* askHub(path)).status).toBe(400)
        expect((yield* askHub(`${path}?project=nobody`)).message).toBe("Invalid project: nobody.")
        expect((yield* askHub(`${path}?project=${projectId}`)).status).toBe(200)
        expect((yield* askHub(`${path}?project=${projectId}`)).status).toBe(404)
      })
    )
  )
})
