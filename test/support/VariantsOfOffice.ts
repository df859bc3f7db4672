// Documented variants of members, storages, metrics and plugins.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Metrics, Organizations, Plugins, Storages } from "effect-ango"
import { Emulator } from "effect-ango/emulator"
import { accepted, batchesOf, projectId, read, row } from "./Variants.js"

const id = "65aa0000000000000000a001"

const organization = Effect.map(
  accepted(`GET /project/${projectId}`),
  (data) => `/organization/${data.project.organization}`
)

export const variantsOfOffice = [
  row(
    "storage-fields",
    "storages have two request forms, an optional trailing slash, two names per field, and no keys",
    Effect.gen(function* () {
      for (const [path, body] of [
        [
          "/storages/",
          {
            name: "A",
            provider: "AWS",
            publicKey: "leak",
            privateKey: "leak",
            region: null,
            credentials: null
          }
        ],
        ["/storages", { name: "B", provider: "AWS", credentials: "leak" }],
        [
          "/storages",
          {
            name: "C",
            type: "aws",
            bucket: "b",
            credentials: { accessKeyId: "leak", secretAccessKey: "leak" }
          }
        ]
      ] as const) {
        const { storage } = yield* accepted(`POST ${path}`, body)
        expect(storage).toMatchObject({ _id: expect.any(String), provider: "AWS", type: "aws" })
        const listed = yield* accepted(`GET ${path}?_id=${storage._id}`)
        expect(JSON.stringify([storage, listed])).not.toContain("leak")
      }
      const call = Effect.flatMap(Storages, (service) => service.list())
      for (const storage of [
        { id, provider: "GCP" },
        { _id: id, type: "gcs" },
        { _id: id, id, provider: "GCP", type: "gcs" }
      ]) {
        expect(yield* read(call, { storages: [{ name: "x", ...storage }] })).toMatchObject([
          { id, provider: "GCP" }
        ])
      }
    })
  ),
  row(
    "organization-roles",
    "organization roles are sent in any case, returned capitalized, and read in lower case",
    Effect.gen(function* () {
      const path = yield* organization
      const email = "amara.okafor@example.com"
      const call = Effect.flatMap(Organizations, (service) => service.membersPage(id))
      for (const role of ["admin", "Admin", "ADMIN"]) {
        yield* accepted(`POST ${path}/users`, { users: [{ email, organizationRole: role }] })
        const { users } = yield* accepted(`GET ${path}/users?search=${email}`)
        expect(users).toMatchObject([{ organizationRole: "Admin" }])
        const [member] = yield* read(call, { users: [{ _id: id, organizationRole: role }] })
        expect(member?.organizationRole).toBe("admin")
      }
    })
  ),
  row(
    "performance-body",
    "performance requests have an interval, startDate and endDate, users, batches, or nothing",
    Effect.gen(function* () {
      const [from, to] = ["2024-06-04T12:00:00.000Z", "2024-06-04T18:00:00.000000Z"]
      const ask = (body?: unknown) =>
        Effect.map(accepted(`POST /performance/${projectId}`, body), ({ performance }) => performance)
      const all = yield* ask({})
      expect(yield* ask()).toEqual(all)
      const part = yield* ask({ interval: [from, to] })
      expect(part.users.length).toBeGreaterThan(0)
      expect(part).not.toEqual(all)
      expect(yield* ask({ startDate: from })).not.toEqual(all)
      expect(yield* ask({ endDate: to })).not.toEqual(all)
      expect(yield* ask({ startDate: from, endDate: to })).toEqual(part)
      expect((yield* ask({ users: [all.users[0].user] })).users).toEqual([all.users[0]])
      const [batch] = yield* batchesOf(projectId)
      const some = yield* ask({ batches: [batch?._id] })
      expect(some).not.toEqual(all)
      const call = Effect.flatMap(Metrics, (service) =>
        service.performance(projectId, { batches: [batch?.name ?? ""] })
      )
      expect(yield* call).toEqual(some)
    })
  ),
  row(
    "plugin-bodies",
    "plugin messages have the form of the SDK or of the documents",
    Effect.gen(function* () {
      const old = { level: "INFO", organization: "o", pluginId: "p", runBy: "r", session: "s", msg: "m" }
      for (const [path, body] of [
        ["/pluginResponse", { response: "done", session: "s" }],
        ["/pluginResponse", { pluginId: "p", taskId: "t", response: {}, status: "success" }],
        ["/pluginLog", old],
        ["/pluginLog", { pluginId: "p", level: "info", message: "m" }]
      ] as const) {
        expect(yield* accepted(`POST ${path}`, body)).toHaveProperty("response")
      }
      const log = Effect.flatMap(Plugins, (service) => service.log(old))
      expect(yield* log).toEqual({ logged: true })
      expect(yield* read(log, {})).toEqual({})
    })
  ),
  row(
    "invite-projects",
    "invites have a list of projects, or one project at the top level",
    Effect.gen(function* () {
      const path = yield* organization
      const forms = [
        { projectAssignments: [{ projectId, projectRole: "Lead" }] },
        { projectId, projectRole: "Lead" }
      ]
      for (const [index, form] of forms.entries()) {
        const to = `new${index}@example.com`
        yield* accepted(`POST ${path}/invites`, { to: [to], organizationRole: "member", ...form })
        expect(yield* (yield* Emulator).acceptInvite(to)).toBe(true)
        const { project } = yield* accepted(`GET /project/${projectId}`)
        expect(project.assignedTo).toContainEqual({ assignee: to, role: "Lead" })
      }
    })
  )
]
