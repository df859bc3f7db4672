// Reads a list of tasks by hand: pages, `JSON.parse`, nothing else.
import { concurrently, readJson } from "./http.js"
import { job, measure, numberOf, warmMeter } from "./measure.js"

const { baseUrl, pageSize, project, warmFrom } = job<{
  readonly baseUrl: string
  readonly project: string
  readonly pageSize: number
  readonly warmFrom?: number
}>()

interface Listing {
  readonly data: { readonly tasks: ReadonlyArray<{ readonly _id: string }>; readonly total: number }
}

const meter = warmMeter(warmFrom ?? Number.POSITIVE_INFINITY)

await measure(async () => {
  let [rows, sum] = [0, 0]
  const read = async (page: number): Promise<number> => {
    const url = `${baseUrl}/v2/project/${project}/tasks?page=${page}&limit=${pageSize}&sort=createdAt`
    const { data } = await readJson<Listing>(url)
    meter.step()
    for (const { _id } of data.tasks) {
      rows++
      sum += numberOf(_id)
    }
    return data.total
  }
  const total = await read(1)
  await concurrently(2, Math.ceil(total / pageSize), async (page) => {
    await read(page)
  })
  return { rows, sum }
}, meter.report)
