// Uploads many files over loopback HTTP, 20 ms away: ours, and a loop like that of the vendor's SDK; then one of 4 GB.
//
//   npm run bench:upload -- [--quick] [--files 2000] [--bytes 100000] [--repeat 3] [--latency 20]
//                           [--in-flight 16,32] [--gigabytes 4]
import { parseArgs } from "node:util"
import { run, type Taken, withServer } from "./processes.js"

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    files: { type: "string" },
    bytes: { type: "string", default: "100000" },
    repeat: { type: "string" },
    latency: { type: "string", default: "20" },
    "in-flight": { type: "string", default: "16,32" },
    gigabytes: { type: "string" }
  }
})
const number = (given: string | undefined, quick: number, full: number): number =>
  given === undefined ? (values.quick ? quick : full) : Number(given)

const files = number(values.files, 200, 2000)
const repeat = number(values.repeat, 1, 3)
const large = Math.round(number(values.gigabytes, 0.25, 4) * 2 ** 14) * 2 ** 16
const bytes = Number(values.bytes)

const clients = new Map<string, ReadonlyArray<string>>([["by hand", ["by-hand"]]])
for (const many of values["in-flight"].split(",")) {
  clients.set(`ours, ${many} in flight`, ["ours", many])
  clients.set(`ours, undici, ${many} in flight`, ["ours-undici", many])
}

const uploaded = async (
  baseUrl: string,
  [kind = "", inFlight = "1"]: ReadonlyArray<string>,
  count: number,
  size: number
): Promise<Taken> => {
  const one = await run("upload-client.js", [kind, baseUrl, count, size, inFlight])
  const { data } = (await (await fetch(`${baseUrl}/count`)).json()) as {
    readonly data: Record<string, number>
  }
  if (one.count !== count || data["assets"] !== count || data["bytes"] !== count * size) {
    throw new Error(`${kind}: ${JSON.stringify(data)} instead of ${count} files`)
  }
  return one
}

const median = (of: ReadonlyArray<Taken>, pick: (one: Taken) => number): number =>
  of.map(pick).toSorted((a, b) => a - b)[of.length >> 1] ?? Number.NaN

await withServer("upload-hub.js", [values.latency], async (baseUrl) => {
  const taken = new Map(Array.from(clients.keys(), (name) => [name, [] as Array<Taken>]))
  // In turns, so that a busy minute of the machine falls on all of them.
  for (let turn = 0; turn < repeat; turn++) {
    for (const [name, runs] of taken) {
      runs.push(await uploaded(baseUrl, clients.get(name) ?? [], files, bytes))
    }
  }
  console.log(
    `${files} files of ${bytes} bytes, ${values.latency} ms before each answer, median of ${repeat}, ` +
      `Node ${process.version}`
  )
  console.log("| client | wall | CPU | peak RSS | times as fast |")
  console.log("| --- | ---: | ---: | ---: | ---: |")
  const sequential = median(taken.get("by hand") ?? [], ({ wall }) => wall)
  for (const [name, runs] of taken) {
    const [wall, cpu, rss] = [
      median(runs, (one) => one.wall),
      median(runs, (one) => one.cpu),
      median(runs, (one) => one.rss)
    ]
    console.log(
      `| ${name} | ${(wall / 1000).toFixed(1)} s | ${(cpu / 1000).toFixed(1)} s | ${rss.toFixed(0)} MB | ` +
        `${(sequential / wall).toFixed(1)} |`
    )
  }
})

await withServer("upload-hub.js", [0], async (baseUrl) => {
  for (const kind of ["ours", "ours-node", "ours-undici"]) {
    const { cpu, rss, wall } = await uploaded(baseUrl, [kind], 1, large)
    console.log(
      `${kind}, one file of ${(large / 2 ** 30).toFixed(2)} GB: ${(wall / 1000).toFixed(1)} s, ` +
        `${(cpu / 1000).toFixed(1)} s of CPU, ${rss.toFixed(0)} MB at most`
    )
  }
})
