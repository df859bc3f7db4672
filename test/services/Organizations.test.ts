// Members and invites of an organization, against the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type OrganizationId, Organizations, Projects } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const { projectId } = AngoTest
const amara = "amara.okafor@example.com"
const grace = "grace.adeyemi@example.com"

const hub = AngoTest.layer({ tasks: 5 })

const setup = Effect.gen(function* () {
  const [organizations, projects, emulator] = yield* Effect.all([Organizations, Projects, Emulator])
  const project = yield* projects.get(projectId)
  const id = yield* Effect.fromNullable(project.organization as OrganizationId | null | undefined)
  return { organizations, projects, emulator, id }
})

const people = (count: number) => Array.from({ length: count }, (_, index) => `person${index}@example.com`)

describe("members", () => {
  it.effect("include the members of the projects", () =>
    Effect.gen(function* () {
      const { id, organizations, projects } = yield* setup
      const members = yield* organizations.members(id)
      const { assignedTo } = yield* projects.get(projectId)
      expect(members.map(({ email }) => email).toSorted()).toEqual(
        assignedTo?.map(({ assignee }) => assignee).toSorted()
      )
      expect(members.filter(({ organizationRole }) => organizationRole === "admin")).toMatchObject([
        { email: grace, name: "Grace Adeyemi" }
      ])
      expect((yield* organizations.members(id, { search: "okafor" })).map(({ email }) => email)).toEqual([
        amara
      ])
    }).pipe(Effect.provide(hub))
  )

  it.effect("are listed completely when there is more than one page", () =>
    Effect.gen(function* () {
      const { emulator, id, organizations } = yield* setup
      yield* organizations.invite(id, { to: people(25), organizationRole: "member" })
      for (const email of people(25)) expect(yield* emulator.acceptInvite(email)).toBe(true)
      expect(yield* organizations.members(id)).toHaveLength(34)
      expect(yield* organizations.membersPage(id)).toHaveLength(10)
      expect(yield* organizations.membersPage(id, { page: 4, limit: 10 })).toHaveLength(4)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5, pageSize: 8 })))
  )

  it.effect("get new roles, with a result for each address", () =>
    Effect.gen(function* () {
      const { id, organizations } = yield* setup
      const outcome = yield* organizations.updateRoles(id, [
        { email: amara, organizationRole: "Admin" },
        { email: "nobody@example.com", organizationRole: "guest" }
      ])
      expect(outcome).toMatchObject({
        updated: 1,
        failed: 1,
        results: [
          { email: amara, status: "updated" },
          { email: "nobody@example.com", status: "failed" }
        ]
      })
      const [member] = yield* organizations.members(id, { search: amara })
      expect(member?.organizationRole).toBe("admin")
    }).pipe(Effect.provide(hub))
  )

  it.effect("are removed from the organization and its projects, except the user of the key", () =>
    Effect.gen(function* () {
      const { id, organizations, projects } = yield* setup
      expect(yield* organizations.removeMembers(id, [amara, grace, "nobody@example.com"])).toMatchObject({
        deleted: 1,
        failed: 2
      })
      const emails = (yield* organizations.members(id)).map(({ email }) => email)
      expect(emails).not.toContain(amara)
      expect(emails).toContain(grace)
      const { assignedTo } = yield* projects.get(projectId)
      expect(assignedTo?.map(({ assignee }) => assignee)).not.toContain(amara)
    }).pipe(Effect.provide(hub))
  )
})

