/**
 * Notifications to members of the organization.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Email } from "./Email.js"
import { HttpUrl } from "./httpUrl.js"

// In code points, as the vendor's SDK counts them: an emoji is one.
const textOf = (min: 0 | 1, max: number, schema: Schema.Schema<string> = Schema.String) =>
  schema.pipe(
    Schema.filter(
      (text) => {
        const { length } = Array.from(text)
        return length >= min && length <= max
      },
      {
        title: min === 0 ? `at most ${max} characters` : `${min} to ${max} characters`,
        jsonSchema: { minLength: min, maxLength: max }
      }
    )
  )

/**
 * 1 to 100 members (docs/api-notes.md#send-notification).
 *
 * @category schemas
 * @since 0.1.0
 */
export const Receivers = Schema.Array(Email).pipe(
  Schema.filter((receivers) => receivers.length >= 1 && receivers.length <= 100, {
    title: "1 to 100 e-mail addresses"
  })
)

/**
 * The text of a notification.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotificationMessage = textOf(1, 1000)

/**
 * The title of a notification.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotificationTitle = textOf(0, 200)

/**
 * The link of a notification.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NotificationLink = textOf(0, 2048, HttpUrl)

/**
 * A notification: the input of `Notifications.send`.
 *
 * @category schemas
 * @since 0.1.0
 */
export const NewNotification = Schema.Struct({
  /** E-mail addresses of members of the organization, 1 to 100. */
  receivers: Receivers,
  /** 1 to 1000 characters. */
  message: NotificationMessage,
  /** At most 200 characters. */
  title: Schema.optional(NotificationTitle),
  /** An absolute http or https URL of at most 2048 characters, which opens when the notification is clicked. */
  link: Schema.optional(NotificationLink)
})

/** @since 0.1.0 */
export type NewNotification = typeof NewNotification.Type
