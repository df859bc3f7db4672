// Endpoints of the organization, called in every documented variant.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const { projectId } = AngoTest

const organization = Effect.map(Emulator, ({ state }) => `/organization/${state.organization.id}`)

describe("organization-roles: organization roles", () => {
  it.effect.each(["admin", "Admin", "ADMIN", "guest", "Guest"])(
    "%s is accepted, and returned capitalized",
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

describe("one address", () => {
  it.effect("is invited once, whatever its case", () =>
    withHub(
      Effect.gen(function* () {
        const path = yield* organization
        const to = ["new@example.com", "New@example.com", "new@example.com"]
        const { data } = yield* askHub(`POST ${path}/invites`, { to, organizationRole: "member" })
        expect(data.invites).toHaveLength(1)
      })
    )
  )

  it.effect("is in a project once, if added before the invite is accepted", () =>
    withHub(
      Effect.gen(function* () {
        const path = yield* organization
        const [hub, to] = [yield* Emulator, "new@example.com"]
        const projectAssignments = [{ projectId, projectRole: "Lead" }]
        yield* askHub(`POST ${path}/invites`, { to: [to], organizationRole: "member", projectAssignments })
        yield* askHub(`POST /project/${projectId}/assigned`, {
          assignees: ["New@example.com"],
          role: "Labeler"
        })
        expect(yield* hub.acceptInvite(to)).toBe(true)
        const { data } = yield* askHub(`GET /project/${projectId}`)
        const members: ReadonlyArray<{ readonly assignee: string }> = data.project.assignedTo
        const found = members.filter(({ assignee }) => assignee.toLowerCase() === to)
        expect(found).toEqual([{ assignee: to, role: "Lead" }])
      })
    )
  )
})

describe("invite-projects: invites and projects", () => {
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

describe("undocumented-answers: deletion", () => {
  it.effect(
    "members and invites are deleted with a body; the status of invites is accepted in any case",
    () =>
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
})
