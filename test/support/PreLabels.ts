// Imports of pre-labels as tests want them: all outcomes, what the hub counted, and what a hub says before it is asked.
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

/** What the hub said to the requests of an import whose rows are sent as they are. */
export const countsOf = (projectId: string, entries: ReadonlyArray<LabelImport.LabelImport>) =>
  Effect.gen(function* () {
    const all: Array<LabelImport.LabelImportResult> = []
    const onCounts = (counts: LabelImport.LabelImportResult) => Effect.sync(() => void all.push(counts))
    const { importLabels } = yield* Annotations
    yield* Stream.runDrain(importLabels(projectId, entries, { onResponse: onCounts, validate: false }))
    return all
  })

const answer = (data: object) => () => Response.json({ status: "success", data })

/** What a hub answers before an import of a few: a project without an ontology, and the asset of each of the entries. */
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
