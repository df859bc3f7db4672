/**
 * The endpoint of notifications.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import {
  NotificationLink,
  NotificationMessage,
  NotificationTitle,
  Receivers
} from "../schemas/Notification.js"
import * as Open from "../schemas/open.js"
import * as endpoint from "./endpoint.js"
import { BadRequest, NotFound, undocumented } from "./envelope.js"
import { neverShown } from "./Repeatability.js"

/** O7. The response is not documented (docs/api-notes.md#send-notification). */
const send = endpoint.post("send", "/notifications", {
  repeat: neverShown,
  schemas: () => ({
    payload: Schema.Struct({
      receivers: Receivers,
      message: NotificationMessage,
      title: Open.maybe(NotificationTitle),
      clickableLink: Open.maybe(NotificationLink)
    }),
    success: undocumented,
    errors: [BadRequest, NotFound]
  })
})

/**
 * @category schemas
 * @since 0.1.0
 */
export const NotificationsApi = endpoint.group("notifications", [send])
