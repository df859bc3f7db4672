// Checks the file of the demo: one JSON object per line, each id once.
import { readFileSync } from "node:fs"

const [file = "out/tasks.ndjson", expected = "2500"] = process.argv.slice(2)
const lines = readFileSync(file, "utf8").trimEnd().split("\n")
const ids = new Set(lines.map((line): unknown => JSON.parse(line).id))

if (lines.length !== Number(expected) || ids.size !== lines.length || ids.has(undefined)) {
  throw new Error(
    `${file}: ${lines.length} lines with ${ids.size} distinct ids; expected ${expected} of each`
  )
}
console.log(`${file}: ${ids.size} distinct ids in ${lines.length} lines`)
