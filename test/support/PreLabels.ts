// Imports of pre-labels for tests: all outcomes, the counts of the hub, and responses of a fake hub.
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Annotations, type LabelImport, type LabelImportOptions } from "effect-ango"
import { outcomesOf } from "./Outcomes.js"

/** The outcomes of an import into a project. */
export const preLabel = (
  projectId: string,
  entries: ReadonlyArray<LabelImport.LabelImport>,
  options?: LabelImportOptions
) => Effect.flatMap(Annotations, (service) => outcomesOf(service.importLabels(projectId, entries, options)))

/** The messages and counts of an import without validation. */
export const countsOf = (projectId: string, entries: ReadonlyArray<LabelImport.LabelImport>) =>
  Effect.gen(function* () {
    const all: Array<LabelImport.LabelImportResult> = []
    const onCounts = (counts: LabelImport.LabelImportResult) => Effect.sync(() => void all.push(counts))
    const { importLabels } = yield* Annotations
    yield* Stream.runDrain(importLabels(projectId, entries, { onResponse: onCounts, validate: false }))
    return all
  })

const answer = (data: object) => () => Response.json({ status: "success", data })

/** The responses before an import of a few entries: a project without an ontology, and one asset per entry. */
export const beforeImport = (
  entries: ReadonlyArray<LabelImport.LabelImport>
): ReadonlyArray<() => Response> => [
  answer({ project: { _id: "65aa0000000000000000a001", name: "p", categorySchema: {}, stages: [] } }),
  ...entries.map(({ data, externalId }, at) =>
    answer({
      assets: [
        {
          _id: `65aa0000000000000000e00${at}`,
          externalId,
          data,
          labelTasks: [{ _id: `65aa0000000000000000b00${at}`, stageHistory: [] }]
        }
      ],
      total: 1
    })
  )
]
