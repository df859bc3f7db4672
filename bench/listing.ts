// Reads a whole list over loopback HTTP: ours, and handwritten loops, sequential and concurrent.
//
//   npm run bench:listing -- [--quick] [--tasks 100000] [--repeat 3] [--in-flight 8]
//                            [--latencies 0,20,100] [--limits 100,1000]
import { parseArgs } from "node:util"
import { best, run, type Taken, withHub } from "./processes.js"

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    tasks: { type: "string" },
    repeat: { type: "string" },
    "in-flight": { type: "string", default: "8" },
    latencies: { type: "string" },
    limits: { type: "string" }
  }
})
const numbers = (given: string | undefined, quick: string, full: string): ReadonlyArray<number> =>
  (given ?? (values.quick ? quick : full)).split(",").map(Number)

const [tasks = 0] = numbers(values.tasks, "2000", "100000")
const [repeat = 0] = numbers(values.repeat, "1", "3")
const latencies = numbers(values.latencies, "0", "0,20,100")
const limits = numbers(values.limits, "100", "100,1000")
const inFlight = Number(values["in-flight"])

const clients = {
  ours: ["ours", inFlight],
  "ours, undici": ["ours-undici", inFlight],
  sequential: ["by-hand", 1],
  concurrent: ["by-hand", inFlight]
} as const
type Client = keyof typeof clients

const cell = ({ cpu, rss, wall }: Taken): string =>
  `${(wall / 1000).toFixed(2)} s | ${(cpu / 1000).toFixed(2)} s | ${rss.toFixed(0)} MB`

console.log(`${tasks} tasks, best of ${repeat}, Node ${process.version}`)
console.log("| latency | limit | client | wall | CPU | peak RSS | wall, CPU to sequential | to concurrent |")
console.log("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |")

for (const latency of latencies) {
  await withHub(tasks, latency, async (baseUrl) => {
    for (const limit of limits) {
      const taken: Record<Client, Array<Taken>> = {
        ours: [],
        "ours, undici": [],
        sequential: [],
        concurrent: []
      }
      // In turns, so that a busy minute of the machine falls on all of them.
      for (let turn = 0; turn < repeat; turn++) {
        for (const client of Object.keys(clients) as Array<Client>) {
          const [kind, many] = clients[client]
          const one = await run("client.js", [kind, baseUrl, limit, many])
          if (one.count !== tasks) throw new Error(`${client} has read ${one.count} of ${tasks} tasks`)
          taken[client].push(one)
        }
      }
      const bests = Object.entries(taken).map(([client, runs]) => ({ client, took: best(runs) }))
      const of = (name: Client) => bests.find(({ client }) => client === name)?.took
      const ratio = (took: Taken, to: Taken | undefined): string =>
        to === undefined ? "" : `${(took.wall / to.wall).toFixed(2)}, ${(took.cpu / to.cpu).toFixed(2)}`
      for (const { client, took } of bests) {
        if (took === undefined) continue
        console.log(
          `| ${latency} ms | ${limit} | ${client} | ${cell(took)} | ` +
            `${ratio(took, of("sequential"))} | ${ratio(took, of("concurrent"))} |`
        )
      }
    }
  })
}
