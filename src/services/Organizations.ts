/**
 * Organizations: their members, roles and invites.
 *
 * No endpoint returns an organization itself; its id is the field `organization` of its projects.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { OrganizationsApi } from "../api/organizations.js"
import type { CallError, FilterNotApplied, PaginationError } from "../errors/AngoError.js"
import { toItemConditions } from "../filters/itemConditions.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import * as PageSizes from "../pagination/pageSizes.js"
import { makeRowCheck } from "../pagination/rowCheck.js"
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
 * Selects members.
 *
 * @category options
 * @since 0.1.0
 */
export interface MemberFilter {
  /** Text that names or e-mail addresses contain. */
  readonly search?: string | undefined
}

/**
 * Selects invites.
 *
 * @category options
 * @since 0.1.0
 */
export interface InviteFilter {
  /** The status, in upper or lower case; default `pending`. */
  readonly status?: InviteStatus | Lowercase<InviteStatus> | undefined
}

/**
 * The users to invite, and their roles.
 *
 * @category options
 * @since 0.1.0
 */
export interface Invitation {
  /** E-mail addresses, at least one. */
  readonly to: ReadonlyArray<string>
  /** `admin`, `member` or `guest`, in upper or lower case. */
  readonly organizationRole: OrganizationRole
  /** Projects that the users are added to, and their roles there. */
  readonly projectAssignments?:
    | ReadonlyArray<{ readonly projectId: IdInput<ProjectId>; readonly projectRole: ProjectRole }>
    | undefined
}

/**
 * The methods of {@link Organizations}.
 *
 * @category services
 * @since 0.1.0
 */
export interface OrganizationsService {
  /**
   * Lists all members of an organization (`GET /organization/{orgId}/users`). The API returns no total, so the list
   * is read again until two passes match; it fails with `PaginationError` if none do in 20 passes. Fails with
   * `NotFound` if the organization does not exist.
   */
  readonly members: (
    organizationId: IdInput<OrganizationId>,
    filter?: MemberFilter
  ) => Effect.Effect<ReadonlyArray<Member>, CallError | PaginationError>

  /** Reads one page of the members (`GET /organization/{orgId}/users`); by default the first page of 10. */
  readonly membersPage: (
    organizationId: IdInput<OrganizationId>,
    options?: MemberFilter & PageRequest
  ) => Effect.Effect<ReadonlyArray<Member>, CallError>

  /**
   * Changes the roles of members (`POST /organization/{orgId}/users`), and returns the result for each address, as
   * far as the API reports it. Fails with `InvalidRequest` before any request without an update, with an invalid
   * e-mail address, or with a role other than `admin`, `member` and `guest`.
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
   * before any request without an address or with an invalid one.
   */
  readonly removeMembers: (
    organizationId: IdInput<OrganizationId>,
    emails: ReadonlyArray<string>
  ) => Effect.Effect<Removal, CallError>

  /**
   * Lists all invites of an organization (`GET /organization/{orgId}/invites`), by default the pending ones; read like
   * {@link OrganizationsService.members}.
   */
  readonly invites: (
    organizationId: IdInput<OrganizationId>,
    filter?: InviteFilter
  ) => Effect.Effect<ReadonlyArray<Invite>, CallError | FilterNotApplied | PaginationError>

  /** Reads one page of the invites (`GET /organization/{orgId}/invites`); by default the first page of 10. */
  readonly invitesPage: (
    organizationId: IdInput<OrganizationId>,
    options?: InviteFilter & PageRequest
  ) => Effect.Effect<ReadonlyArray<Invite>, CallError | FilterNotApplied>

  /**
   * Invites users (`POST /organization/{orgId}/invites`), and returns the created invites, or an empty list if the
   * API does not report them. Fails with `InvalidRequest` before any request without an address, with an invalid one,
   * or with an unknown role.
   */
  readonly invite: (
    organizationId: IdInput<OrganizationId>,
    invitation: Invitation
  ) => Effect.Effect<ReadonlyArray<Invite>, CallError>

  /**
   * Revokes invites by their e-mail addresses (`DELETE /organization/{orgId}/invites`). Fails with `InvalidRequest`
   * before any request without an address or with an invalid one.
   */
  readonly revokeInvites: (
    organizationId: IdInput<OrganizationId>,
    emails: ReadonlyArray<string>
  ) => Effect.Effect<Removal, CallError>
}

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<OrganizationsService, never, AngoClient | AngoConfig> = Effect.gen(
  function* () {
    const { organizations: client } = (yield* AngoClient).use(OrganizationsApi)
    const { pageSize } = yield* AngoConfig
    const memberPageSizes = PageSizes.make(pageSize)
    const invitePageSizes = PageSizes.make(pageSize)

    const readMembers = (id: IdInput<OrganizationId>, options: MemberFilter & PageRequest) =>
      Effect.map(
        client.members({
          path: { organizationId: fromInput(id) },
          urlParams: omitUndefined({ page: options.page, limit: options.limit, search: options.search })
        }),
        ({ data }) => data.users
      )

    const readInvites = (id: IdInput<OrganizationId>, options: InviteFilter & PageRequest) => {
      const status = options.status?.toLowerCase() ?? "pending"
      const check = makeRowCheck(OrganizationsApi.operations.invites, toItemConditions({ status }))
      return client
        .invites({
          path: { organizationId: fromInput(id) },
          urlParams: { status, ...omitUndefined({ page: options.page, limit: options.limit }) }
        })
        .pipe(
          Effect.map(({ data }) => data.invites),
          Effect.tap((invites) => check(options.page ?? 1, invites))
        )
    }

    return {
      members: Effect.fn("Organizations.members")((organizationId, filter = {}) =>
        collectAll({
          operation: OrganizationsApi.operations.members,
          pageSizes: memberPageSizes,
          read: (page, limit) => readMembers(organizationId, { ...filter, page, limit })
        })
      ),
      membersPage: Effect.fn("Organizations.membersPage")((organizationId, options = {}) =>
        readMembers(organizationId, options)
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
          operation: OrganizationsApi.operations.invites,
          pageSizes: invitePageSizes,
          read: (page, limit) => readInvites(organizationId, { ...filter, page, limit })
        })
      ),
      invitesPage: Effect.fn("Organizations.invitesPage")((organizationId, options = {}) =>
        readInvites(organizationId, options)
      ),

      invite: Effect.fn("Organizations.invite")(function* (organizationId, invitation) {
        const { organizationRole, projectAssignments, to } = invitation
        const { data } = yield* client.invite({
          path: { organizationId: fromInput(organizationId) },
          payload: {
            to,
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
 * The members and invites of an organization.
 *
 * @category services
 * @since 0.1.0
 */
export class Organizations extends Context.Tag("effect-ango/Organizations")<
  Organizations,
  OrganizationsService
>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Organizations, never, AngoClient | AngoConfig> = Layer.effect(
    Organizations,
    make
  )
}
