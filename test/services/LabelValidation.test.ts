// The label validation of a project, against the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { refuses, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

const check = 'function check(answers) {\n  return answers.tools.length > 0 ? [] : ["Draw a box."]\n}'

describe("label validation", () => {
  it.effect("changes the given fields, which the project shows, and keeps the others", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const before = yield* projects.get(projectId)
        expect(before).not.toHaveProperty("customValidationEnabled")
        const set = (changes: Parameters<typeof projects.setLabelValidation>[1]) =>
          Effect.zipRight(projects.setLabelValidation(projectId, changes), projects.get(projectId))

        const enabled = yield* set({ customValidationEnabled: true, validationFunction: check })
        expect(enabled).toEqual({
          ...before,
          customValidationEnabled: true,
          validationFunction: check,
          updatedAt: enabled.updatedAt
        })
        const externalValidation = { url: "https://checks.example/labels" }
        expect(yield* set({ externalValidation, validationFunction: undefined })).toMatchObject({
          customValidationEnabled: true,
          validationFunction: check,
          externalValidation
        })
        expect(yield* set({ customValidationEnabled: false })).toMatchObject({
          customValidationEnabled: false,
          validationFunction: check,
          externalValidation
        })
      })
    )
  )

  it.effect.each([{}, { customValidationEnabled: undefined }])("needs a field: %j", (changes) =>
    refuses((projects) => projects.setLabelValidation(projectId, changes), "input", /at least one field/)
  )

  it.effect.each([
    [{ customValidationEnabled: "yes" }, "customValidationEnabled"],
    [{ validationFunction: () => [] }, "validationFunction"],
    [{ externalValidation: "https://checks.example" }, "externalValidation"]
  ] as const)("is refused before any request with a value of another type: %j", ([changes, parameter]) =>
    // @ts-expect-error values of other types
    refuses((projects) => projects.setLabelValidation(projectId, changes), parameter, /Expected/)
  )
})
