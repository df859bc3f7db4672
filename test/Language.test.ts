// The library is written in plain technical English (docs/glossary.md has the words). These words are not used: each has
// a common one that says the same.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { repository } from "./support/Markdown.js"

const words = [
  "told",
  "tells",
  "telling",
  "held to",
  "goes on",
  "go on with",
  "gone on with",
  "going on with",
  "is none",
  "are none",
  "beside",
  "mend(?:s|ed|ing)?",
  "nobody knows",
  "what became of",
  "is not here yet",
  "are not here yet",
  "undercut",
  "may pass",
  "of (?:yours|ours)",
  "so many",
  "as much as",
  "cannot be meant",
  "whoever",
  "wherever its",
  "in the affirmative",
  "is of no account",
  "took away",
  "takes away",
  "is let go",
  "settled",
  "hopeless",
  "patience",
  "wentBadly",
  "twin",
  "kept away",
  "stands? elsewhere",
  "dossier"
]

const pattern = new RegExp(`\\b(?:${words.join("|")})\\b`, "gi")

interface Hit {
  readonly file: string
  readonly line: number
  readonly word: string
  readonly text: string
}

/** One hit where the word is the right one. */
interface Exception {
  readonly file: string
  readonly word: string
  readonly reason: string
}

const exceptions: ReadonlyArray<Exception> = []

const hitsIn = (file: string, text: string): ReadonlyArray<Hit> =>
  text.split("\n").flatMap((line, index) =>
    Array.from(line.matchAll(pattern), ([word]) => ({
      file,
      line: index + 1,
      word: word.toLowerCase(),
      text: line.trim()
    }))
  )

/** The hits left when each exception has taken one, and the exceptions that no hit needs. */
const compare = (hits: ReadonlyArray<Hit>, allowed: ReadonlyArray<Exception>) => {
  const left = [...hits]
  const unused = allowed.filter(({ file, word }) => {
    const index = left.findIndex((hit) => hit.file === file && hit.word === word)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
  return { left, unused }
}

// The glossary names the words that are not used; the OpenAPI document is generated from src.
const notRead = ["docs/glossary.md", "docs/openapi.json"]

const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .map((file) => posix.join(folder, file.replaceAll("\\", "/")))
    .filter((file) => /\.(?:ts|md|json)$/.test(file))

const files = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].filter((file) =>
    existsSync(join(repository, file))
  ),
  ...["src", "docs", "examples"].flatMap(filesIn)
].filter((file) => !notRead.includes(file))

const result = compare(
  files.flatMap((file) => hitsIn(file, readFileSync(join(repository, file), "utf8"))),
  exceptions
)

describe("the language of src, docs and examples", () => {
  it("uses no word of the list", () => {
    expect(result.left.map(({ file, line, text, word }) => `${file}:${line}: ${word}: ${text}`)).toEqual([])
  })

  it("has at most ten exceptions, each needed and with a reason", () => {
    expect(exceptions.length).toBeLessThanOrEqual(10)
    expect(exceptions.filter(({ reason }) => reason.length < 20)).toEqual([])
    expect(result.unused).toEqual([])
  })
})

describe("the check of words", () => {
  const hits = hitsIn("a.md", "Hold it.\nIt is Told so many times: a toldster.\n")

  it("finds whole words in any case, with their line", () => {
    expect(hits.map(({ line, word }) => [line, word])).toEqual([
      [2, "told"],
      [2, "so many"]
    ])
  })

  it("lets an exception cover one hit, and reports one that covers none", () => {
    const told = { file: "a.md", word: "told", reason: "a quotation of the API's own message" }
    expect(compare(hits, [told]).left.map(({ word }) => word)).toEqual(["so many"])
    expect(compare([...hits, ...hits], [told]).left).toHaveLength(3)
    expect(compare(hits, [told, told]).unused).toEqual([told])
  })
})
