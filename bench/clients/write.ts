// Uploads files as assets, or imports labels, with an outcome for each.
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { library, prepare } from "./library.js"
import { job, measure } from "./measure.js"
import { filesOf, labelsOf } from "./work.js"

const { baseUrl, client, folder, labels, project } = job<{
  readonly client: string
  readonly baseUrl: string
  readonly project: string
  /** Of the files to upload; without one, labels are imported. */
  readonly folder?: string
  readonly labels?: number
}>()

const { Annotations, FileSource, RowOutcome, Uploads } = library
const run = await prepare(client, baseUrl)
const rows = labelsOf(labels ?? 0)

const upload = (folder: string) =>
  Effect.flatMap(Uploads, (uploads) =>
    uploads
      .files(
        project,
        Stream.fromIterable(filesOf(folder)).pipe(
          Stream.mapEffect(({ path }) => Effect.map(FileSource.file(path), (source) => ({ source })))
        )
      )
      .pipe(Stream.run(RowOutcome.summarize))
  ).pipe(Effect.provide(NodeContext.layer))

const importLabels = Effect.flatMap(Annotations, (annotations) =>
  annotations.importLabels(project, rows).pipe(Stream.run(RowOutcome.summarize))
)

await measure(async () => {
  const { created, updated } = await (folder === undefined ? run(importLabels) : run(upload(folder)))
  return { rows: created + updated }
})
