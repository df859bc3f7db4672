// A part of the matrix over real sockets and in real time, where connections break in other ways than in the process.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import { Emulator, Faults } from "effect-ango/emulator"
import { cellsBy, ending, kindOf, type Name } from "../../support/Matrix.js"
import { expected, faultResults } from "../../support/MatrixExpected.js"

const { cut, hang, html200, json503, redirect, refuse, reset, resetAfter, stall, truncated } = Faults.all
const faults = { cut, hang, html200, json503, redirect, refuse, reset, resetAfter, stall, truncated }

// A connection that broke after it was established may have carried the request: it does not count as refused.
const overSockets = { ...Record.map(faults, (_, name) => faultResults[name]), refuse: faultResults.reset }

const calls: ReadonlyArray<Name> = ["tasks.get", "projects.update", "storages.delete", "projects.create"]

it.scopedLive("over a socket the calls end as the table says", () =>
  Effect.gen(function* () {
    const hub = yield* Emulator.serve({ tasks: 2 })
    const matrix = yield* cellsBy(
      {
        hub,
        http: FetchHttpClient.layer,
        settings: { deadline: "3 seconds", idleTimeout: "800 millis" },
        baseDelay: "5 millis",
        rest: 0
      },
      "once",
      faults,
      calls
    )
    for (const call of calls) {
      const found = matrix.filter((cell) => cell.call === call)
      expect([
        call,
        Object.fromEntries(found.map((cell) => [cell.fault, [cell.attempts, cell.done, ending(cell)]]))
      ]).toEqual([call, Record.map(overSockets, (result) => expected(kindOf(call), result, "once"))])
    }
  })
)
