// Times are parsed exactly as by `Date.parse`, also those that are no times.
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { parseIsoTime } from "../../src/utils/isoTime.js"

const isSame = (text: string) => Object.is(parseIsoTime(text), Date.parse(text))

const number = (digits: number) =>
  FastCheck.nat(10 ** digits - 1).map((value) => String(value).padStart(digits, "0"))

describe("the time of a text", () => {
  it("is that of Date.parse for each instant of the years 0 to 9999", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.date({
          min: new Date("0000-01-01T00:00:00.000Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true
        }),
        (date) => parseIsoTime(date.toISOString()) === date.getTime()
      ),
      { numRuns: 2_000 }
    )
  })

  it("is that of Date.parse for any numbers in the form of a time", () => {
    const time = FastCheck.tuple(number(4), number(2), number(2), number(2), number(2), number(2), number(3))
    FastCheck.assert(
      FastCheck.property(time, ([year, month, day, hour, minute, second, millis]) =>
        isSame(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`)
      ),
      { numRuns: 2_000 }
    )
  })

  it("is that of Date.parse when any character is another one", () => {
    const usual = "2026-02-28T23:59:59.999Z"
    for (let at = 0; at <= usual.length; at++) {
      for (const character of ["", " ", "0", "9", "-", ":", ".", "T", "Z", "+", "٣"]) {
        const text = `${usual.slice(0, at)}${character}${usual.slice(at + 1)}`
        expect([text, parseIsoTime(text)]).toEqual([text, Date.parse(text)])
      }
    }
  })

  it.each(["", "today", "2026-01-01", "2026-02-29T00:00:00.000Z", "2026-01-01T00:00:00.000+05:00"])(
    "is that of Date.parse for %j",
    (text) => {
      expect(isSame(text)).toBe(true)
    }
  )
})
