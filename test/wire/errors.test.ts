// Every error response and every malformed response becomes one typed error without the key.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type AngoError, Projects, Tasks } from "effect-ango"
import { block, canary, golden, scripted, toResponse } from "../support/Wire.js"

const { responses } = golden("errors")

type Tag = AngoError.CallError["_tag"]

const expected: Record<string, readonly [tag: Tag, details?: Record<string, unknown>]> = {
  "400-invalid-project": ["NotFound", { status: 400 }],
  "400-invalid-project-malformed-id": ["NotFound", { status: 400 }],
  "400-invalid-parameters": ["BadRequest", { status: 400 }],
  "401-invalid-api-key": ["Unauthorized", { status: 401, vendorMessage: "Invalid API KEY" }],
  "401-empty": ["Unauthorized", { status: 401 }],
  "403-forbidden": ["Forbidden", { status: 403 }],
  "403-html": ["Forbidden", { status: 403 }],
  "404-not-found": ["NotFound", { status: 404 }],
  "404-html-unknown-path": ["NotFound", { status: 404 }],
  "404-project-not-found": ["NotFound", { status: 404 }],
  "429-without-retry-after": ["RateLimited", { status: 429 }],
  "429-retry-after-seconds": ["RateLimited", { status: 429, retryAfter: expect.anything() }],
  "429-retry-after-zero": ["RateLimited", { retryAfter: Duration.zero }],
  "429-retry-after-date": ["RateLimited", { retryAfter: Duration.seconds(7) }],
  "429-retry-after-unreadable": ["RateLimited", { status: 429 }],
  "429-plain-text": ["RateLimited", { retryAfter: Duration.seconds(1) }],
  "500-json-error": ["ServerError", { status: 500, vendorMessage: "something broke" }],
  "500-json-without-message": ["ServerError", { status: 500 }],
  "chat-error-shape": ["BadRequest", { vendorMessage: expect.any(String) }],
  "chat-error-shape-500": ["ServerError", { vendorMessage: expect.any(String) }],
  "chat-error-shape-with-200": ["Forbidden", { status: 403, vendorMessage: expect.any(String) }],
  "502-html-from-proxy": ["ServerError", { status: 502 }],
  "503-empty": ["ServerError", { status: 503 }],
  "503-empty-retry-after": ["ServerError", { status: 503, retryAfter: expect.anything() }],
  "504-html-from-proxy": ["ServerError", { status: 504 }],
  "200-html-page": ["MalformedResponse", { status: 200, reason: "html" }],
  "200-html-labelled-json": ["MalformedResponse", { status: 200, reason: "html" }],
  "200-empty-body": ["MalformedResponse", { status: 200, reason: "empty" }],
  "200-truncated-json": ["MalformedResponse", { status: 200, reason: "truncated" }],
  "200-status-fail": ["BadRequest", { status: 200, vendorMessage: expect.any(String) }],
  "200-status-error": ["BadRequest", { status: 200, vendorMessage: expect.any(String) }],
  "200-without-data": ["DecodeError", { status: 200 }],
  "200-data-message-only": ["DecodeError", { status: 200 }],
  "200-json-null": ["DecodeError", { status: 200 }]
}

const getTask = Effect.flatMap(Tasks, (tasks) => tasks.get("65aa0000000000000000b001"))

describe("error responses and malformed responses", () => {
  it("each have an expectation", () => {
    expect(Object.keys(expected).toSorted()).toEqual([...responses.keys()].toSorted())
  })

  for (const [name, [tag, details = {}]] of Object.entries(expected)) {
    it.effect(`${name}: ${tag}`, () =>
      Effect.gen(function* () {
        const hub = scripted([() => toResponse(block(responses, name))])
        const error = yield* Effect.flip(Effect.provide(getTask, hub.layer))
        expect(error).toMatchObject({
          _tag: tag,
          operation: "tasks.get",
          method: "GET",
          route: "/task/{taskId}",
          ...details
        })
        expect(error.message).toMatch(/^GET \/task\/\{taskId\} /)

        for (const print of [
          String(error),
          JSON.stringify(error),
          inspect(error, { depth: 9, showHidden: true }),
          Cause.pretty(Cause.fail(error), { renderErrorCause: true })
        ]) {
          expect(print).not.toContain(canary)
        }
      })
    )
  }
})

describe("an error response with status 200 and an empty list", () => {
  it.effect.each(["fail", "error"])("with status %s is an error, not the end of the list", (status) =>
    Effect.gen(function* () {
      const hub = scripted([
        () => Response.json({ status, message: "locked", data: { tasks: [], total: 0 } })
      ])
      const list = Effect.flatMap(Tasks, (tasks) => Stream.runCount(tasks.stream("65aa0000000000000000a001")))
      expect(yield* Effect.flip(Effect.provide(list, hub.layer))).toMatchObject({
        _tag: "BadRequest",
        vendorMessage: "locked"
      })
    })
  )
})

