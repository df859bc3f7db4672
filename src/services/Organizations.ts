/**
 * Organizations: who belongs to one, with which role, and who is invited.
 *
 * No endpoint answers an organization; its id is the `organization` of any of its projects.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { operations } from "../api/operations.js"
import type { CallError, PaginationError } from "../errors/AngoError.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { collectAll, type PageRequest } from "../pagination/stableScan.js"
import { fromInput, type IdInput, type OrganizationId, type ProjectId } from "../schemas/ids.js"
import type {
  Invite,
  InviteStatus,
  Member,
  OrganizationRole,
  Removal,
  RoleUpdates
} from "../schemas/Organization.js"
import type { ProjectRole } from "../schemas/Project.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * Which members.
 *
 * @since 0.1.0
 */
export interface MemberFilter {
  /** Text to look for in names and e-mail addresses. */
  readonly search?: string | undefined
}

/**
 * Which invites.
 *
 * @since 0.1.0
 */
export interface InviteFilter {
  /** In any case; default `pending`. */
  readonly status?: InviteStatus | Lowercase<InviteStatus> | undefined
}

/**
 * Whom to invite, and to what.
 *
 * @since 0.1.0
 */
export interface Invitation {
  /** E-mail addresses; at least one. */
  readonly to: ReadonlyArray<string>
  /** `admin`, `member` or `guest`, in any case. */
  readonly organizationRole: OrganizationRole
  /** Projects that they get into with the invitation, and their role there. */
  readonly projectAssignments?:
    | ReadonlyArray<{ readonly projectId: IdInput<ProjectId>; readonly projectRole: ProjectRole }>
    | undefined
}

/** @since 0.1.0 */
export interface OrganizationsService {
  /**
   * All members of an organization (`GET /organization/{orgId}/users`), read page by page: the hub tells no
   * total, so that they are read again until two readings agree. Fails with `PaginationError` when none do, and with
   * `NotFound` when there is no such organization.
   */
  readonly members: (
    organizationId: IdInput<OrganizationId>,
    filter?: MemberFilter
  ) => Effect.Effect<ReadonlyArray<Member>, CallError | PaginationError>

  /** One page of the members; the hub's first one, of 10, unless asked otherwise. */
  readonly membersPage: (
    organizationId: IdInput<OrganizationId>,
    options?: MemberFilter & PageRequest
  ) => Effect.Effect<ReadonlyArray<Member>, CallError>

  /**
   * Gives members new roles (`POST /organization/{orgId}/users`), and says what became of each address where the
   * hub does. Fails with `InvalidRequest` before any request when there is no update, an address is none, or a
   * role is not `admin`, `member` or `guest`.
   *
   * @example
   * ```ts
   * import { Organizations } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const promoted = Effect.gen(function*() {
   *   const organizations = yield* Organizations
   *   return yield* organizations.updateRoles("65aa0000000000000000c001", [
   *     { email: "amara.okafor@example.com", organizationRole: "admin" }
   *   ])
   * })
   * ```
   */
  readonly updateRoles: (
    organizationId: IdInput<OrganizationId>,
    updates: ReadonlyArray<{ readonly email: string; readonly organizationRole: OrganizationRole }>
  ) => Effect.Effect<RoleUpdates, CallError>

  /**
   * Removes members by their e-mail addresses (`DELETE /organization/{orgId}/users`). Fails with `InvalidRequest`
   * before any request when there is no address, or one is none.
   */
  readonly removeMembers: (
    organizationId: IdInput<OrganizationId>,
    emails: ReadonlyArray<string>
  ) => Effect.Effect<Removal, CallError>

  /**
   * All invites of an organization (`GET /organization/{orgId}/invites`), pending ones by default; read as
   * {@link OrganizationsService.members} are.
   */
  readonly invites: (
    organizationId: IdInput<OrganizationId>,
    filter?: InviteFilter
  ) => Effect.Effect<ReadonlyArray<Invite>, CallError | PaginationError>

  /** One page of the invites; the hub's first one, of 10, unless asked otherwise. */
  readonly invitesPage: (
    organizationId: IdInput<OrganizationId>,
    options?: InviteFilter & PageRequest
  ) => Effect.Effect<ReadonlyArray<Invite>, CallError>

