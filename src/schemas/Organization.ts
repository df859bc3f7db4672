/**
 * Organizations: members, roles and invites.
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

// Unknown roles are unchanged.
const toLowerCase = (role: string): string =>
  KnownRole.known.some((known) => known === role.toLowerCase()) ? role.toLowerCase() : role

/**
 * A role in an organization: `admin`, `member` or `guest`, in lower case as in the SDK. Decoding accepts any case, such
 * as the hub's `Admin` (docs/api-notes.md#organization-roles).
 *
 * @category schemas
 * @since 0.1.0
 */
export const OrganizationRole = Object.assign(
  Schema.transform(Schema.String, KnownRole, { strict: true, decode: toLowerCase, encode: toLowerCase }),
  { known: KnownRole.known }
)

/** @since 0.1.0 */
export type OrganizationRole = typeof OrganizationRole.Type

const formatList = (names: ReadonlyArray<string>): string =>
  `${names.slice(0, -1).join(", ")} or ${names[names.length - 1] ?? ""}`

/**
 * An organization role in a request, sent in lower case.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OrganizationRoleInput = Schema.transform(
  Schema.String,
  KnownRole.pipe(
    Schema.filter((role) => KnownRole.known.some((known) => known === toLowerCase(role)), {
      title: `an organization role: ${formatList(KnownRole.known)}`
    })
  ),
  { strict: true, decode: toLowerCase, encode: toLowerCase }
)

/**
 * A project role in a request.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectRoleInput = ProjectRole.pipe(
  Schema.filter((role) => ProjectRole.known.some((known) => known === role), {
    title: `a project role: ${formatList(ProjectRole.known)}`
  })
)

/**
 * A member of an organization (docs/api-notes.md#members-and-invites).
 *
 * @category schemas
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

/**
 * The status of an invite; documented: `Pending`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const InviteStatus = Open.enumOf("Pending")

/** @since 0.1.0 */
export type InviteStatus = typeof InviteStatus.Type

/**
 * An invitation to an organization (docs/api-notes.md#members-and-invites). `to` and `createdBy` are e-mail addresses.
 *
 * @category schemas
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
 * A project that an invited user joins, and the role there.
 *
 * @category schemas
 * @since 0.1.0
 */
export const ProjectAssignment = Schema.Struct({
  projectId: ProjectId,
  projectRole: ProjectRoleInput
})

/**
 * The new role of a member.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RoleUpdate = Schema.Struct({ email: Email, organizationRole: OrganizationRoleInput })

// The documents do not say whether these are counts or lists of addresses.
const CountOrList = Schema.Union(Schema.Number, Schema.Array(Schema.Unknown))

/**
 * The result for one address; `status` is a word of the hub.
 *
 * @category schemas
 * @since 0.1.0
 */
export const EmailOutcome = Open.struct({
  email: Open.maybe(Schema.String),
  status: Open.maybe(Schema.String)
}).annotations({ identifier: "EmailOutcome" })

/** @since 0.1.0 */
export type EmailOutcome = typeof EmailOutcome.Type

/**
 * The result of role updates: how many succeeded and failed, and, if the hub returns them, the results by address.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RoleUpdates = Open.struct({
  updated: Open.maybe(CountOrList),
  failed: Open.maybe(CountOrList),
  results: Open.maybe(Schema.Array(EmailOutcome))
}).annotations({ identifier: "RoleUpdates" })

/** @since 0.1.0 */
export type RoleUpdates = typeof RoleUpdates.Type

/**
 * The result of a removal: how many members or invites were removed, and how many were not. The documents do not say
 * whether these are numbers or lists.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Removal = Open.struct({
  deleted: Open.maybe(CountOrList),
  failed: Open.maybe(CountOrList)
}).annotations({ identifier: "Removal" })

/** @since 0.1.0 */
export type Removal = typeof Removal.Type
