// Reads the rows of a large export over loopback HTTP: ours, and a handwritten reader for Node without checks.
//
//   npm run bench:export -- [--quick] [--rows 1000000] [--repeat 3] [--few 100000] [--slow] [--folder <dir>]
//
// `--folder` keeps the archives, for the next run.
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { run, type Taken, withServer } from "./processes.js"

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    slow: { type: "boolean", default: false },
    rows: { type: "string" },
    few: { type: "string" },
    repeat: { type: "string" },
    folder: { type: "string" }
  }
})
const number = (given: string | undefined, quick: number, full: number): number =>
  given === undefined ? (values.quick ? quick : full) : Number(given)

const rows = number(values.rows, 20_000, 1_000_000)
const few = number(values.few, 2_000, 100_000)
const repeat = number(values.repeat, 1, 3)
const idle = 10

/** Further figures of a client of exports: the milliseconds to its first row, and the bytes that had arrived by then. */
interface Export extends Taken {
  readonly firstRow: number
  readonly firstBytes: number
}

const clients = {
  "by hand": ["export-by-hand.js"],
  "ours, undecoded": ["export-client.js", "undecoded"],
  ours: ["export-client.js", "decoded"],
  ...(values.slow ? { "ours, slow consumer": ["export-client.js", "slow"] } : {})
} satisfies Record<string, ReadonlyArray<string>>
type Client = keyof typeof clients
const names = Object.keys(clients) as Array<Client>

const median = (of: ReadonlyArray<Export>, pick: (one: Export) => number): number =>
  of.map(pick).toSorted((a, b) => a - b)[of.length >> 1] ?? Number.NaN

// What the central directory says of the only entry, which the end record leads to.
const sizesOf = (file: string): { readonly size: number; readonly inflated: number } => {
  const archive = readFileSync(file)
  const directory = archive.readUInt32LE(archive.length - 6)
  return { size: archive.length, inflated: archive.readUInt32LE(directory + 24) }
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), "exports-"))
try {
  await withServer("export-hub.js", [folder, [idle, few, rows].join()], async (baseUrl) => {
    const read = async (client: Client, count: number): Promise<Export> => {
      const [file = "", ...kind] = clients[client] ?? []
      const one = (await run(file, [...kind, baseUrl, count])) as Export
      if (one.count !== count) throw new Error(`${client} has read ${one.count} of ${count} rows`)
      return one
    }
    // In turns, so that a busy minute of the machine falls on all of them.
    const turns = async (count: number): Promise<ReadonlyMap<Client, ReadonlyArray<Export>>> => {
      const taken = new Map(names.map((name) => [name, [] as Array<Export>]))
      for (let turn = 0; turn < repeat; turn++) {
        for (const [name, runs] of taken) runs.push(await read(name, count))
      }
      return taken
    }
    const [atRest, ofFew, ofAll] = [await turns(idle), await turns(few), await turns(rows)]

    const { inflated, size } = sizesOf(join(folder, `rows-${rows}.zip`))
    console.log(
      `${rows} rows, ${(inflated / 1e6).toFixed(0)} MB in an archive of ${(size / 1e6).toFixed(1)} MB, ` +
        `median of ${repeat}, Node ${process.version}`
    )
    console.log(
      "| client | wall | CPU | rows/s | MB/s | of by hand: wall, CPU | " +
        `RSS above idle, ${few} rows | ${rows} rows | first row | of the archive by then |`
    )
    console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    const base = ofAll.get("by hand") ?? []
    for (const name of names) {
      const [runs, fewRuns, idleRuns] = [ofAll, ofFew, atRest].map((taken) => taken.get(name) ?? [])
      if (runs === undefined || fewRuns === undefined || idleRuns === undefined) continue
      const [wall, cpu] = [median(runs, (one) => one.wall), median(runs, (one) => one.cpu)]
      const rss = median(idleRuns, (one) => one.rss)
      const above = (of: ReadonlyArray<Export>) => `${(median(of, (one) => one.rss) - rss).toFixed(0)} MB`
      const ratio = (pick: (one: Export) => number) => (median(base, pick) / median(runs, pick)).toFixed(2)
      console.log(
        `| ${name} | ${(wall / 1000).toFixed(1)} s | ${(cpu / 1000).toFixed(1)} s | ` +
          `${((rows / wall) * 1000).toFixed(0)} | ${(inflated / wall / 1000).toFixed(0)} | ` +
          `${ratio((one) => one.wall)}, ${ratio((one) => one.cpu)} | ` +
          `${above(fewRuns)} | ${above(runs)} (peak ${median(runs, (one) => one.rss).toFixed(0)} MB) | ` +
          `${median(runs, (one) => one.firstRow).toFixed(0)} ms | ` +
          `${((100 * median(runs, (one) => one.firstBytes)) / size).toFixed(2)} % |`
      )
    }
  })
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}
