/**
 * Notifications to members of the organization.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { NotificationsApi } from "../api/notifications.js"
import type { CallError } from "../errors/AngoError.js"
import { AngoClient } from "../layers/AngoClient.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { NewNotification } from "../schemas/Notification.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * The methods of {@link Notifications}.
 *
 * @category services
 * @since 0.1.0
 */
export interface NotificationsService {
  /**
   * Sends a notification to 1 to 100 members of the organization (`POST /notifications`), in the name of the key's user,
   * who has to be an admin of the organization. `message` has 1 to 1000 characters, `title` at most 200, `link` is an
   * absolute http or https URL of at most 2048. Characters are Unicode code points.
   *
   * Fails with `InvalidRequest` before any request if one of these limits is exceeded or an address is invalid. If an
   * address belongs to no member, the API refuses the whole request and nobody is notified; the status of that error is
   * undocumented (`BadRequest` on the embedded hub, and `Forbidden` for a user who is no admin).
   *
   * A notification that may have been sent is not sent again: the call fails with `AmbiguousOutcome`, and no endpoint
   * shows whether it was. A repeat notifies the receivers twice.
   *
   * @example
   * ```ts
   * import { Notifications } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const reported = Effect.flatMap(Notifications, (notifications) =>
   *   notifications.send({
   *     receivers: ["grace.adeyemi@example.com"],
   *     title: "Nightly export",
   *     message: "2,500 tasks were exported.",
   *     link: "https://reports.example.com/nightly"
   *   })
   * )
   * ```
   */
  readonly send: (notification: NewNotification) => Effect.Effect<void, CallError>
}

/**
 * Makes the service from the client of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<NotificationsService, never, AngoClient> = Effect.gen(function* () {
  const { notifications: client } = (yield* AngoClient).use(NotificationsApi)

  return {
    send: Effect.fn("Notifications.send")(function* (notification) {
      const operation = NotificationsApi.operations.send
      const { link, message, receivers, title } = yield* validateInput(
        operation,
        NewNotification,
        notification
      )
      yield* client.send({
        payload: { receivers, message, ...omitUndefined({ title, clickableLink: link }) }
      })
    })
  }
})

/**
 * Sends notifications to members of the organization.
 *
 * @category services
 * @since 0.1.0
 */
export class Notifications extends Context.Tag("effect-ango/Notifications")<
  Notifications,
  NotificationsService
>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Notifications, never, AngoClient> = Layer.effect(Notifications, make)
}
