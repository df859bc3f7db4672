/** The seeded organization: everybody with a role in a project, and two pending invites. */
import type { StoredOrganization } from "../state/HubState.js"
import { objectId } from "./objectIds.js"
import { labelers, manager, nameOf, reviewers } from "./people.js"

const founded = Date.UTC(2023, 0, 9, 10, 0, 0)

/** The id of the hub's only organization. */
export const organizationId = objectId("organization", 1, founded)

const iso = (at: number): string => new Date(at).toISOString()

const day = 86_400_000

/** How long an invite is valid, in milliseconds. */
export const inviteLife = 7 * day

const pending = [
  { to: "noor.vandijk@example.com", organizationRole: "Member", sent: Date.UTC(2024, 9, 21, 8, 5, 0) },
  { to: "samuel.osei@example.com", organizationRole: "Guest", sent: Date.UTC(2024, 9, 22, 15, 40, 0) }
] as const

/** Makes the organization with its members and invites. */
export const seedOrganization = (): StoredOrganization => ({
  id: organizationId,
  members: [manager, ...reviewers, ...labelers].map((email, index) => {
    const createdAt = founded + index * 3 * day
    return {
      _id: objectId("user", index + 1, createdAt),
      email,
      name: nameOf(email),
      organizationRole: email === manager ? "Admin" : "Member",
      createdAt: iso(createdAt)
    }
  }),
  invites: pending.map(({ organizationRole, sent, to }, index) => ({
    invite: {
      _id: objectId("invite", index + 1, sent),
      to,
      organizationRole,
      status: "Pending",
      createdBy: manager,
      createdAt: iso(sent),
      expiresAt: iso(sent + inviteLife)
    },
    projectAssignments: []
  }))
})
