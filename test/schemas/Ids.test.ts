// The platform's client does not escape path parameters, so that an id must not leave its segment.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { TaskId, Tasks } from "effect-ango"
import { anyText, callsWith, hostile } from "../support/IdCalls.js"
import { scripted } from "../support/Wire.js"

const answer = () => Response.json({ status: "success", data: {} })

describe("an id", () => {
  it.effect.prop(
    "from any text is rejected before a request, or is exactly one path segment",
    [anyText],
    ([id]) =>
      Effect.gen(function* () {
        const hub = scripted([answer])
        const error = yield* Effect.flip(
          Effect.provide(
            Effect.flatMap(Tasks, (tasks) => tasks.get(id)),
            hub.layer
          )
        )
        const [request] = hub.requests
        if (request === undefined) {
          expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "taskId", operation: "tasks.get" })
          expect(Schema.is(TaskId)(id)).toBe(false)
        } else {
          expect(new URL(request.url).pathname).toBe(`/v2/task/${id}`)
          expect(new URL(request.url).search).toBe("?includeAnswer=false")
        }
      })
  )

  it.effect.each(hostile)("%j is rejected by every method that has it in its path", (id) =>
    Effect.gen(function* () {
      const hub = scripted([answer])
      for (const call of yield* Effect.provide(callsWith(id), hub.layer)) {
        expect(yield* Effect.flip(call)).toMatchObject({
          _tag: "InvalidRequest"
        })
      }
      expect(hub.requests).toHaveLength(0)
    })
  )

  it("of another kind does not typecheck", () => {
    const check = (tasks: Tasks["Type"], id: TaskId, text: string) => [
      tasks.get(id),
      tasks.get(text),
      // @ts-expect-error a task's id is not a project's
      tasks.page(id)
    ]
    expect(check).toBeTypeOf("function")
  })
})
