/**
 * E-mail addresses, which identify people in the API.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * An e-mail address as an input: a local part, one `@`, a domain. The hub checks that it belongs to a user.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Email = Schema.String.pipe(
  Schema.pattern(/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/, {
    title: "an e-mail address",
    arbitrary: () => (fc) => fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.example$/)
  })
)

/**
 * E-mail addresses of people to mention; an empty list removes the mentions.
 *
 * @category schemas
 * @since 0.1.0
 */
export const MentionEmails = Schema.Array(Email)

/**
 * At least one e-mail address.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Emails = Open.atLeastOne(Email, "at least one e-mail address")
