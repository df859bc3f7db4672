/**
 * Categories of errors by what a program can do about them, predicates over them, and `catchCategory`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type { AttemptError } from "./CallError.js"

interface Tagged {
  readonly _tag: string
}

/** The fields that decide if the tag alone does not. */
interface Details {
  readonly reason?: unknown
  readonly repeatable?: unknown
}

type Rule = (error: Details) => boolean

const hasReason =
  (...reasons: ReadonlyArray<string>): Rule =>
  ({ reason }) =>
    typeof reason === "string" && reasons.includes(reason)

// A row that is incomplete in the archive itself (`truncated-row`) is incomplete in a new download too.
const isBrokenDownload = hasReason("truncated")

// The limits are options of the caller.
const exceedsLimit = hasReason("too-large", "row-too-large")

// `true`: every error of this tag; a rule: some of them.
const table = {
  retryable: {
    RateLimited: true,
    ServerError: true,
    ConnectionFailed: true,
    DeadlineExceeded: true,
    MalformedResponse: true,
    IncompleteListing: true,
    PaginationError: true,
    LostUpdate: true,
    StoreUnavailable: hasReason("unreachable", "in-use"),
    // The methods request a new link; a 5xx of a storage is a `ServerError`.
    TransferError: hasReason("link-expired", "changed"),
    RowRejected: hasReason("not-applied"),
    ArchiveError: isBrokenDownload,
    FileError: hasReason("in-use", "changed"),
    AmbiguousOutcome: ({ repeatable }) => repeatable === true
  },
  input: {
    InvalidConfig: true,
    InvalidRequest: true,
    BadRequest: true,
    UnknownBatch: true,
    ListTooLong: true,
    RowRejected: ({ reason }) => reason !== "not-applied",
    InvalidLabels: true,
    InvalidMask: true,
    WriteBlocked: true,
    ArchiveError: exceedsLimit,
    StoreUnavailable: hasReason("unusable", "incompatible"),
    TransferError: hasReason("length-required", "incomplete"),
    FileError: hasReason(
      "not-found",
      "not-allowed",
      "no-space",
      "other-export",
      "newer-version",
      "unknown-content",
      "shorter",
      "longer",
      "unreadable"
    )
  },
  auth: { CredentialUnavailable: true, Unauthorized: true, Forbidden: true },
  "not-found": { NotFound: true },
  transport: {
    ConnectionFailed: true,
    DeadlineExceeded: true,
    MalformedResponse: true,
    OriginMismatch: true
  },
  ambiguous: { AmbiguousOutcome: true },
  unexpected: {
    UnexpectedStatus: true,
    DecodeError: true,
    RowDecodeError: true,
    FilterNotApplied: true,
    PaginationError: true,
    TransferError: hasReason("link-missing", "link-invalid", "insecure", "redirect", "status", "length"),
    FileError: hasReason("other"),
    ArchiveError: (error) => !isBrokenDownload(error) && !exceedsLimit(error)
  }
} satisfies Record<string, Record<string, true | Rule>>

type Table = typeof table

/**
 * The categories of errors. Every error is in at least one; some are in several.
 *
 * - `retryable`: the same call may succeed later, and repeating it does no harm. A list resumes from the error's
 *   `checkpoint`, an export to a file or a bulk write with a ledger from where it ended.
 * - `input`: an input, an option or the environment of the program (a directory, disk space, the HTTP client) has to
 *   change.
 * - `auth`: the key is missing, wrong or not allowed to do this.
 * - `not-found`: the document does not exist, or the key cannot see it.
 * - `transport`: the network, a proxy or the deadline ended the call; the result of the hub is not known.
 * - `ambiguous`: a write was sent; its result is unknown.
 * - `unexpected`: something that this library does not expect from the hub, the storage or the operating system: read the
 *   message, report it if it persists.
 *
 * @category models
 * @since 0.1.0
 */
export type Category = keyof Table

type Always<C extends Category> = {
  [Tag in keyof Table[C]]: Table[C][Tag] extends true ? Tag : never
}[keyof Table[C]]

/**
 * The members of an error type that can be in a category.
 *
 * @category models
 * @since 0.1.0
 */
export type InCategory<E, C extends Category> = C extends Category
  ? Extract<E, { readonly _tag: keyof Table[C] }>
  : never

/**
 * The members of an error type that can remain once a category is handled.
 *
 * @category models
 * @since 0.1.0
 */
export type NotInCategory<E, C extends Category> = Exclude<E, { readonly _tag: Always<C> }>

