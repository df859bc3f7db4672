// A process that is killed while it writes to its ledger leaves an incomplete line.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inFolder, writing } from "../support/LedgerFiles.js"

describe("a ledger in a file", () => {
  it.effect("can be used after its last line was cut off at any byte", () =>
    inFolder((path, fs) =>
      Effect.gen(function* () {
        yield* writing(path, ["a:1"])
        const whole = yield* fs.readFile(path)
        for (let length = 0; length < whole.length; length++) {
          yield* fs.writeFile(path, whole.subarray(0, length))
          const { outcomes, sent } = yield* writing(path, ["a:1", "b:1"], {
            read: (items) => Effect.succeed(items.map((text) => ({ _tag: "Present", value: text })))
          })
          // Either nothing was recorded, or that the row was sent, and then it is read back.
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
