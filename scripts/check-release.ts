// Rehearses a release up to `npm publish --dry-run`: version, changelog heading, and the files that would be published.
// With `--tag v1.2.3` it checks a release that is about to happen: the tag is the version, the changelog heading has a
// date, the repository is named, and the registry does not have the version yet. Nothing is published.
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { parseArgs } from "node:util"

interface Manifest {
  readonly name: string
  readonly version: string
  readonly repository?: string | { readonly url: string }
  readonly exports: Readonly<Record<string, string | null | Readonly<Record<string, string>>>>
}

interface Contents {
  readonly files: ReadonlyArray<{ readonly path: string; readonly size: number }>
  readonly size: number
}

const { tag } = parseArgs({ options: { tag: { type: "string" } } }).values
const manifest: Manifest = JSON.parse(readFileSync("package.json", "utf8"))
const { name, version } = manifest
const problems: Array<string> = []

if (tag !== undefined && tag !== `v${version}`) {
  problems.push(
    `The tag is ${tag} and the version in package.json is ${version}. Tag this version as v${version}.`
  )
}

const changelog = readFileSync("CHANGELOG.md", "utf8").split("\n")
const at = changelog.findIndex((line) => line.startsWith(`## ${version} (`))
const heading = changelog[at]
if (heading === undefined) {
  problems.push(`CHANGELOG.md has no heading "## ${version} (…)". Add it with what changed.`)
} else {
  const end = changelog.findIndex((line, index) => index > at && line.startsWith("## "))
  const entries = changelog.slice(at + 1, end === -1 ? undefined : end)
  if (!entries.some((line) => line.startsWith("- "))) {
    problems.push(`CHANGELOG.md lists no changes below "${heading}".`)
  }
  const dated = /\(\d{4}-\d\d-\d\d\)$/.test(heading)
  if (!dated && (tag !== undefined || !heading.endsWith("(unreleased)"))) {
    problems.push(
      `CHANGELOG.md says "${heading}". Write the date of the release: "## ${version} (YYYY-MM-DD)".`
    )
  }
}

if (tag !== undefined) {
  // npm compares it with the repository that signed the provenance.
  const url = typeof manifest.repository === "string" ? manifest.repository : manifest.repository?.url
  const expected = process.env["GITHUB_REPOSITORY"]
  const slug = url
    ?.replace(/\.git$/, "")
    .split(/[/:]/)
    .slice(-2)
    .join("/")
  if (url === undefined) {
    problems.push("package.json has no repository. npm refuses provenance without it.")
  } else if (expected !== undefined && slug?.toLowerCase() !== expected.toLowerCase()) {
    problems.push(`package.json names the repository ${url}, and this is ${expected}.`)
  }
}

// Mistakes of a person are reported before the build.
const stopOnProblems = () => {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
}
stopOnProblems()

execFileSync("npm", ["run", "build"], { stdio: ["ignore", "ignore", "inherit"] })
// `--force` only skips the question whether the registry has this version: a rehearsal must also pass after a release.
const flags = tag === undefined ? ["--force"] : []
const output = execFileSync(
  "npm",
  ["publish", "--dry-run", "--ignore-scripts", "--json", "--access", "public", ...flags],
  { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }
)
// npm 11 puts the package's name around what npm 10 prints.
const printed: Contents | Readonly<Record<string, Contents>> = JSON.parse(output)
const contents = "files" in printed && Array.isArray(printed.files) ? printed : Object.values(printed)[0]
const files: ReadonlyArray<string> = contents?.files?.map(({ path }: { path: string }) => path) ?? []

const exported = Object.values(manifest.exports).flatMap((target) =>
  target === null ? [] : typeof target === "string" ? [target] : Object.values(target)
)
for (const path of [...exported, "README.md", "LICENSE", "CHANGELOG.md"].map((one) =>
  one.replace(/^\.\//, "")
)) {
  if (!files.includes(path)) problems.push(`The package would not contain ${path}.`)
}
for (const path of files) {
  if (!/^(dist|src)\/|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(path)) {
    problems.push(`The package would contain ${path}, which does not belong into it.`)
  }
  if (
    path.startsWith("dist/") &&
    !path.startsWith("dist/bundle/") &&
    !existsSync(path.replace(/^dist/, "src").replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts"))
  ) {
    problems.push(`The package would contain ${path}, which has no source.`)
  }
}
stopOnProblems()

console.log(`${name}@${version}: ${files.length} files; everything up to the upload works`)
