// Both checksums (Node's and the tables') are the same.
import { crc32 as expected } from "node:zlib"
import { expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { crc32, crc32Of } from "../../src/files/crc32.js"

const byTables = crc32Of({})

const bytes = FastCheck.uint8Array({ maxLength: 100 })

it.prop("equals that of zlib, for bytes in any number of parts", [FastCheck.array(bytes)], ([parts]) => {
  const whole = expected(Buffer.concat(parts))
  for (const checksum of [byTables, crc32]) {
    expect(parts.reduce((before, part) => checksum(part, before), 0)).toBe(whole)
  }
})

it("knows the check value of CRC-32", () => {
  for (const checksum of [byTables, crc32]) {
    expect(checksum(new TextEncoder().encode("123456789"))).toBe(0xcbf43926)
    expect(checksum(new Uint8Array(0), 7)).toBe(7)
  }
})

it("uses zlib only in Node, and only where it has a checksum", () => {
  const createGunzip = () => expect.unreachable()
  const others = { createGunzip, gunzip: createGunzip }
  const getBuiltinModule = () => ({ ...others, crc32: () => 7 })
  const versions = { node: "20.19.0" }
  const one = Uint8Array.of(1)
  expect(crc32Of({ process: { versions, getBuiltinModule } })(one)).toBe(7)
  for (const platform of [
    {},
    { process: { versions } },
    { process: { versions, getBuiltinModule: () => others } },
    { process: { versions: { ...versions, bun: "1" }, getBuiltinModule } },
    { process: { versions: { ...versions, deno: "2" }, getBuiltinModule } }
  ]) {
    expect(crc32Of(platform)(one)).toBe(expected(one))
  }
})
