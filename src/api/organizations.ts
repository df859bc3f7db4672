/**
 * The organization endpoints of the contract.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import { Emails } from "../schemas/Email.js"
import { OrganizationId, ProjectId } from "../schemas/ids.js"
import {
  Invite,
  Member,
  OrganizationRoleInput,
  ProjectAssignment,
  ProjectRoleInput,
  Removal,
  RoleUpdate,
  RoleUpdates
} from "../schemas/Organization.js"
import * as Open from "../schemas/open.js"
import { BadRequest, NotFound, success, successOf } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, Repeatability, safe } from "./Repeatability.js"

const organizationPath = Schema.Struct({ organizationId: OrganizationId })

/** O1 `GET /organization/{orgId}/users`. The SDK sends no query; the documents name these, and no total. */
const members = HttpApiEndpoint.get("members", "/organization/:organizationId/users")
  .setPath(organizationPath)
  .setUrlParams(Schema.Struct({ ...Query.paging, search: Query.optional(Schema.String) }))
  .addSuccess(success({ users: Schema.Array(Member) }))
  .annotate(Repeatability, safe)

/** O2 `POST /organization/{orgId}/users`. */
const updateRoles = HttpApiEndpoint.post("updateRoles", "/organization/:organizationId/users")
  .setPath(organizationPath)
  .setPayload(Schema.Struct({ users: Open.atLeastOne(RoleUpdate, "at least one role to give") }))
  .addSuccess(success({ users: RoleUpdates }))
  .annotate(Repeatability, idempotent("organizations.members", "the new roles"))

/** O3 `DELETE /organization/{orgId}/users`, with a body. */
const removeMembers = HttpApiEndpoint.del("removeMembers", "/organization/:organizationId/users")
  .setPath(organizationPath)
  .setPayload(Schema.Struct({ users: Emails }))
  .addSuccess(successOf(Removal))
  .annotate(Repeatability, idempotent("organizations.members", "the members being gone"))

/** O4 `GET /organization/{orgId}/invites`. The SDK always asks for `status=pending`. */
const invites = HttpApiEndpoint.get("invites", "/organization/:organizationId/invites")
  .setPath(organizationPath)
  .setUrlParams(Schema.Struct({ status: Query.optional(Schema.String), ...Query.paging }))
  .addSuccess(success({ invites: Schema.Array(Invite) }))
  .annotate(Repeatability, safe)

/**
 * O5 `POST /organization/{orgId}/invites`. The list of assignments is what we send; the one project at the top is
 * what older SDKs sent (docs/api-notes.md#invite-projects).
 */
const invite = HttpApiEndpoint.post("invite", "/organization/:organizationId/invites")
  .setPath(organizationPath)
  .setPayload(
    Schema.Struct({
      to: Emails,
      organizationRole: OrganizationRoleInput,
      projectAssignments: Query.optional(Schema.Array(ProjectAssignment)),
      projectId: Query.optional(ProjectId),
      projectRole: Query.optional(ProjectRoleInput)
    })
  )
  .addSuccess(success({ invites: Open.maybe(Schema.Array(Invite)) }))
  .annotate(Repeatability, never("organizations.invites", "invitations to these addresses"))

/** O6 `DELETE /organization/{orgId}/invites`, with a body. */
const revokeInvites = HttpApiEndpoint.del("revokeInvites", "/organization/:organizationId/invites")
  .setPath(organizationPath)
  .setPayload(Schema.Struct({ invites: Emails }))
  .addSuccess(successOf(Removal))
  .annotate(Repeatability, idempotent("organizations.invites", "the invitations being gone"))

/** @since 0.1.0 */
export const OrganizationsApi = HttpApiGroup.make("organizations")
  .add(members)
  .add(updateRoles)
  .add(removeMembers)
  .add(invites)
  .add(invite)
  .add(revokeInvites)
  .addError(BadRequest)
  .addError(NotFound)
