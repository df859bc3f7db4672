// Projects against the hub: what tests of their methods have in common.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Projects, type Stage } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"

/** A test with the service and its hub, of 20 tasks. */
export const withHub = <A, E>(
  test: (projects: Projects["Type"], hub: Emulator["Type"]) => Effect.Effect<A, E, never>
) =>
  Effect.flatMap(Effect.all([Projects, Emulator]), ([projects, hub]) => test(projects, hub)).pipe(
    Effect.provide(AngoTest.layer({ tasks: 20 }))
  )

export const stage = (id: string, type: string, ...next: ReadonlyArray<string>): Stage.StageInput => ({
  id,
  type,
  next
})

/** A workflow with a review and a webhook. */
export const reviewed: ReadonlyArray<Stage.StageInput> = [
  { ...stage("Start", "Start", "Label"), name: "Start", autoForward: true },
  { ...stage("Label", "Label", "check"), assignedTo: ["lab@example.com"], position: { x: 300, y: 0 } },
  { ...stage("check", "Review", "notify", "Label"), readOnly: false },
  { ...stage("notify", "Webhook", "Complete"), url: "https://hooks.example/done" },
  { ...stage("Complete", "Complete"), preventRequeue: false }
]

/** Refused before any request, about this parameter, in these words. */
export const refuses = (
  call: (projects: Projects["Type"]) => Effect.Effect<unknown, unknown>,
  parameter: string,
  words: RegExp
) =>
  withHub((projects, hub) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(call(projects))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(String((error as { readonly message: string }).message)).toMatch(words)
      expect(yield* hub.requests()).toHaveLength(0)
    })
  )
