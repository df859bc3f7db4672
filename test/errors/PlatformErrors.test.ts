// A request was not sent only if no connection was made.
import { describe, expect, it } from "@effect/vitest"
import { isUnconnected } from "../../src/errors/platformErrors.js"

const failed = (fields: object, cause?: unknown) =>
  Object.assign(new Error("fetch failed", { cause }), fields)

describe("a connection", () => {
  it.each([
    ["refused", failed({ code: "ECONNREFUSED", syscall: "connect" })],
    ["to an unknown name", failed({ code: "ENOTFOUND", syscall: "getaddrinfo" })],
    ["to an unreachable host", failed({ code: "EHOSTUNREACH", syscall: "connect" })],
    ["refused, as its cause says", failed({}, { code: "ECONNREFUSED" })],
    [
      "refused at every address",
      failed({}, new AggregateError([{ code: "ECONNREFUSED" }, { code: "ECONNREFUSED" }]))
    ]
  ])("%s was never made", (_, error) => {
    expect(isUnconnected(error)).toBe(true)
  })

  it.each([
    ["that was reset", failed({ code: "ECONNRESET", syscall: "read" })],
    ["whose network went down while reading", failed({ code: "ENETDOWN", syscall: "read" })],
    ["whose host became unreachable while writing", failed({}, { code: "EHOSTUNREACH", syscall: "write" })],
    ["that failed without a code", failed({})],
    [
      "that was reset at one address",
      failed({}, new AggregateError([{ code: "ECONNREFUSED" }, { code: "ECONNRESET" }]))
    ],
    ["that failed with no error at all", "fetch failed"]
  ])("%s may have carried the request", (_, error) => {
    expect(isUnconnected(error)).toBe(false)
  })
})
