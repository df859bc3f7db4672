// What a failed connection says of the request: only what never connected was never sent.
import { describe, expect, it } from "@effect/vitest"
import { isUnconnected } from "../../src/errors/platformErrors.js"

const failed = (fields: object, cause?: unknown) =>
  Object.assign(new Error("fetch failed", { cause }), fields)

describe("a connection", () => {
  it.each([
    ["refused", failed({ code: "ECONNREFUSED", syscall: "connect" })],
    ["to an unknown name", failed({ code: "ENOTFOUND", syscall: "getaddrinfo" })],
    ["to a host that cannot be reached", failed({ code: "EHOSTUNREACH", syscall: "connect" })],
    ["refused, told by the cause", failed({}, { code: "ECONNREFUSED" })],
    [
      "refused at every address",
      failed({}, new AggregateError([{ code: "ECONNREFUSED" }, { code: "ECONNREFUSED" }]))
    ]
  ])("%s was never made", (_, error) => {
    expect(isUnconnected(error)).toBe(true)
  })

  it.each([
    ["that was reset", failed({ code: "ECONNRESET", syscall: "read" })],
    ["whose network went away while it was read", failed({ code: "ENETDOWN", syscall: "read" })],
    ["whose host went away while it was written to", failed({}, { code: "EHOSTUNREACH", syscall: "write" })],
    ["of which nothing is known but that it failed", failed({})],
    [
      "that was reset at one address",
      failed({}, new AggregateError([{ code: "ECONNREFUSED" }, { code: "ECONNRESET" }]))
    ],
    ["that failed with no error at all", "fetch failed"]
  ])("%s may have carried the request", (_, error) => {
    expect(isUnconnected(error)).toBe(false)
  })
})
