// Reads a list of tasks to its end, page by page: every check, every field decoded.
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { library, prepare } from "./library.js"
import { job, measure, numberOf, warmMeter } from "./measure.js"

const { baseUrl, client, pageSize, project, warmFrom } = job<{
  readonly client: string
  readonly baseUrl: string
  readonly project: string
  readonly pageSize?: number
  readonly warmFrom?: number
}>()

const run = await prepare(client, baseUrl, pageSize === undefined ? {} : { pageSize })
const meter = warmMeter(warmFrom ?? Number.POSITIVE_INFINITY)

const readAll = Effect.flatMap(library.Tasks, (tasks) =>
  Stream.runFold(tasks.pages(project), { rows: 0, sum: 0 }, (seen, { items }) => {
    meter.step()
    let { rows, sum } = seen
    for (const { id } of items) {
      rows++
      sum += numberOf(id)
    }
    return { rows, sum }
  })
)

await measure(() => run(readAll), meter.report)
