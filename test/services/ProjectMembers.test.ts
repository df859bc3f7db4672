// Members of a project and their roles.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { refuses, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

describe("members", () => {
  it.effect("are added with a role, and get a new one when they are added again", () =>
    withHub((projects) =>
      Effect.gen(function* () {
        const before = yield* projects.members(projectId)
        expect(before.length).toBeGreaterThan(0)
        const emails = ["ann@new.example", "bob@new.example"]
        expect(yield* projects.addMembers(projectId, { emails, role: "Labeler" })).toBeUndefined()
        yield* projects.addMembers(projectId, { emails: ["ann@new.example"], role: "Reviewer" })
        expect(yield* projects.members(projectId)).toEqual([
          ...before,
          { assignee: "bob@new.example", role: "Labeler" },
          { assignee: "ann@new.example", role: "Reviewer" }
        ])
        expect((yield* projects.get(projectId)).assignedTo).toHaveLength(before.length + 2)
      })
    )
  )

  it.effect("require an address", () =>
    refuses(
      (projects) => projects.addMembers(projectId, { emails: [], role: "Lead" }),
      "assignees",
      /Expected at least one e-mail address/
    )
  )

  it.effect("require a valid address", () =>
    refuses(
      (projects) => projects.addMembers(projectId, { emails: ["a@x.example", "ann"], role: "Lead" }),
      "assignees[1]",
      /Expected an e-mail address/
    )
  )

  it.effect("require a known role", () =>
    refuses(
      // @ts-expect-error roles are capitalised
      (projects) => projects.addMembers(projectId, { emails: ["a@x.example"], role: "labeler" }),
      "role",
      /Expected a project role: Manager, Labeler, Reviewer, Lead/
    )
  )
})