  /**
   * Invites people (`POST /organization/{orgId}/invites`), and gives the invites that were made, where the hub
   * lists them. Fails with `InvalidRequest` before any request when there is no address, one is none, or a role is
   * unknown.
   */
  readonly invite: (
    organizationId: IdInput<OrganizationId>,
    invitation: Invitation
  ) => Effect.Effect<ReadonlyArray<Invite>, CallError>

  /**
   * Takes invites back by the e-mail addresses they went to (`DELETE /organization/{orgId}/invites`). Fails with
   * `InvalidRequest` before any request when there is no address, or one is none.
   */
  readonly revokeInvites: (
    organizationId: IdInput<OrganizationId>,
    emails: ReadonlyArray<string>
  ) => Effect.Effect<Removal, CallError>
}

/** @since 0.1.0 */
export const make: Effect.Effect<OrganizationsService, never, AngoClient | AngoConfig> = Effect.gen(
  function* () {
    const { organizations: client } = yield* AngoClient
    const { pageSize } = yield* AngoConfig

    const memberPage = (id: IdInput<OrganizationId>, options: MemberFilter & PageRequest) =>
      Effect.map(
        client.members({
          path: { organizationId: fromInput(id) },
          urlParams: omitUndefined({ page: options.page, limit: options.limit, search: options.search })
        }),
        ({ data }) => data.users
      )

    const invitePage = (id: IdInput<OrganizationId>, options: InviteFilter & PageRequest) =>
      Effect.map(
        client.invites({
          path: { organizationId: fromInput(id) },
          urlParams: {
            status: options.status?.toLowerCase() ?? "pending",
            ...omitUndefined({ page: options.page, limit: options.limit })
          }
        }),
        ({ data }) => data.invites
      )

    return {
      members: Effect.fn("Organizations.members")((organizationId, filter = {}) =>
        collectAll({
          operation: operations["organizations.members"],
          pageSize,
          read: (page, limit) => memberPage(organizationId, { ...filter, page, limit })
        })
      ),
      membersPage: Effect.fn("Organizations.membersPage")((organizationId, options = {}) =>
        memberPage(organizationId, options)
      ),

      updateRoles: Effect.fn("Organizations.updateRoles")(function* (organizationId, updates) {
        const { data } = yield* client.updateRoles({
          path: { organizationId: fromInput(organizationId) },
          payload: { users: updates }
        })
        return data.users
      }),

      removeMembers: Effect.fn("Organizations.removeMembers")(function* (organizationId, emails) {
        const { data } = yield* client.removeMembers({
          path: { organizationId: fromInput(organizationId) },
          payload: { users: emails }
        })
        return data
      }),

      invites: Effect.fn("Organizations.invites")((organizationId, filter = {}) =>
        collectAll({
          operation: operations["organizations.invites"],
          pageSize,
          read: (page, limit) => invitePage(organizationId, { ...filter, page, limit })
        })
      ),
      invitesPage: Effect.fn("Organizations.invitesPage")((organizationId, options = {}) =>
        invitePage(organizationId, options)
      ),

      invite: Effect.fn("Organizations.invite")(function* (organizationId, invitation) {
        const { organizationRole, projectAssignments, to } = invitation
        const { data } = yield* client.invite({
          path: { organizationId: fromInput(organizationId) },
          payload: {
            to: to,
            organizationRole,
            ...omitUndefined({
              projectAssignments: projectAssignments?.map(({ projectId, projectRole }) => ({
                projectId: fromInput<ProjectId>(projectId),
                projectRole
              }))
            })
          }
        })
        return data.invites ?? []
      }),

      revokeInvites: Effect.fn("Organizations.revokeInvites")(function* (organizationId, emails) {
        const { data } = yield* client.revokeInvites({
          path: { organizationId: fromInput(organizationId) },
          payload: { invites: emails }
        })
        return data
      })
    }
  }
)

/**
 * The organizations of Ango Hub.
 *
 * @since 0.1.0
 */
export class Organizations extends Context.Tag("effect-ango/Organizations")<
  Organizations,
  OrganizationsService
>() {
  static readonly layer: Layer.Layer<Organizations, never, AngoClient | AngoConfig> = Layer.effect(
    Organizations,
    make
  )
}
