/**
 * The organization endpoints.
 *
 * @since 0.1.0
 */
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
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, success, successOf } from "./envelope.js"
import * as Query from "./queryEncoding.js"
import { idempotent, never, safe } from "./Repeatability.js"

const organizationPath = { organizationId: OrganizationId }

/** O1. The SDK sends no query; the documents name these parameters, and no total in the response. */
const members = endpoint.get("members", "/organization/:organizationId/users", {
  repeat: safe,
  schemas: () => ({
    path: organizationPath,
    query: { ...Query.paging, search: Query.optional(Schema.String) },
    success: success({ users: Schema.Array(Member) }),
    errors: [BadRequest, NotFound]
  })
})

/** O2. */
const updateRoles = endpoint.post("updateRoles", "/organization/:organizationId/users", {
  repeat: idempotent("organizations.members", "the new roles"),
  schemas: () => ({
    path: organizationPath,
    payload: Schema.Struct({ users: Open.atLeastOne(RoleUpdate, "at least one role to give") }),
    success: success({ users: RoleUpdates }),
    errors: [BadRequest, NotFound]
  })
})

/** O3. A DELETE with a body. */
const removeMembers = endpoint.del("removeMembers", "/organization/:organizationId/users", {
  repeat: idempotent("organizations.members", "the members being gone"),
  schemas: () => ({
    path: organizationPath,
    payload: Schema.Struct({ users: Emails }),
    success: successOf(Removal),
    errors: [BadRequest, NotFound]
  })
})

/** O4. The SDK always sends `status=pending`. */
const invites = endpoint.get("invites", "/organization/:organizationId/invites", {
  repeat: safe,
  schemas: () => ({
    path: organizationPath,
    query: { status: Query.optional(Schema.String), ...Query.paging },
    success: success({ invites: Schema.Array(Invite) }),
    errors: [BadRequest, NotFound]
  })
})

/**
 * O5. This client sends `projectAssignments`; older SDKs sent `projectId` and `projectRole`
 * (docs/api-notes.md#invite-projects).
 */
const invite = endpoint.post("invite", "/organization/:organizationId/invites", {
  repeat: never("organizations.invites", "invitations to these addresses"),
  schemas: () => ({
    path: organizationPath,
    payload: Schema.Struct({
      to: Emails,
      organizationRole: OrganizationRoleInput,
      projectAssignments: Query.optional(Schema.Array(ProjectAssignment)),
      projectId: Query.optional(ProjectId),
      projectRole: Query.optional(ProjectRoleInput)
    }),
    success: success({ invites: Open.maybe(Schema.Array(Invite)) }),
    errors: [BadRequest, NotFound]
  })
})

/** O6. A DELETE with a body. */
const revokeInvites = endpoint.del("revokeInvites", "/organization/:organizationId/invites", {
  repeat: idempotent("organizations.invites", "the invitations being gone"),
  schemas: () => ({
    path: organizationPath,
    payload: Schema.Struct({ invites: Emails }),
    success: successOf(Removal),
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const OrganizationsApi = endpoint.group("organizations", [
  members,
  updateRoles,
  removeMembers,
  invites,
  invite,
  revokeInvites
])
