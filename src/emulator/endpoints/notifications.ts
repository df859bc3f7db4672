/**
 * The endpoint of notifications. They reach nobody: the state keeps them.
 *
 * @remarks undocumented: the response, and the statuses of its errors: 403 for a user who is no admin of the organization,
 * 400 for a receiver who is not a member.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { HubApi, success } from "../server/hubApi.js"
import { badRequest, forbidden } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { keyUser } from "../state/stageTransitions.js"

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "notifications", (handlers) =>
  Effect.map(Hub, ({ now, state }) =>
    handlers.handle("send", ({ payload: { clickableLink, message, receivers, title } }) =>
      Effect.gen(function* () {
        const memberOf = (address: string) =>
          state.organization.members.find(({ email }) => email.toLowerCase() === address.toLowerCase())
        if (memberOf(keyUser)?.organizationRole.toLowerCase() !== "admin") {
          return yield* forbidden("Only admins of the organization can send notifications.")
        }
        const unknown = receivers.find((receiver) => memberOf(receiver) === undefined)
        if (unknown !== undefined) {
          return yield* badRequest(`receivers: ${unknown} is not a member. Nobody was notified.`)
        }
        state.notifications.push({
          receivers,
          message,
          ...(title == null ? {} : { title }),
          ...(clickableLink == null ? {} : { clickableLink }),
          sentBy: keyUser,
          sentAt: yield* now
        })
        return success({ message: `${receivers.length} members are notified.` })
      })
    )
  )
)