/**
 * Whether an error is in a category.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isInCategory = (error: Tagged, category: Category): boolean => {
  const rules: Readonly<Record<string, true | Rule>> = table[category]
  const rule = Object.hasOwn(rules, error._tag) ? rules[error._tag] : undefined
  const details: Tagged & Details = error
  return rule === true || rule?.(details) === true
}

/**
 * Whether the same call may succeed later, and repeating it does no harm. Fits `Effect.retry({ while: … })`.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isRetryable = (error: Tagged): boolean => isInCategory(error, "retryable")

/**
 * Whether the key is missing, wrong or not allowed to do this.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isAuth = <E extends Tagged>(error: E): error is InCategory<E, "auth"> =>
  isInCategory(error, "auth")

/**
 * Whether the document does not exist, or the key cannot see it.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isNotFound = <E extends Tagged>(error: E): error is InCategory<E, "not-found"> =>
  isInCategory(error, "not-found")

/**
 * Whether the network, a proxy or the deadline ended the call, so that the result of the hub is not known.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isTransport = <E extends Tagged>(error: E): error is InCategory<E, "transport"> =>
  isInCategory(error, "transport")

/**
 * Whether a write was sent and its result is unknown.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isAmbiguous = <E extends Tagged>(error: E): error is InCategory<E, "ambiguous"> =>
  isInCategory(error, "ambiguous")

interface CatchCategory {
  <E extends Tagged, C extends Category, A2, E2, R2>(
    category: C,
    handler: (error: InCategory<E, C>) => Effect.Effect<A2, E2, R2>
  ): <A, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A | A2, NotInCategory<E, C> | E2, R | R2>
  <A, E extends Tagged, R, C extends Category, A2, E2, R2>(
    effect: Effect.Effect<A, E, R>,
    category: C,
    handler: (error: InCategory<E, C>) => Effect.Effect<A2, E2, R2>
  ): Effect.Effect<A | A2, NotInCategory<E, C> | E2, R | R2>
}

/**
 * Handles all errors of one category; the others stay in the error channel. If only some errors of a tag belong to the
 * category (an `ArchiveError` is retryable only when truncated), the tag remains in the error type.
 *
 * @example
 * ```ts
 * import { AngoError, Projects } from "effect-ango"
 * import { Effect, Option } from "effect"
 *
 * const find = (projectId: string) =>
 *   Effect.flatMap(Projects, (projects) => projects.get(projectId)).pipe(
 *     Effect.asSome,
 *     AngoError.catchCategory("not-found", () => Effect.succeed(Option.none()))
 *   )
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const catchCategory: CatchCategory = dual(
  3,
  <A, E extends Tagged, R, C extends Category, A2, E2, R2>(
    effect: Effect.Effect<A, E, R>,
    category: C,
    handler: (error: InCategory<E, C>) => Effect.Effect<A2, E2, R2>
  ): Effect.Effect<A | A2, NotInCategory<E, C> | E2, R | R2> =>
    Effect.catchAll(
      effect,
      (error): Effect.Effect<A2, NotInCategory<E, C> | E2, R2> =>
        isMember<E, C>(error, category) ? handler(error) : Effect.fail(remaining<E, C>(error))
    )
)

const isMember = <E extends Tagged, C extends Category>(
  error: E,
  category: C
): error is E & InCategory<E, C> => isInCategory(error, category)

// An error that is not in the category has none of the tags that always are.
const remaining = <E extends Tagged, C extends Category>(error: E): NotInCategory<E, C> =>
  error as NotInCategory<E, C>

/**
 * What is known about the request of a failed attempt: it was `not-sent`, the hub has `responded`, or its result is
 * `unknown`.
 *
 * @category models
 * @since 0.1.0
 */
export type DeliveryStatus = "not-sent" | "responded" | "unknown"

/**
 * What is known about the request of a failed attempt.
 *
 * @category predicates
 * @since 0.1.0
 */
export const deliveryStatus = (error: AttemptError): DeliveryStatus => {
  switch (error._tag) {
    case "ConnectionFailed":
      return error.phase === "connect" ? "not-sent" : "unknown"
    case "MalformedResponse":
    case "ServerError":
    case "DeadlineExceeded":
      return "unknown"
    case "OriginMismatch":
      if (error.reason === "origin") return "not-sent"
      // "See other" follows a write that was applied; a redirect that was followed has reached another place.
      return error.status === 303 || error.wasFollowed === true ? "unknown" : "responded"
    case "CredentialUnavailable":
    case "InvalidRequest":
    case "WriteBlocked":
    case "StoreUnavailable":
      return "not-sent"
    default:
      return "responded"
  }
}
