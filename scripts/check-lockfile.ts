// Checks that package-lock.json has a checksum for every package and names no registry. npm drops checksums of packages
// for other platforms without a word. Another lock file can be named as an argument.
import { readFileSync } from "node:fs"

interface Entry {
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly inBundle?: boolean
}

const file = process.argv[2] ?? "package-lock.json"
const lock: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(readFileSync(file, "utf8"))

// The entry without a name is this package itself. Links and bundled packages are not downloaded.
const downloaded = Object.entries(lock.packages).filter(
  ([path, entry]) => path !== "" && !entry.link && !entry.inBundle
)
const problems = downloaded.flatMap(([path, { integrity, resolved }]) => [
  ...(integrity?.startsWith("sha512-") ? [] : [`${path} has no sha512 integrity`]),
  ...(resolved === undefined ? [] : [`${path} has a resolved address: ${resolved}`])
])

if (downloaded.length === 0) problems.push(`${file} lists no packages`)
for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error(
    `${file}: ${problems.length} problems. Delete the entries above from it, then run: npm install --package-lock-only`
  )
  process.exit(1)
}
console.log(`${file}: ${downloaded.length} packages, each with its integrity`)
