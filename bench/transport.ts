// Measures a page up to `JSON.parse`, before decoding: bare `fetch`, the clients of the platform, and our transport over
// each of them.
//
//   npm run bench:transport -- [--repeat 5] [--pages 1000]
import { parseArgs } from "node:util"
import { best, run, type Taken, withHub } from "./processes.js"

const { values } = parseArgs({
  options: { repeat: { type: "string", default: "5" }, pages: { type: "string", default: "1000" } }
})
const pages = Number(values.pages)

const clients = [
  "bare fetch",
  "platform fetch",
  "platform undici",
  "platform node",
  "ours fetch",
  "ours undici",
  "ours node"
]

console.log(`CPU of a page up to JSON.parse, best of ${values.repeat}, Node ${process.version}`)
console.log("| limit | client | CPU per page | to bare fetch | peak RSS |")
console.log("| ---: | --- | ---: | ---: | ---: |")

await withHub(100_000, 0, async (baseUrl) => {
  for (const limit of [100, 1000]) {
    const count = Math.ceil((pages * 100) / limit)
    const taken = clients.map((client) => ({ client, runs: [] as Array<Taken> }))
    for (let turn = 0; turn < Number(values.repeat); turn++) {
      for (const { client, runs } of taken) {
        runs.push(await run("transport-client.js", [...client.split(" "), baseUrl, limit, count]))
      }
    }
    const bare = best(taken[0]?.runs ?? [])
    for (const { client, runs } of taken) {
      const took = best(runs)
      if (took === undefined || bare === undefined) continue
      console.log(
        `| ${limit} | ${client} | ${(took.cpu / count).toFixed(2)} ms | ${(took.cpu / bare.cpu).toFixed(2)} | ${took.rss.toFixed(0)} MB |`
      )
    }
  }
})
