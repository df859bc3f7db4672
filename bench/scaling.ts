// What a row costs in lists and exports of growing length, each read once.
import { join } from "node:path"
import { nodeClient, vendorClient } from "./processes.js"
import { markdown, withUnit } from "./report.js"
import { byHand, onHub, type Results, type Scale, vendor } from "./suite.js"

const project = "65aa0000000000000000a001"
const client = "undici"

/** A list has as many tasks as a hub holds in memory; the vendor's client keeps what it has read of an export. */
const largest = { list: 1_000_000, vendorExport: 1_000_000 }

const readList = ({ python }: Scale, rows: number): Promise<Results> =>
  onHub("lists.js", [rows], 1, (baseUrl) => {
    const job = { baseUrl, project }
    return [
      { name: "ours", command: nodeClient("list.js", { ...job, client }) },
      ...(python === undefined
        ? []
        : [{ name: vendor, command: vendorClient(python, "list", { ...job, pageSize: 1000 }) }]),
      { name: byHand, command: nodeClient("listByHand.js", { ...job, pageSize: 1000 }) }
    ]
  })

const readExport = ({ folder, python }: Scale, rows: number): Promise<Results> =>
  onHub("exports.js", [join(folder, `${rows}.zip`), rows], 1, (baseUrl) => {
    const job = { baseUrl, project }
    return [
      { name: "ours", command: nodeClient("export.js", { ...job, client, work: "decoded" }) },
      ...(python === undefined || rows > largest.vendorExport
        ? []
        : [{ name: vendor, command: vendorClient(python, "export", job) }]),
      { name: byHand, command: nodeClient("exportByHand.js", { ...job, work: "undecoded" }) }
    ]
  })

/** The table of lists and exports of 10,000 rows and more, up to so many. */
export const scalingTable = async (
  scale: Scale,
  most: number,
  log: (text: string) => void
): Promise<string> => {
  const cells: Array<ReadonlyArray<string>> = []
  const add = (what: string, rows: number, results: Results) => {
    for (const [name, [taken]] of results) {
      const { cpu = Number.NaN, requests = Number.NaN, rss = Number.NaN, wall = Number.NaN } = taken ?? {}
      const perRow = withUnit((cpu * 1000) / rows, "µs")
      cells.push([
        what,
        rows.toLocaleString("en"),
        name,
        perRow,
        withUnit(wall / 1000, "s"),
        withUnit(rss, "MB"),
        `${requests}`
      ])
    }
  }
  for (let rows = 10_000; rows <= most; rows *= 10) {
    if (rows <= largest.list) {
      log(`a list of ${rows} tasks`)
      add("list at defaults", rows, await readList(scale, rows))
    }
    log(`an export of ${rows} rows`)
    add("export, decoded", rows, await readExport(scale, rows))
  }
  const sorted = cells.toSorted(([a = ""], [b = ""]) => b.localeCompare(a))
  return markdown(["what", "rows", "client", "CPU per row", "wall", "peak RSS", "requests"], sorted)
}
