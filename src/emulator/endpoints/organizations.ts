/**
 * Endpoints of the organization: members, roles, invites.
 *
 * @remarks undocumented: inviting a member creates no invite, and a second invite to a person replaces the first; invites
 * are valid for seven days and stay listed as `Accepted`; a removed member leaves all projects but keeps assigned tasks;
 * the user of the API key cannot be removed; the values of `status` in the results of role updates.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type { NotFound } from "../../api/envelope.js"
import { inviteLife } from "../seed/organization.js"
import { manager, nameOf } from "../seed/people.js"
import { HubApi, success } from "../server/hubApi.js"
import type { HubState, StoredInvite } from "../state/HubState.js"
import { notFound, unknownProject } from "../state/hubErrors.js"
import { Hub, type HubService } from "../state/hubService.js"
import { paginate } from "./listPage.js"

// Roles are accepted in any case, and returned as in the newest documents (docs/api-notes.md#organization-roles).
const capitalize = (role: string): string => role.slice(0, 1).toUpperCase() + role.slice(1).toLowerCase()

const equalsIgnoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const containsIgnoringCase = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase())

const isPending = ({ invite }: StoredInvite): boolean => invite.status === "Pending"

const removeFromProjects = (state: HubState, email: string): void => {
  for (const stored of state.projects.values()) {
    const { assignedTo } = stored.project
    stored.project = {
      ...stored.project,
      assignedTo: (assignedTo ?? []).filter(
        ({ assignee }) => assignee == null || !equalsIgnoringCase(assignee, email)
      )
    }
  }
}

/**
 * Accepts the pending invite of an address: the person becomes a member of the organization and of the invite's projects.
 * `false` if there is no such invite.
 */
export const acceptInvite = (hub: HubService, email: string): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const { organization, projects } = hub.state
    const createdAt = yield* hub.now
    const stored = organization.invites.find(
      (one) => isPending(one) && equalsIgnoringCase(one.invite.to, email)
    )
    if (stored === undefined) return false
    const { organizationRole, to } = stored.invite
    const _id = yield* hub.newId("user")
    stored.invite = { ...stored.invite, status: "Accepted" }
    organization.members.push({ _id, email: to, name: nameOf(to), organizationRole, createdAt })
    for (const { projectId, projectRole } of stored.projectAssignments) {
      const target = projects.get(projectId)
      if (target === undefined) continue
      // The person may have been added to the project before accepting the invite.
      const others = (target.project.assignedTo ?? []).filter(
        ({ assignee }) => assignee == null || !equalsIgnoringCase(assignee, to)
      )
      const assignedTo = [...others, { assignee: to, role: projectRole }]
      target.project = { ...target.project, assignedTo }
    }
    return true
  })

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "organizations", (handlers) =>
  Effect.map(Hub, ({ listing, newId, now, state }) => {
    const { organization } = state

    // Fails with 404 unless the id is that of the hub's only organization.
    const checkOrganization = <A, E>(
      id: string,
      answer: Effect.Effect<A, E>
    ): Effect.Effect<A, E | NotFound> => (id === organization.id ? answer : notFound("Organization"))

    return handlers
      .handle("members", ({ path, urlParams: { search = "", ...paging } }) =>
        checkOrganization(
          path.organizationId,
          Effect.gen(function* () {
            const found = organization.members.filter(
              ({ email, name }) => containsIgnoringCase(email, search) || containsIgnoringCase(name, search)
            )
            return success({ users: (yield* paginate(found, paging, listing)).rows })
          })
        )
      )
      .handle("updateRoles", ({ path, payload }) =>
        checkOrganization(
          path.organizationId,
          Effect.sync(() => {
            const results = payload.users.map(({ email, organizationRole }) => {
              const index = organization.members.findIndex((member) =>
                equalsIgnoringCase(member.email, email)
              )
              const member = organization.members[index]
              if (member === undefined) return { email, status: "failed" }
              organization.members[index] = { ...member, organizationRole: capitalize(organizationRole) }
              return { email, status: "updated" }
            })
            const updated = results.filter(({ status }) => status === "updated").length
            return success({ users: { updated, failed: results.length - updated, results } })
          })
        )
      )
      .handle("removeMembers", ({ path, payload }) =>
        checkOrganization(
          path.organizationId,
          Effect.sync(() => {
            let deleted = 0
            for (const email of payload.users) {
              const index = organization.members.findIndex((member) =>
                equalsIgnoringCase(member.email, email)
              )
              if (index < 0 || equalsIgnoringCase(email, manager)) continue
              organization.members.splice(index, 1)
              removeFromProjects(state, email)
              deleted++
            }
            return success({ deleted, failed: payload.users.length - deleted })
          })
        )
      )
      .handle("invites", ({ path, urlParams: { status, ...paging } }) =>
        checkOrganization(
          path.organizationId,
          Effect.gen(function* () {
            const found = organization.invites
              .map(({ invite }) => invite)
              .filter((invite) => status === undefined || equalsIgnoringCase(invite.status, status))
            return success({ invites: (yield* paginate(found, paging, listing)).rows })
          })
        )
      )
      .handle("invite", ({ path, payload }) =>
        checkOrganization(
          path.organizationId,
          Effect.gen(function* () {
            // Older clients send one project at the top level (docs/api-notes.md#invite-projects).
            const { projectId, projectRole = "Labeler" } = payload
            const projectAssignments =
              payload.projectAssignments ?? (projectId === undefined ? [] : [{ projectId, projectRole }])
            const unknown = projectAssignments.find((one) => !state.projects.has(one.projectId))
            if (unknown !== undefined) return yield* unknownProject(unknown.projectId)

            const createdAt = yield* now
            const expiresAt = new Date(Date.parse(createdAt) + inviteLife).toISOString()
            const organizationRole = capitalize(payload.organizationRole)
            const created: Array<StoredInvite> = []
            for (const to of payload.to) {
              const isMemberOrDuplicate =
                organization.members.some(({ email }) => equalsIgnoringCase(email, to)) ||
                created.some(({ invite }) => equalsIgnoringCase(invite.to, to))
              if (isMemberOrDuplicate) continue
              const _id = yield* newId("invite")
              const invite = {
                _id,
                to,
                organizationRole,
                status: "Pending" as const,
                createdBy: manager,
                createdAt,
                expiresAt
              }
              created.push({ invite, projectAssignments })
            }
            const isReplaced = (old: StoredInvite) =>
              isPending(old) && created.some(({ invite }) => equalsIgnoringCase(invite.to, old.invite.to))
            organization.invites = [...organization.invites.filter((old) => !isReplaced(old)), ...created]
            return success({ invites: created.map(({ invite }) => invite) })
          })
        )
      )
      .handle("revokeInvites", ({ path, payload }) =>
        checkOrganization(
          path.organizationId,
          Effect.sync(() => {
            let deleted = 0
            for (const email of payload.invites) {
              const index = organization.invites.findIndex(
                (one) => isPending(one) && equalsIgnoringCase(one.invite.to, email)
              )
              if (index < 0) continue
              organization.invites.splice(index, 1)
              deleted++
            }
            return success({ deleted, failed: payload.invites.length - deleted })
          })
        )
      )
  })
)