describe("invites", () => {
  it.effect("are pending, then accepted, and add users to the organization and projects", () =>
    Effect.gen(function* () {
      const { emulator, id, organizations, projects } = yield* setup
      const before = yield* organizations.invites(id)
      expect(before.length).toBeGreaterThan(0)
      const created = yield* organizations.invite(id, {
        to: ["new@example.com", "other@example.com"],
        organizationRole: "guest",
        projectAssignments: [{ projectId, projectRole: "Reviewer" }]
      })
      expect(created).toMatchObject([
        { to: "new@example.com", organizationRole: "guest", status: "Pending" },
        { to: "other@example.com", organizationRole: "guest", status: "Pending" }
      ])
      expect(yield* organizations.invites(id)).toHaveLength(before.length + 2)

      expect(yield* emulator.acceptInvite("new@example.com")).toBe(true)
      expect(yield* emulator.acceptInvite("new@example.com")).toBe(false)
      expect(yield* organizations.members(id, { search: "new@" })).toMatchObject([
        { email: "new@example.com", organizationRole: "guest" }
      ])
      expect((yield* projects.get(projectId)).assignedTo).toContainEqual({
        assignee: "new@example.com",
        role: "Reviewer"
      })
      expect(yield* organizations.invites(id)).toHaveLength(before.length + 1)
      expect(yield* organizations.invites(id, { status: "Accepted" })).toMatchObject([
        { to: "new@example.com" }
      ])
    }).pipe(Effect.provide(hub))
  )

  it.effect("are not created twice for one address, or for a member", () =>
    Effect.gen(function* () {
      const { id, organizations } = yield* setup
      const before = yield* organizations.invites(id)
      const invitation = { to: ["new@example.com", amara], organizationRole: "member" }
      yield* organizations.invite(id, invitation)
      expect(yield* organizations.invite(id, invitation)).toMatchObject([{ to: "new@example.com" }])
      expect(yield* organizations.invites(id)).toHaveLength(before.length + 1)
    }).pipe(Effect.provide(hub))
  )

  it.effect("can be revoked", () =>
    Effect.gen(function* () {
      const { emulator, id, organizations } = yield* setup
      yield* organizations.invite(id, { to: ["new@example.com"], organizationRole: "member" })
      expect(yield* organizations.revokeInvites(id, ["new@example.com", "x@example.com"])).toMatchObject({
        deleted: 1,
        failed: 1
      })
      expect((yield* organizations.invites(id)).map(({ to }) => to)).not.toContain("new@example.com")
      expect(yield* emulator.acceptInvite("new@example.com")).toBe(false)
    }).pipe(Effect.provide(hub))
  )
})

describe("invalid calls", () => {
  const call = <A>(f: (service: Organizations["Type"]) => Effect.Effect<A, unknown>) =>
    Effect.flatMap(Organizations, f)
  const to = ["new@example.com"]
  const organizationRole = "member"

  it.effect.each([
    [call((service) => service.updateRoles("c001", [])), "users", "at least one role to give"],
    [call((service) => service.removeMembers("c001", [])), "users", "at least one e-mail address"],
    [call((service) => service.removeMembers("c001", ["Amara"])), "users[0]", "an e-mail address"],
    [call((service) => service.revokeInvites("c001", ["a, b@c.example"])), "invites[0]", "an e-mail address"],
    [
      call((service) => service.updateRoles("c001", [{ email: amara, organizationRole: "boss" }])),
      "users[0].organizationRole",
      "an organization role: admin, member or guest"
    ],
    [
      call((service) => service.invite("c001", { to: [], organizationRole })),
      "to",
      "at least one e-mail address"
    ],
    [
      call((service) => service.invite("c001", { to, organizationRole: "boss" })),
      "organizationRole",
      "an organization role: admin, member or guest"
    ],
    [
      call((service) =>
        service.invite("c001", {
          to,
          organizationRole,
          projectAssignments: [{ projectId, projectRole: "labeler" }]
        })
      ),
      "projectAssignments[0].projectRole",
      "a project role: Manager, Labeler, Reviewer or Lead"
    ],
    [
      call((service) =>
        service.invite("c001", {
          to,
          organizationRole,
          projectAssignments: [{ projectId: "a/b", projectRole: "Lead" }]
        })
      ),
      "projectAssignments[0].projectId",
      "an id of 1 to 128"
    ]
  ] as const)("%# are refused before any request", ([made, parameter, allowed]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(made as Effect.Effect<unknown, unknown, Organizations>)
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(String(error)).toContain(allowed)
      expect(yield* (yield* Emulator).requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect("fail with NotFound for an unknown organization or project", () =>
    Effect.gen(function* () {
      const { id, organizations } = yield* setup
      for (const made of [
        organizations.members("nobody"),
        organizations.invites("nobody"),
        organizations.removeMembers("nobody", [amara]),
        organizations.revokeInvites("nobody", [amara]),
        organizations.updateRoles("nobody", [{ email: amara, organizationRole: "guest" }]),
        organizations.invite("nobody", { to, organizationRole }),
        organizations.invite(id, {
          to,
          organizationRole,
          projectAssignments: [{ projectId: "nobody", projectRole: "Lead" }]
        })
      ]) {
        expect(yield* Effect.flip(made as Effect.Effect<unknown, unknown>)).toMatchObject({
          _tag: "NotFound"
        })
      }
    }).pipe(Effect.provide(hub))
  )

  it.effect("fail with Forbidden without permission", () =>
    Effect.gen(function* () {
      const { emulator, id, organizations } = yield* setup
      yield* emulator.faults.on("organizations.invite", [Faults.fail(403)])
      expect(yield* Effect.flip(organizations.invite(id, { to, organizationRole }))).toMatchObject({
        _tag: "Forbidden"
      })
    }).pipe(Effect.provide(hub))
  )
})
