import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Organizations } from "effect-ango"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { reads, sends } from "../support/WireCases.js"

const organization = "65aa0000000000000000c001"
const projectId = (number: number) => `65aa0000000000000000a00${number}`

type Service = Organizations["Type"]

const organizations = <A>(f: (service: Service) => Effect.Effect<A, unknown>) =>
  Effect.flatMap(Organizations, f)

const members = (options?: Parameters<Service["membersPage"]>[1]) => ({
  call: organizations((service) => service.membersPage(organization, options))
})
const invites = (options?: Parameters<Service["invitesPage"]>[1]) => ({
  call: organizations((service) => service.invitesPage(organization, options))
})
const updateRoles = (...updates: Parameters<Service["updateRoles"]>[1]) => ({
  call: organizations((service) => service.updateRoles(organization, updates))
})
const remove = (...emails: ReadonlyArray<string>) => ({
  call: organizations((service) => service.removeMembers(organization, emails))
})
const revoke = (...emails: ReadonlyArray<string>) => ({
  call: organizations((service) => service.revokeInvites(organization, emails))
})
const invite = (invitation: Partial<Parameters<Service["invite"]>[1]> = {}) => ({
  call: organizations((service) =>
    service.invite(organization, { to: ["new@example.com"], organizationRole: "member", ...invitation })
  )
})

sends("organizations.members", {
  default: members(),
  "page-and-limit": members({ page: 2, limit: 50 }),
  search: members({ search: "lab" }),
  "search-awkward": members({ search: "jörg+1 & o'neil@x #50%" }),
  fullest: members({ page: 1, limit: 100, search: "lab" }),
  "us-region": { ...members(), region: "us" }
})
sends("organizations.updateRoles", {
  "one-to-admin": updateRoles({ email: "lab@example.com", organizationRole: "admin" }),
  several: updateRoles(
    { email: "lab+night@example.com", organizationRole: "member" },
    { email: "admin@example.com", organizationRole: "admin" }
  ),
  "to-guest": updateRoles({ email: "guest@example.com", organizationRole: "guest" }),
  "given-capitalised": updateRoles({ email: "lab@example.com", organizationRole: "Admin" })
})
sends("organizations.removeMembers", {
  one: remove("lab@example.com"),
  several: remove("lab+night@example.com", "o'neil@example.com", "jörg@müller.example")
})
sends("organizations.invites", { default: invites(), "page-and-limit": invites({ page: 2, limit: 50 }) })
sends("organizations.invite", {
  "one-member": invite(),
  "several-admins": invite({ to: ["new+boss@example.com", "boss@example.com"], organizationRole: "admin" }),
  guest: invite({ to: ["guest@example.com"], organizationRole: "guest" }),
  "one-project": invite({ projectAssignments: [{ projectId: projectId(1), projectRole: "Labeler" }] }),
  "several-projects": invite({
    projectAssignments: ["Manager", "Labeler", "Reviewer", "Lead"].map((projectRole, index) => ({
      projectId: projectId(index + 1),
      projectRole
    }))
  })
})
sends("organizations.revokeInvites", {
  one: revoke("new@example.com"),
  several: revoke("new+boss@example.com", "o'neil@example.com", "jörg@müller.example")
})

// Known roles are decoded to lower case (docs/api-notes.md#organization-roles).
const lowerRoles = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body).replace(
      /("organizationRole":)"(Admin|Member|Guest)"/g,
      (_, key, role) => `${key}"${role.toLowerCase()}"`
    )
  )

reads("organizations.members", members().call, lowerRoles)
reads("organizations.updateRoles", updateRoles({ email: "a@example.com", organizationRole: "admin" }).call)
reads("organizations.removeMembers", remove("lab@example.com").call)
reads("organizations.invites", invites().call, lowerRoles)
reads("organizations.invite", invite().call, lowerRoles)
reads("organizations.revokeInvites", revoke("new@example.com").call)

describe("organizations", () => {
  const read = (name: string) =>
    Effect.provide(
      members().call,
      scripted([() => toResponse(block(golden("organizations.members").responses, name))]).layer
    )

  it.effect("organization-roles: known roles are decoded in lower case, unknown ones unchanged", () =>
    Effect.gen(function* () {
      for (const name of ["docs-v2", "lower-case-roles"]) {
        expect((yield* read(name)).map(({ organizationRole }) => organizationRole)).toEqual([
          "admin",
          "member",
          "guest"
        ])
      }
      const [emperor] = yield* read("unknown-extra-fields")
      expect(emperor?.organizationRole).toBe("Emperor")
    })
  )

  it.effect("lists every member, whether the hub returns pages or not", () =>
    Effect.gen(function* () {
      const user = (number: number) => ({ _id: `65aa0000000000000000900${number}` })
      const whole = () => Response.json({ status: "success", data: { users: [user(1), user(2)] } })
      const none = () => Response.json({ status: "success", data: { users: [] } })
      for (const second of [whole, none]) {
        const hub = scripted([whole, second, whole])
        const all = yield* Effect.provide(
          organizations((service) => service.members(organization)),
          hub.layer
        )
        expect(all).toHaveLength(2)
        expect(hub.requests.map(({ url }) => new URL(url).search)).toEqual([
          "?page=1&limit=1000",
          "?page=2&limit=2",
          "?page=1&limit=1000"
        ])
      }
    })
  )
})
