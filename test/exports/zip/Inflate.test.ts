// Both inflaters (Node and web) return the same bytes and detect damage.
import { crc32, deflateRawSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { inflate, type Trailer } from "../../../src/exports/zip/inflate.js"
import { inflaterOf, makeWebInflater } from "../../../src/exports/zip/inflater.js"
import { bytesOf, inPieces } from "../../support/Archives.js"

const inflaters = [
  ["Node's", inflaterOf(globalThis)],
  ["the web's", makeWebInflater]
] as const

// Larger than the chunks of both inflaters, and hard to compress.
const content = bytesOf(
  Array.from({ length: 40_000 }, (_, nth) => `${Math.imul(nth, 2_654_435_761) >>> 0}`).join("\n")
)

const truth: Trailer = { crc: crc32(content), size: content.length }

const packedOf = (pieces: ReadonlyArray<Uint8Array>) => {
  let pulled = 0
  return { next: Effect.sync(() => pieces[pulled++]), pulled: () => pulled }
}

const readAll = (
  makeInflater: typeof makeWebInflater,
  pieces: ReadonlyArray<Uint8Array>,
  trailer: Trailer = truth
): Effect.Effect<Uint8Array, string> =>
  Effect.gen(function* () {
    const { pull } = inflate(
      packedOf(pieces).next,
      () => trailer,
      () => "damaged",
      makeInflater()
    )
    const read: Array<Uint8Array> = []
    for (let bytes = yield* pull; bytes !== undefined; bytes = yield* pull) read.push(bytes)
    return Buffer.concat(read)
  })

it("selects node:zlib only in Node, and only where it is available", () => {
  const createGunzip = () => expect.unreachable()
  const getBuiltinModule = () => ({ createGunzip, gunzip: createGunzip })
  const versions = { node: "20.19.0" }
  expect(inflaterOf({})).toBe(makeWebInflater)
  expect(inflaterOf({ process: { versions } })).toBe(makeWebInflater)
  expect(inflaterOf({ process: { versions: { ...versions, bun: "1" }, getBuiltinModule } })).toBe(
    makeWebInflater
  )
  expect(inflaterOf({ process: { versions: { ...versions, deno: "2" }, getBuiltinModule } })).toBe(
    makeWebInflater
  )
  expect(inflaterOf({ process: { versions, getBuiltinModule } })).not.toBe(makeWebInflater)
  expect(inflaterOf(globalThis)).not.toBe(makeWebInflater)
})

describe.each(inflaters)("%s inflater", (_, makeInflater) => {
  const packed = deflateRawSync(content)

  it.effect.prop(
    "inflates chunks of any size",
    [FastCheck.array(FastCheck.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 })],
    ([sizes]) =>
      Effect.gen(function* () {
        const read = yield* readAll(makeInflater, inPieces(packed, [...sizes, 30_000]))
        expect(Buffer.compare(read, content)).toBe(0)
      }),
    { fastCheck: { numRuns: 20 } }
  )

  it.effect("inflates no bytes", () =>
    Effect.gen(function* () {
      const read = yield* readAll(makeInflater, [deflateRawSync(new Uint8Array())], { crc: 0, size: 0 })
      expect(read).toHaveLength(0)
    })
  )

  const flipped = Uint8Array.from(packed)
  flipped.set([0xff, 0xff, 0xff], packed.length >> 1)
  const damages: ReadonlyArray<readonly [string, ReadonlyArray<Uint8Array>, Trailer?]> = [
    ["another checksum", [packed], { ...truth, crc: truth.crc ^ 1 }],
    ["another length", [packed], { ...truth, size: truth.size + 1 }],
    ["bytes that are not deflated", [bytesOf("no deflated bytes at all")]],
    ["bytes that were changed", [flipped]],
    ["content that ends early", [packed.subarray(0, packed.length - 20)]],
    ["no content", []],
    ["bytes after the content", [packed, bytesOf("and more")]]
  ]

  it.effect.each(damages)("fails with %s", ([, pieces, trailer]) =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(readAll(makeInflater, pieces, trailer))).toBe("damaged")
    })
  )

  it.effect("pulls no more than it needs while the reader waits", () =>
    Effect.gen(function* () {
      const { next, pulled } = packedOf(inPieces(packed, 1000))
      const { pull, release } = inflate(
        next,
        () => truth,
        () => "damaged",
        makeInflater()
      )
      const read: Array<number> = []
      for (let nth = 0; nth < 3; nth++) {
        read.push((yield* pull)?.length ?? 0)
        const before = pulled()
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 20)))
        expect(pulled()).toBe(before)
      }
      const inflated = read.reduce((sum, length) => sum + length, 0)
      expect(inflated).toBeLessThan(content.length)
      // One pending chunk, and what the inflater has inflated ahead.
      const needed = ((inflated + 2 * 65_536) * packed.length) / content.length
      expect(pulled() * 1000).toBeLessThan(needed + 2000)
      yield* release
    })
  )

  it.effect("passes on the error of the packed bytes", () =>
    Effect.gen(function* () {
      const { pull, release } = inflate(
        Effect.fail("broken off"),
        () => truth,
        () => "damaged",
        makeInflater()
      )
      expect(yield* Effect.flip(pull)).toBe("broken off")
      yield* release
    })
  )
})
