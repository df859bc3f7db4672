// What a 403 and a 451 say, and that no key is in it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AngoError, RetryPolicy, Tasks } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const user = "e5f1c0de-1111-4000-8000-ef5ec7a4901d"
const account = "ango_sa_S3cretS3cretS3cret_1"
const somebodys = "ango_sa_0ther-0ther"

const refusal = (key: string, fault: Faults.Fault) =>
  Effect.gen(function* () {
    const hub = yield* Emulator
    yield* hub.faults.on("tasks.list", Faults.repeat(fault))
    const tasks = yield* Tasks
    const error = yield* Effect.flip(tasks.page(AngoTest.projectId))
    expect(yield* hub.faults.log).toHaveLength(1)
    return error
  }).pipe(Effect.provide(AngoTest.layer({ tasks: 1, apiKey: Redacted.make(key) })))

describe("a refusal", () => {
  it.effect("403 of a user's key: permission, and scopes as a possible reason", () =>
    Effect.gen(function* () {
      const error = yield* refusal(user, Faults.fail(403, `Not with ${user}, nor with ${somebodys}.`))
      expect(error).toMatchObject({ _tag: "Forbidden", status: 403, reason: "permission" })
      expect(error.message).toMatch(/may not do this, or the key lacks a scope\. .* Ask a manager/)
      expect(AngoError.isAuth(error)).toBe(true)
      expect(AngoError.isRetryable(error)).toBe(false)
      expect(JSON.stringify(error) + error.message).toContain("Not with <redacted>, nor with <redacted>.")
      expect(JSON.stringify(error) + error.message).not.toMatch(/e5f1c0de|0ther/)
    })
  )

  it.effect("403 of a service account's key: its scopes, without the key", () =>
    Effect.gen(function* () {
      const error = yield* refusal(account, Faults.fail(403, `Missing scope for ${account}.`))
      expect(error).toMatchObject({ _tag: "Forbidden", status: 403, reason: "permission" })
      expect(error.message).toMatch(
        /the key belongs to a service account, .* scopes allow\. .* missing scope\./
      )
      expect(JSON.stringify(error) + error.message).not.toMatch(/ango_sa_|S3cret/)
    })
  )

  it.effect("451: the network, never retried, even if a policy retries its status", () =>
    Effect.gen(function* () {
      const error = yield* refusal(user, Faults.restricted)
      expect(error).toMatchObject({ _tag: "Forbidden", status: 451, reason: "network" })
      expect(error.message).toMatch(/\(451\): the organization does not allow requests from this IP address/)
      expect(AngoError.isAuth(error)).toBe(true)
      expect(AngoError.isRetryable(error)).toBe(false)
    }).pipe(Effect.provide(Layer.orDie(RetryPolicy.layer({ attempts: 3, statuses: [451, 503] }))))
  )
})
