// Two ways to hold the client to a file of goldens: what it sends, and what it reads.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Ango } from "effect-ango"
import { answerSchemas } from "./Answers.js"
import { block, bodyOf, canary, golden, scripted, toResponse, toText } from "./Wire.js"

export interface RequestCase {
  readonly call: Effect.Effect<unknown, unknown, Ango.Services>
  readonly region?: "us" | "in"
  readonly pageSize?: number
  /** Which of the requests that the call makes; default the first. */
  readonly nth?: number
  /** What the hub answers to the requests before; default the file's stream pages, or an empty object. */
  readonly answers?: ReadonlyArray<() => Response>
}

export type RequestCases = Readonly<Record<string, RequestCase>>

// Streams need a list to go on in; the other calls only have to be sent.
const answersFor = (file: string) => {
  const { responses } = golden(file)
  const first = responses.get("stream-page-1")
  const second = responses.get("stream-page-2")
  return first === undefined || second === undefined
    ? [() => new Response("{}")]
    : [() => toResponse(first), () => toResponse(second)]
}

/** Each request of the file is sent, to the letter, by the call of the same name; none is left out. */
export const sends = (file: string, cases: RequestCases): unknown =>
  describe(`${file} sends`, () => {
    const { requests } = golden(file)

    it("every request that is written down", () => {
      expect(Object.keys(cases).toSorted()).toEqual([...requests.keys()].toSorted())
    })

    for (const [name, { answers, call, nth = 0, pageSize, region }] of Object.entries(cases)) {
      it.effect(name, () =>
        Effect.gen(function* () {
          const hub = scripted(answers ?? answersFor(file), { region, pageSize })
          yield* Effect.ignore(Effect.provide(call, hub.layer))
          const request = hub.requests[nth]
          const text = request === undefined ? "nothing" : yield* Effect.promise(() => toText(request))
          expect(text).toBe(block(requests, name).replace("{{apikey}}", canary))
        })
      )
    }
  })

// What is meant to differ after a round trip: secrets of somebody else are gone, and a history item that was named
// by `_id` is named by `id` as the newest documents have it.
const normal = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(normal)
  if (typeof body !== "object" || body === null) return body
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      if (/^(apiKey|privateKey|secretAccessKey)$/.test(name)) return []
      const isHistoryId = name === "_id" && "labelTaskId" in body && !("id" in body)
      return [[isHistoryId ? "id" : name, normal(value)]]
    })
  )
}

/**
 * Each response of the file is read by the call, and nothing in it is lost: encoding what was decoded gives the
 * same JSON again, but for what `expected` says is meant to differ. `before` is what the call asks for first.
 */
export const reads = (
  file: string,
  call: Effect.Effect<unknown, unknown, Ango.Services>,
  expected: (body: unknown) => unknown = normal,
  before: ReadonlyArray<() => Response> = []
): unknown =>
  describe(`${file} reads`, () => {
    const schema = answerSchemas.get(file) ?? Schema.Unknown.pipe(Schema.filter(() => false))

    for (const [name, text] of golden(file).responses) {
      it.effect(name, () =>
        Effect.gen(function* () {
          const hub = scripted([...before, () => toResponse(text)])
          yield* Effect.provide(call, hub.layer)

          const body: unknown = JSON.parse(bodyOf(text))
          const decoded = yield* Schema.decodeUnknown(schema)(body)
          expect(yield* Schema.encode(schema)(decoded)).toEqual(expected(body))
        })
      )
    }
  })
