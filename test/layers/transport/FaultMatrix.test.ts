// Every class of calls under every fault: once and then never again, and for ever. The laws first, then the table.
import { beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import { Faults } from "effect-ango/emulator"
import { type Cell, cells, ending, kindOf, type Mode, type Name, names, tell } from "../../support/Matrix.js"
import { expected, skies } from "../../support/MatrixExpected.js"

const { fail, afterProcessing, respond } = Faults

const modes: ReadonlyArray<Mode> = ["once", "for ever"]

let matrix: ReadonlyArray<Cell> = []

// Not the `layer` of @effect/vitest: it puts its runtime, with its clock, into the `it` of all later files of the worker.
beforeAll(async () => {
  const found = await Effect.runPromise(Effect.forEach(modes, (mode) => cells(mode, Faults.all)))
  matrix = found.flat()
}, 120_000)

const isWrite = ({ call }: Cell) => kindOf(call) !== "read"
const isCreate = ({ call }: Cell) => kindOf(call) === "create"
const isSettled = ({ error }: Cell) => error !== undefined && error._tag !== "AmbiguousOutcome"

// A redirect is an answer, and a last word: asked again, the hub would be another one.
const answersLater = ({ fault, mode }: Cell) => mode === "once" && fault !== "redirect"

const law = (holds: (cell: Cell) => boolean, of: (cell: Cell) => boolean) => {
  const cases = matrix.filter(of)
  expect(cases.length).toBeGreaterThan(30)
  expect(cases.filter((cell) => !holds(cell)).map(tell)).toEqual([])
}

describe("whatever the weather", () => {
  it("a create is never performed twice by us", () => law(({ done }) => done <= 1, isCreate))

  it("a create that the hub may have is not sent again", () =>
    law(({ attempts, fault }) => attempts === 1 || /^(refuse|tooMany)/.test(fault), isCreate))

  it("a read succeeds in every cell where a later attempt would answer", () =>
    law(
      ({ error }) => error === undefined,
      (cell) => !isWrite(cell) && answersLater(cell)
    ))

  it("a write that sets ends well in every cell where a later attempt would answer", () =>
    law(
      ({ done, error }) => error === undefined && done === 1,
      (cell) => kindOf(cell.call) === "set" && answersLater(cell)
    ))

  it("a delete ends with the thing gone in every such cell: well, or not knowing who took it away", () =>
    law(
      (cell) => cell.done === 1 && /^(success|unknown after NotFound)$/.test(ending(cell)),
      (cell) => kindOf(cell.call) === "delete" && answersLater(cell)
    ))

  it("a write that ends well was performed", () =>
    law(
      ({ done }) => done === 1,
      (cell) => isWrite(cell) && cell.error === undefined
    ))

  it("a write that fails, and does not say that its outcome is unknown, was not performed", () =>
    law(
      ({ done }) => done === 0,
      (cell) => isWrite(cell) && isSettled(cell)
    ))

  it("a read has no unknown outcome", () =>
    law(
      ({ error }) => error?._tag !== "AmbiguousOutcome",
      (cell) => !isWrite(cell)
    ))

  it("an unknown outcome tells how often it was sent, whether to repeat it, and what shows it", () =>
    law(
      ({ attempts, call, error }) =>
        error?._tag === "AmbiguousOutcome" &&
        error.attempts === attempts &&
        error.repeatable === (kindOf(call) !== "create") &&
        error.reconcile?.read === shownBy[call] &&
        error.message.includes(`read ${shownBy[call]} and look for`),
      ({ error }) => error?._tag === "AmbiguousOutcome"
    ))

  for (const call of names) {
    it(`${call} ends as the table says`, () => {
      const table = modes.map((mode) => Record.map(skies, (sky) => expected(kindOf(call), sky, mode)))
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

/** The read that shows a write (the documents' endpoints, by the names of the contract). */
const shownBy: Readonly<Record<string, string>> = {
  "tasks.assign": "tasks.get",
  "projects.update": "projects.get",
  "storages.delete": "storages.list",
  "issues.delete": "issues.list",
  "projects.create": "projects.list",
  "issues.create": "issues.list",
  "assets.importFromCloud": "assets.list",
  "batches.update": "batches.list"
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
  "501": fail(501)
}

describe("an answer once", () => {
  const ends = (of: Name, told: Readonly<Record<keyof typeof answers, readonly [number, number, string]>>) =>
    it.live(`to ${of} ends it as the table says`, () =>
      Effect.map(cells("once", answers, [of]), (found) =>
        expect(
          Object.fromEntries(found.map((cell) => [cell.fault, [cell.attempts, cell.done, ending(cell)]]))
        ).toEqual(told)
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
    "501": [1, 0, "ServerError"]
  })

  ends("projects.update", {
    // An answer in the affirmative, whatever it holds: the one error that says that it was done.
    "another shape": [1, 1, "DecodeError"],
    "a failure under 200": [1, 0, "BadRequest"],
    "400": [1, 0, "BadRequest"],
    "401": [1, 0, "Unauthorized"],
    "403": [1, 0, "Forbidden"],
    "404": [1, 0, "NotFound"],
    "408": [2, 1, "success"],
    "409": [1, 0, "UnexpectedStatus"],
    "422": [1, 0, "BadRequest"],
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
    "501": [1, 0, "unknown after ServerError"]
  })
})
