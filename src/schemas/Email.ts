/**
 * E-mail addresses, by which the hub names people.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Open from "./open.js"

/**
 * An e-mail address as an input: something, one `@`, a domain. Whether somebody reads it is for the hub to say.
 *
 * @since 0.1.0
 */
export const Email = Schema.String.pipe(
  Schema.pattern(/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/, {
    title: "an e-mail address",
    arbitrary: () => (fc) => fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.example$/)
  })
)

/**
 * E-mail addresses of people to tell; none takes the mentions away.
 *
 * @since 0.1.0
 */
export const Mentioned = Schema.Array(Email)

/**
 * At least one e-mail address.
 *
 * @since 0.1.0
 */
export const Emails = Open.atLeastOne(Email, "at least one e-mail address")
