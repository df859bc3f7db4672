// A process that dies in the middle of a note leaves half a line.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inFolder, writing } from "../support/LedgerFiles.js"

describe("a ledger in a file", () => {
  it.effect("survives its last line being cut off at any byte", () =>
    inFolder((path, fs) =>
      Effect.gen(function* () {
        yield* writing(path, ["a:1"])
        const whole = yield* fs.readFile(path)
        for (let length = 0; length < whole.length; length++) {
          yield* fs.writeFile(path, whole.subarray(0, length))
          const { outcomes, sent } = yield* writing(path, ["a:1", "b:1"], {
            read: (items) => Effect.succeed(items.map((text) => ({ _tag: "Present", value: text })))
          })
          // Either nothing was noted yet, or that it was sent, and then it is read back.
          expect(["Created", "done-before"]).toContain(outcomes[0])
          expect(outcomes[0] === "Created").toBe(sent.flat().includes("a:1"))
          expect(outcomes[1]).toBe("Created")
          const again = yield* writing(path, ["a:1", "b:1"])
          expect(again.outcomes).toEqual(["done-before", "done-before"])
        }
      })
    )
  )
})
