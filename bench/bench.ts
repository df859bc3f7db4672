// `npm run bench`: measures ours, the vendor's client and the work by hand, and prints one table.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { figures } from "./figures.js"
import { clientsTable, fill, headlineOf, mediansOf, tableOf, withUnit } from "./report.js"
import { scalingTable } from "./scaling.js"
import type { Results, Scale, Suite } from "./suite.js"
import { exports } from "./suites/exports.js"
import { lists } from "./suites/lists.js"
import { starts } from "./suites/starts.js"
import { writes } from "./suites/writes.js"

const suites: ReadonlyArray<Suite> = [...lists, ...exports, ...writes, ...starts]

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string" },
    clients: { type: "string" },
    python: { type: "string" },
    compare: { type: "string" },
    largest: { type: "string", default: "10000000" }
  }
})

const findPython = (): string | undefined => {
  const python = values.python ?? "out/interop/1.4.10/bin/python"
  if (existsSync(python)) return python
  if (values.python !== undefined) throw new Error(`There is no ${python}.`)
  return undefined
}

const given = values.clients?.split(",")
const all = given ?? ["fetch", "undici", "node"]

// A copy of the other build beside ours, so that both load the same packages.
const copyOther = (): string | undefined => {
  if (values.compare === undefined) return undefined
  rmSync("out/compare", { recursive: true, force: true })
  cpSync(values.compare, "out/compare", { recursive: true })
  return resolve("out/compare/index.js")
}

const scale: Scale = {
  long: values.long,
  rounds: Number(values.rounds ?? (values.long ? 7 : 3)),
  httpClients: { pages: all, others: given ?? (values.long ? all : ["undici"]) },
  python: findPython(),
  folder: mkdtempSync(join(tmpdir(), "effect-ango-bench-")),
  other: copyOther()
}
process.on("exit", () => rmSync(scale.folder, { recursive: true, force: true }))

const wanted = values.only?.split(",")
const names = [...suites.map(({ name }) => name), "scaling"]
for (const name of wanted ?? []) {
  if (!names.includes(name)) throw new Error(`There is no ${name}. Use some of ${names.join(", ")}.`)
}

const start = performance.now()
const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`
const results = new Map<string, Results>()
for (const { measure, name, title } of suites) {
  if (wanted !== undefined && !wanted.includes(name)) continue
  console.error(`${seconds()}: ${name}: ${title}`)
  const measured = await measure(scale)
  results.set(name, measured)
  for (const figure of figures.filter(({ suite }) => suite === name)) {
    const medians = [...mediansOf(figure, measured)]
    console.error(
      `  ${figure.name}: ${medians.map(([of, one]) => `${of} ${withUnit(one, figure.unit)}`).join(", ")}`
    )
  }
}

const scaling =
  (wanted?.includes("scaling") ?? values.long)
    ? await scalingTable(scale, Number(values.largest), (text) => console.error(`${seconds()}: ${text}`))
    : undefined

const cores = availableParallelism()
const [load = 0] = loadavg()
const machine = `${cores} cores of ${cpus()[0]?.model.trim()}, load ${load.toFixed(1)}, Node ${process.version}`
const sections = [
  ...(results.size > 0 ? [headlineOf(figures, results)] : []),
  `Medians of ${scale.rounds} rounds, ${new Date().toISOString().slice(0, 10)}, ${machine}; ${seconds()}.`,
  ...(scale.python === undefined
    ? ["The vendor's client was not measured: run `bash interop/setup.sh`, or give its Python by `--python`."]
    : []),
  ...(load > 2 * cores
    ? ["The machine was busy: times by the wall say little, CPU only by its ratios."]
    : []),
  ...(results.size > 0 ? [tableOf(figures, results)] : []),
  ...(values.long ? ["All clients, ours by the HTTP client:", clientsTable(figures, results)] : []),
  ...(scaling === undefined
    ? []
    : ["Cost of a row by the length of a list or an export, each read once:", scaling])
]
const report = sections.join("\n\n")
console.log(report)

// A run of some suites would replace the figures of all.
if (values.long && wanted === undefined) {
  writeFileSync("bench/README.md", fill(readFileSync("bench/README.md", "utf8"), report))
}
