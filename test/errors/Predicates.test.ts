// Categories of errors: which errors are in which, and what remains in the type once one is handled.
import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, expect, expectTypeOf, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { AngoError, Projects } from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { operations } from "../../src/api/operations.js"
import { operationContext } from "../../src/errors/OperationContext.js"

const at = operationContext(operations["tasks.get"], "so the test says")

const unauthorized = new AngoError.Unauthorized({ ...at, status: 401 })
const notFound = new AngoError.NotFound({ ...at, status: 404 })
const busy = new AngoError.ServerError({ ...at, status: 503 })
const cut = new AngoError.ConnectionFailed({ ...at, phase: "body" })
const ambiguous = (repeatable: boolean) =>
  new AngoError.AmbiguousOutcome({ ...at, cause: cut, attempts: 1, repeatable })
const transfer = (reason: AngoError.TransferError["reason"], status?: number) =>
  new AngoError.TransferError({
    ...at,
    direction: "download",
    reason,
    ...(status === undefined ? {} : { status })
  })
const archive = (reason: AngoError.ArchiveError["reason"]) =>
  new AngoError.ArchiveError({ reason, message: "" })
const file = (reason: AngoError.FileError["reason"]) =>
  new AngoError.FileError({ path: "out", reason, message: "" })
const store = (reason: AngoError.StoreUnavailable["reason"]) =>
  new AngoError.StoreUnavailable({ store: "ledger", reason, message: "" })

const all: ReadonlyArray<AngoError.Category> = [
  "retryable",
  "input",
  "auth",
  "not-found",
  "transport",
  "ambiguous",
  "unexpected"
]

describe("an error", () => {
  it.each([
    [unauthorized, ["auth"]],
    [new AngoError.Forbidden({ ...at, status: 403, reason: "permission" }), ["auth"]],
    [new AngoError.Forbidden({ ...at, status: 451, reason: "network" }), ["auth"]],
    [new AngoError.CredentialUnavailable(at), ["auth"]],
    [notFound, ["not-found"]],
    [busy, ["retryable"]],
    [new AngoError.RateLimited({ ...at, status: 429 }), ["retryable"]],
    [cut, ["retryable", "transport"]],
    [ambiguous(false), ["ambiguous"]],
    [ambiguous(true), ["retryable", "ambiguous"]],
    [new AngoError.BadRequest({ ...at, status: 400 }), ["input"]],
    [new AngoError.RowRejected({ ...at, reason: "duplicate" }), ["input"]],
    [new AngoError.RowRejected({ ...at, reason: "not-applied" }), ["retryable"]],
    [new AngoError.WriteBlocked({ ...at, guard: "dry-run" }), ["input"]],
    [new AngoError.OriginMismatch({ ...at, reason: "origin" }), ["transport"]],
    [transfer("link-expired", 403), ["retryable"]],
    [transfer("incomplete"), ["input"]],
    [transfer("status", 400), ["unexpected"]],
    [transfer("insecure"), ["unexpected"]],
    [archive("truncated"), ["retryable"]],
    [archive("truncated-row"), ["unexpected"]],
    [archive("content"), ["unexpected"]],
    [archive("too-large"), ["input"]],
    [archive("row-too-large"), ["input"]],
    [file("in-use"), ["retryable"]],
    [file("no-space"), ["input"]],
    [file("other"), ["unexpected"]],
    [store("unreachable"), ["retryable"]],
    [store("incompatible"), ["input"]],
    [store("unusable"), ["input"]],
    [new AngoError.UnexpectedStatus({ ...at, status: 418 }), ["unexpected"]]
  ] as const)("%s is in its categories and no others", (error, categories) => {
    expect(all.filter((category) => AngoError.isInCategory(error, category))).toEqual(categories)
  })

  it("of another library is in no category", () => {
    for (const _tag of ["ParseError", "toString", "constructor"]) {
      expect(all.filter((category) => AngoError.isInCategory({ _tag }, category))).toEqual([])
    }
  })
})

it("every reason of a family is in a category", () => {
  const folder = new URL("../../src/errors/", import.meta.url)
  const tags = ["ArchiveError", "FileError", "RowRejected", "StoreUnavailable", "TransferError"]
  const missing = tags.flatMap((_tag) => {
    const text = readFileSync(new URL(`${_tag}.ts`, folder), "utf8")
    const union = /readonly reason:([^?]*?)\n {2,4}readonly /.exec(text)?.[1] ?? ""
    const reasons = Array.from(union.matchAll(/"([\w-]+)"/g), (match) => String(match[1]))
    expect(reasons.length).toBeGreaterThan(3)
    return reasons.filter(
      (reason) =>
        !all.some((category) => AngoError.isInCategory({ _tag, reason } as { _tag: string }, category))
    )
  })
  expect(missing).toEqual([])
})

