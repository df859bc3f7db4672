/**
 * Organizations: who belongs to one, with which role, and who is invited.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Email } from "./Email.js"
import { ProjectId, UserId } from "./ids.js"
import * as Open from "./open.js"
import { ProjectRole } from "./Project.js"
import { Timestamp } from "./Timestamp.js"

const KnownRole = Open.enumOf("admin", "member", "guest")

// A role of tomorrow keeps its letters.
const lowered = (role: string): string =>
  KnownRole.known.some((known) => known === role.toLowerCase()) ? role.toLowerCase() : role

/**
 * A role in an organization, in lower case as the SDK has it; the hub's answers say `Admin` and the like, and are
 * read in any case (docs/api-notes.md#organization-roles).
 *
 * @since 0.1.0
 */
export const OrganizationRole = Object.assign(
  Schema.transform(Schema.String, KnownRole, { strict: true, decode: lowered, encode: lowered }),
  { known: KnownRole.known }
)

/** @since 0.1.0 */
export type OrganizationRole = typeof OrganizationRole.Type

const listed = (names: ReadonlyArray<string>): string =>
  `${names.slice(0, -1).join(", ")} or ${names[names.length - 1] ?? ""}`

/**
 * A role to give somebody in an organization, sent in lower case.
 *
 * @since 0.1.0
 */
export const OrganizationRoleInput = Schema.transform(
  Schema.String,
  KnownRole.pipe(
    Schema.filter((role) => KnownRole.known.some((known) => known === lowered(role)), {
      title: `an organization role: ${listed(KnownRole.known)}`
    })
  ),
  { strict: true, decode: lowered, encode: lowered }
)

/**
 * A role to give somebody in a project.
 *
 * @since 0.1.0
 */
export const ProjectRoleInput = ProjectRole.pipe(
  Schema.filter((role) => ProjectRole.known.some((known) => known === role), {
    title: `a project role: ${listed(ProjectRole.known)}`
  })
)

/**
 * A member of an organization (docs/api-notes.md#members-and-invites).
 *
 * @since 0.1.0
 */
export const Member = Open.struct({
  id: Open.idField(UserId),
  email: Open.maybe(Schema.String),
  name: Open.maybe(Schema.String),
  organizationRole: Open.maybe(OrganizationRole),
  createdAt: Open.maybe(Timestamp)
}).annotations({ identifier: "Member" })

/** @since 0.1.0 */
export type Member = typeof Member.Type

/** @since 0.1.0 */
export const InviteStatus = Open.enumOf("Pending")

/** @since 0.1.0 */
export type InviteStatus = typeof InviteStatus.Type

/**
 * An invitation to an organization (docs/api-notes.md#members-and-invites). `to` and `createdBy` are e-mail addresses.
 *
 * @since 0.1.0
 */
export const Invite = Open.struct({
  id: Open.idField(Schema.String),
  to: Open.maybe(Schema.String),
  organizationRole: Open.maybe(OrganizationRole),
  status: Open.maybe(InviteStatus),
  createdBy: Open.maybe(Schema.String),
  createdAt: Open.maybe(Timestamp),
  expiresAt: Open.maybe(Timestamp)
}).annotations({ identifier: "Invite" })

/** @since 0.1.0 */
export type Invite = typeof Invite.Type

/**
 * A project that somebody invited gets into, and the role there.
 *
 * @since 0.1.0
 */
export const ProjectAssignment = Schema.Struct({
  projectId: ProjectId,
  projectRole: ProjectRoleInput
})

/**
 * The role that a member is to have.
 *
 * @since 0.1.0
 */
export const RoleUpdate = Schema.Struct({ email: Email, organizationRole: OrganizationRoleInput })

// No document says whether these are counts or the addresses themselves.
const Tally = Schema.Union(Schema.Number, Schema.Array(Schema.Unknown))

/**
 * What became of one address: `status` is the hub's own word.
 *
 * @since 0.1.0
 */
export const EmailOutcome = Open.struct({
  email: Open.maybe(Schema.String),
  status: Open.maybe(Schema.String)
}).annotations({ identifier: "EmailOutcome" })

/** @since 0.1.0 */
export type EmailOutcome = typeof EmailOutcome.Type

/**
 * What became of role updates: how many were made and how many failed, and the outcome of each address where the
 * hub gives them.
 *
 * @since 0.1.0
 */
export const RoleUpdates = Open.struct({
  updated: Open.maybe(Tally),
  failed: Open.maybe(Tally),
  results: Open.maybe(Schema.Array(EmailOutcome))
}).annotations({ identifier: "RoleUpdates" })

/** @since 0.1.0 */
export type RoleUpdates = typeof RoleUpdates.Type

/**
 * What became of a removal: how many members or invites are gone, and how many the hub could not remove. Numbers,
 * or lists: no document says which.
 *
 * @since 0.1.0
 */
export const Removal = Open.struct({
  deleted: Open.maybe(Tally),
  failed: Open.maybe(Tally)
}).annotations({ identifier: "Removal" })

/** @since 0.1.0 */
export type Removal = typeof Removal.Type
