// Where the documents contradict each other: the hub takes every documented request, and the client reads every
// documented answer. One row per contradiction, C1 to C45, none left out.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { variantsOfAnswers } from "../support/VariantsOfAnswers.js"
import { variantsOfExports } from "../support/VariantsOfExports.js"
import { variantsOfOffice } from "../support/VariantsOfOffice.js"
import { variantsOfProjects } from "../support/VariantsOfProjects.js"
import { variantsOfTasks } from "../support/VariantsOfTasks.js"

const rows = [variantsOfAnswers, variantsOfExports, variantsOfOffice, variantsOfProjects, variantsOfTasks]
  .flat()
  .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))

describe("documented variants", () => {
  it("are those of 45 contradictions", () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 45 }, (_, index) => `C${index + 1}`))
  })

  it.effect.each(rows.map(({ check, id, topic }) => [`${id}, ${topic}`, check] as const))("%s", ([, check]) =>
    Effect.provide(check, AngoTest.layer({ tasks: 120 }))
  )
})