it("there are at most 32 tags", () => {
  const folder = new URL("../../src/errors/", import.meta.url)
  const tags = readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => readFileSync(new URL(name, folder), "utf8").match(/TaggedError\("\w+"\)/g) ?? [])
  expect(new Set(tags).size).toBe(tags.length)
  expect(tags.length).toBeGreaterThan(20)
  expect(tags.length).toBeLessThanOrEqual(32)
})

describe("a predicate", () => {
  it("narrows a union to the members of its category", () => {
    const error: AngoError.CallError = Option.getOrThrow(Option.some<AngoError.CallError>(unauthorized))
    assert(AngoError.isAuth(error))
    expectTypeOf(error._tag).toEqualTypeOf<"Unauthorized" | "Forbidden" | "CredentialUnavailable">()
  })
})

describe("catchCategory", () => {
  const failing = (error: AngoError.CallError) => Effect.fail(error)

  it("takes the tags that are always in the category out of the error channel", () => {
    const handled = AngoError.catchCategory(failing(unauthorized), "auth", () => Effect.succeed("login"))
    type Left = Effect.Effect.Error<typeof handled>
    expectTypeOf<
      Extract<Left, { _tag: "Unauthorized" | "Forbidden" | "CredentialUnavailable" }>
    >().toBeNever()
    expectTypeOf<Extract<Left, { _tag: "NotFound" }>>().toEqualTypeOf<AngoError.NotFound>()
    expectTypeOf<Effect.Effect.Success<typeof handled>>().toEqualTypeOf<string>()
  })

  it("keeps a tag of which only some errors are in the category", () => {
    const handled = AngoError.catchCategory(failing(busy), "retryable", () => Effect.void)
    type Left = Effect.Effect.Error<typeof handled>
    expectTypeOf<Extract<Left, { _tag: "AmbiguousOutcome" }>>().toEqualTypeOf<AngoError.AmbiguousOutcome>()
    expectTypeOf<Extract<Left, { _tag: "ServerError" | "RateLimited" }>>().toBeNever()
  })

  it("gives the handler the members of the category, in a pipe too", () => {
    const handled = failing(notFound).pipe(
      AngoError.catchCategory("not-found", (error) => {
        expectTypeOf(error).toEqualTypeOf<AngoError.NotFound>()
        return Effect.void
      })
    )
    expectTypeOf<Effect.Effect.Success<typeof handled>>().toEqualTypeOf<void>()
  })

  it("gives the handler the members of each of several categories", () => {
    const either = (category: "auth" | "not-found") =>
      AngoError.catchCategory(failing(notFound), category, (error) => {
        expectTypeOf(error._tag).toEqualTypeOf<
          "NotFound" | "Unauthorized" | "Forbidden" | "CredentialUnavailable"
        >()
        return Effect.void
      })
    expectTypeOf<
      Extract<Effect.Effect.Error<ReturnType<typeof either>>, { _tag: "NotFound" }>
    >().toEqualTypeOf<AngoError.NotFound>()
  })

  it.effect("handles what is in the category and fails with the rest", () =>
    Effect.gen(function* () {
      const login = AngoError.catchCategory("auth", () => Effect.succeed("login"))
      expect(yield* login(failing(unauthorized))).toBe("login")
      expect(yield* Effect.flip(login(failing(notFound)))).toBe(notFound)
      const again = AngoError.catchCategory("retryable", () => Effect.succeed("again"))
      expect(yield* again(failing(ambiguous(true)))).toBe("again")
      expect(yield* Effect.flip(again(failing(ambiguous(false))))).toMatchObject({ _tag: "AmbiguousOutcome" })
    })
  )

  it.effect("handles errors of the services", () =>
    Effect.gen(function* () {
      const projects = yield* Projects
      const found = yield* projects.get("65aa00000000000000009999").pipe(
        Effect.asSome,
        AngoError.catchCategory("not-found", () => Effect.succeed(Option.none()))
      )
      expect(Option.isNone(found)).toBe(true)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )
})
