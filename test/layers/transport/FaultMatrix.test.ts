// Every class of calls under every fault, once and on every attempt: laws first, then the table.
import { beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import { Faults } from "effect-ango/emulator"
import {
  type Cell,
  cells,
  ending,
  formatCell,
  kindOf,
  type Mode,
  type Name,
  names
} from "../../support/Matrix.js"
import { expected, faultResults } from "../../support/MatrixExpected.js"

const { fail, afterProcessing, respond, restricted } = Faults

const modes: ReadonlyArray<Mode> = ["once", "always"]

let matrix: ReadonlyArray<Cell> = []

// Not the `layer` of @effect/vitest: its runtime and clock would reach the `it` of all later files of the worker.
beforeAll(async () => {
  const found = await Effect.runPromise(Effect.forEach(modes, (mode) => cells(mode, Faults.all)))
  matrix = found.flat()
}, 120_000)

const isWrite = ({ call }: Cell) => kindOf(call) !== "read"
const isCreate = ({ call }: Cell) => kindOf(call) === "create"
const isResultKnown = ({ error }: Cell) => error !== undefined && error._tag !== "AmbiguousOutcome"

// A redirect is final: it is not retried.
const succeedsLater = ({ fault, mode }: Cell) => mode === "once" && fault !== "redirect"

const law = (holds: (cell: Cell) => boolean, of: (cell: Cell) => boolean) => {
  const cases = matrix.filter(of)
  expect(cases.length).toBeGreaterThan(30)
  expect(cases.filter((cell) => !holds(cell)).map(formatCell)).toEqual([])
}

describe("under every fault", () => {
  it("a create is never applied twice", () => law(({ done }) => done <= 1, isCreate))

  it("a create that the hub may have received is not sent again", () =>
    law(({ attempts, fault }) => attempts === 1 || /^(refuse|tooMany)/.test(fault), isCreate))

  it("a read succeeds if a later attempt can", () =>
    law(
      ({ error }) => error === undefined,
      (cell) => !isWrite(cell) && succeedsLater(cell)
    ))

  it("an idempotent write succeeds if a later attempt can", () =>
    law(
      ({ done, error }) => error === undefined && done === 1,
      (cell) => kindOf(cell.call) === "set" && succeedsLater(cell)
    ))

  it("a delete is applied if a later attempt can succeed: with success, or an unknown result after NotFound", () =>
    law(
      (cell) => cell.done === 1 && /^(success|unknown after NotFound)$/.test(ending(cell)),
      (cell) => kindOf(cell.call) === "delete" && succeedsLater(cell)
    ))

  it("a write that succeeds was applied", () =>
    law(
      ({ done }) => done === 1,
      (cell) => isWrite(cell) && cell.error === undefined
    ))

  it("a write that fails without an unknown result was not applied", () =>
    law(
      ({ done }) => done === 0,
      (cell) => isWrite(cell) && isResultKnown(cell)
    ))

  it("a read has no unknown result", () =>
    law(
      ({ error }) => error?._tag !== "AmbiguousOutcome",
      (cell) => !isWrite(cell)
    ))

  it("an unknown result reports the attempts, whether to repeat, and the read that shows it", () =>
    law(
      ({ attempts, call, error }) =>
        error?._tag === "AmbiguousOutcome" &&
        error.attempts === attempts &&
        error.repeatable === (kindOf(call) !== "create") &&
        error.reconcile?.read === shownBy[call] &&
        error.message.includes(`To find out, call ${methods[shownBy[call] ?? ""]} and look for`),
      ({ error }) => error?._tag === "AmbiguousOutcome"
    ))

  for (const call of names) {
    it(`${call} ends as in the table`, () => {
      const table = modes.map((mode) =>
        Record.map(faultResults, (result) => expected(kindOf(call), result, mode))
      )
      const found = modes.map((mode) =>
        Object.fromEntries(
          matrix
            .filter((cell) => cell.call === call && cell.mode === mode)
            .map((cell) => [cell.fault, [cell.attempts, cell.done, ending(cell)]])
        )
      )
      expect(found).toEqual(table)
    })
  }
})

/** The read that shows the result of a write. */
const shownBy: Readonly<Record<string, string>> = {
  "tasks.assign": "tasks.get",
  "projects.update": "projects.get",
  "storages.delete": "storages.list",
  "issues.delete": "issues.list",
  "projects.create": "projects.list",
  "issues.create": "issues.list",
  "assets.importFromCloud": "assets.list",
  "batches.update": "projects.get"
}

const methods: Readonly<Record<string, string>> = {
  "tasks.get": "Tasks.get",
  "projects.get": "Projects.get",
  "storages.list": "Storages.list",
  "issues.list": "Issues.stream",
  "projects.list": "Projects.stream",
  "assets.list": "Assets.stream"
}

const answers = {
  "another shape": afterProcessing(respond(200, '{"status":"success","data":{}}')),
  "a failure under 200": respond(200, '{"status":"fail","message":"No."}'),
  "400": fail(400),
  "401": fail(401),
  "403": fail(403),
  "404": fail(404),
  "408": fail(408),
  "409": fail(409),
  "422": fail(422),
  "451": restricted,
  "501": fail(501)
}

describe("an error response to the first attempt", () => {
  const ends = (
    of: Name,
    expectedEnds: Readonly<Record<keyof typeof answers, readonly [number, number, string]>>
  ) =>
    it.live(`of ${of} ends as in the table`, () =>
      Effect.map(cells("once", answers, [of]), (found) =>
        expect(
          Object.fromEntries(found.map((cell) => [cell.fault, [cell.attempts, cell.done, ending(cell)]]))
        ).toEqual(expectedEnds)
      )
    )

  ends("tasks.get", {
    "another shape": [1, 0, "DecodeError"],
    "a failure under 200": [1, 0, "BadRequest"],
    "400": [1, 0, "BadRequest"],
    "401": [1, 0, "Unauthorized"],
    "403": [1, 0, "Forbidden"],
    "404": [1, 0, "NotFound"],
    "408": [2, 0, "success"],
    "409": [1, 0, "UnexpectedStatus"],
    "422": [1, 0, "BadRequest"],
    "451": [1, 0, "Forbidden"],
    "501": [1, 0, "ServerError"]
  })

  ends("projects.update", {
    // The response is a success in an unknown shape: the only error after which the write was applied.
    "another shape": [1, 1, "DecodeError"],
    "a failure under 200": [1, 0, "BadRequest"],
    "400": [1, 0, "BadRequest"],
    "401": [1, 0, "Unauthorized"],
    "403": [1, 0, "Forbidden"],
    "404": [1, 0, "NotFound"],
    "408": [2, 1, "success"],
    "409": [1, 0, "UnexpectedStatus"],
    "422": [1, 0, "BadRequest"],
    "451": [1, 0, "Forbidden"],
    "501": [1, 0, "unknown after ServerError"]
  })

  ends("projects.create", {
    "another shape": [1, 1, "DecodeError"],
    "a failure under 200": [1, 0, "BadRequest"],
    "400": [1, 0, "BadRequest"],
    "401": [1, 0, "Unauthorized"],
    "403": [1, 0, "Forbidden"],
    "404": [1, 0, "NotFound"],
    "408": [1, 0, "unknown after ServerError"],
    "409": [1, 0, "UnexpectedStatus"],
    "422": [1, 0, "BadRequest"],
    "451": [1, 0, "Forbidden"],
    "501": [1, 0, "unknown after ServerError"]
  })
})
