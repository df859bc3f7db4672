// Contradictions between documents: the hub accepts every documented request, and the client reads every documented
// response. One row for each of 45 entries in docs/api-notes.md#contradictions.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest } from "effect-ango/emulator"
import { variantsOfAnswers } from "../support/VariantsOfAnswers.js"
import { variantsOfExports } from "../support/VariantsOfExports.js"
import { variantsOfOffice } from "../support/VariantsOfOffice.js"
import { variantsOfProjects } from "../support/VariantsOfProjects.js"
import { variantsOfTasks } from "../support/VariantsOfTasks.js"

const contradictions = [
  "page-size",
  "annotate-method",
  "export-path",
  "filter-parameter",
  "batch-filter",
  "task-status",
  "status-filter",
  "import-body",
  "attachment-body",
  "signed-url-parameter",
  "storage-fields",
  "organization-roles",
  "history-shape",
  "requeue-options",
  "performance-body",
  "batch-creation",
  "batch-references",
  "batch-assign-mode",
  "plugin-bodies",
  "duration-unit",
  "task-asset",
  "answer-keys",
  "annotation-dates",
  "option-answers",
  "import-counts",
  "import-result",
  "success-status",
  "issue-list-key",
  "added-members",
  "batch-names",
  "export-lists",
  "export-flags",
  "minimum-page-size",
  "priority-range",
  "include-answer",
  "box-origin",
  "rotated-box-pivot",
  "issue-position",
  "content-type-on-reads",
  "pdf-object-id",
  "eu-host",
  "unknown-project",
  "batch-fields",
  "invite-projects",
  "task-fields"
]

const rows = [variantsOfAnswers, variantsOfExports, variantsOfOffice, variantsOfProjects, variantsOfTasks]
  .flat()
  .toSorted((a, b) => contradictions.indexOf(a.id) - contradictions.indexOf(b.id))

describe("documented variants", () => {
  it("cover 45 contradictions", () => {
    expect(rows.map(({ id }) => id)).toEqual(contradictions)
  })

  it.effect.each(rows.map(({ check, id, topic }) => [`${id}, ${topic}`, check] as const))("%s", ([, check]) =>
    Effect.provide(check, AngoTest.layer({ tasks: 120 }))
  )
})