describe("an error", () => {
  const refused = (message: string, headers: Record<string, string> = {}) =>
    scripted([() => Response.json({ status: "fail", message }, { status: 403, headers })])

  it.effect("quotes the vendor message without the key and query strings, truncated", () =>
    Effect.gen(function* () {
      const link = "https://bucket.example/x.zip?X-Amz-Signature=abcdef"
      const hub = refused(`key ${canary} may not read ${link} ${"x".repeat(1000)}`)
      const error = yield* Effect.flip(Effect.provide(getTask, hub.layer))
      expect(error).toMatchObject({
        vendorMessage: expect.stringContaining("https://bucket.example/x.zip?…")
      })
      expect(error.message).toContain("key <redacted> may not read")
      expect(error.message).not.toContain("X-Amz-Signature")
      expect(error.message.length).toBeLessThan(600)
    })
  )

  const messageOf = (
    status: number,
    message: string,
    call: Effect.Effect<unknown, AngoError.AngoError, Tasks | Projects>
  ) =>
    Effect.map(
      Effect.flip(
        Effect.provide(call, scripted([() => Response.json({ status: "fail", message }, { status })]).layer)
      ),
      (error) => error.message
    )
  const project = Effect.flatMap(Projects, (projects) => projects.get("65aa0000000000000000a001"))
  const deletion = Effect.flatMap(Projects, (projects) => projects.delete("65aa0000000000000000a001"))

  it.effect.each([
    [
      404,
      "gone",
      getTask,
      "GET /task/{taskId} found nothing (404): the task does not exist, or the key's user cannot see it. The hub says: " +
        '"gone". Check the task id and the region.'
    ],
    [
      400,
      "Invalid project: x",
      project,
      "GET /project/{projectId} found nothing (400): the project does not exist, or the key's user cannot see it. The " +
        'hub says: "Invalid project: x". Check the project id and the region.'
    ],
    [
      404,
      "gone",
      deletion,
      "DELETE /project/{projectId} found nothing (404): something that the request names does not exist, or the key's " +
        'user cannot see it. The hub says: "gone". Check the ids and the region.'
    ],
    [
      400,
      "No such stage.",
      getTask,
      'GET /task/{taskId} was refused (400). The hub says: "No such stage." Check the parameters.'
    ],
    [
      418,
      "short and stout",
      getTask,
      'GET /task/{taskId} got the undocumented status 418. The hub says: "short and stout". Please report it with this message.'
    ]
  ] as const)("says what happened, then what to do: %d %s", ([status, vendorMessage, call, message]) =>
    Effect.gen(function* () {
      expect(yield* messageOf(status, vendorMessage, call)).toBe(message)
    })
  )

  it.effect("says that an id looks like a name", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(
          Effect.flatMap(Projects, (projects) => projects.get("Street scenes")),
          scripted([]).layer
        )
      )
      expect(error.message).toMatch(
        / projectId is invalid\. Expected an id .*, got a string with spaces\. Give the id, not the name\.$/
      )
      expect(error.message).not.toContain("Street")
    })
  )

  it.effect("has the request id of the hub", () =>
    Effect.gen(function* () {
      const hub = refused("no", { "x-request-id": "req-42" })
      const error = yield* Effect.flip(Effect.provide(getTask, hub.layer))
      expect(error).toMatchObject({ _tag: "Forbidden", requestId: "req-42" })
    })
  )

  it.effect("describes a mismatch by path, item, expectation and kind, never by value", () =>
    Effect.gen(function* () {
      const secret = "somebody-elses-private-key"
      const hub = scripted([
        () =>
          Response.json({
            status: "success",
            data: {
              total: 2,
              projects: [
                { _id: "65aa0000000000000000a001", name: "Cats" },
                { _id: "65aa0000000000000000a002", name: { apiKey: secret }, createdAt: secret }
              ]
            }
          })
      ])
      const error = yield* Effect.flip(
        Effect.provide(
          Effect.flatMap(Projects, (projects) => projects.page()),
          hub.layer
        )
      )
      expect(error).toMatchObject({
        _tag: "DecodeError",
        mismatches: expect.arrayContaining([
          {
            path: "data.projects[1].name",
            item: "65aa0000000000000000a002",
            expected: "string",
            found: "an object"
          }
        ])
      })
      expect(error.message).toContain("data.projects[1].name")
      expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(secret)
    })
  )
})
