// The TypeScript blocks of pages and docstrings, as modules for the compiler. An HTML comment above a block of a page adds
// code that the page does not show: `<!-- snippet: continues -->` appends the block to the page's previous one,
// `<!-- snippet: prelude … -->` puts the lines of the comment before it.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { compile } from "./Compiler.js"
import { type Block, type Page, repository, typescriptBlocks } from "./Markdown.js"

/** A line of a module, and where a reader finds it. */
interface Line {
  readonly at: string
  readonly text: string
}

export interface Snippet {
  /** The page or file, and the line where it begins. */
  readonly at: string
  readonly lines: ReadonlyArray<Line>
}

const linesOf = (path: string, code: string, first: number): ReadonlyArray<Line> =>
  code.split("\n").map((text, index) => ({ at: `${path}:${first + index}`, text }))

const prelude = /^prelude\b[ \t]*\n?(.*)$/s

const linesOfBlock = (path: string, { code, line, note, noteLine }: Block): ReadonlyArray<Line> => {
  const hidden = prelude.exec(note ?? "")?.[1]
  return [...(hidden === undefined ? [] : linesOf(path, hidden, noteLine + 1)), ...linesOf(path, code, line)]
}

/** The snippets of a page that `isChecked` accepts: each block, with those that it continues before it. */
export const snippetsOfPage = (
  { path, text }: Page,
  isChecked: (code: string) => boolean = () => true
): ReadonlyArray<Snippet> => {
  const snippets: Array<Snippet> = []
  for (const block of typescriptBlocks(text).filter(({ code }) => isChecked(code))) {
    const lines = linesOfBlock(path, block)
    const previous = block.note === "continues" ? snippets.pop() : undefined
    if (block.note !== undefined && previous === undefined && !prelude.test(block.note)) {
      throw new Error(`${path}:${block.noteLine}: no such note, or nothing to continue: ${block.note}`)
    }
    snippets.push(
      previous === undefined
        ? { at: `${path}:${block.line}`, lines }
        : { at: previous.at, lines: [...previous.lines, ...lines] }
    )
  }
  return snippets
}

/** The blocks of a file's docstrings, each a module of its own. */
export const snippetsOfSource = ({ path, text }: Page): ReadonlyArray<Snippet> =>
  Array.from(text.matchAll(/\/\*\*.*?\*\//gs)).flatMap((comment) => {
    const before = text.slice(0, comment.index).split("\n").length - 1
    const plain = comment[0].replace(/^[ \t]*\*(?!\/)[ \t]?/gm, "")
    return typescriptBlocks(plain).map(({ code, line }) => ({
      at: `${path}:${before + line}`,
      lines: linesOf(path, code, before + line)
    }))
  })

const inFolder = (folder: string): ReadonlyArray<Page> =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .toSorted()
    .map((file) => ({
      path: `${folder}/${file}`,
      text: readFileSync(join(repository, folder, file), "utf8")
    }))

export const sources = (): ReadonlyArray<Page> => inFolder("src")

export const examples = (): ReadonlyArray<Page> => inFolder("examples")

/** The compiler's errors of each snippet, by `at`, each with its line on the page: one program for all. */
export const check = (snippets: ReadonlyArray<Snippet>): Readonly<Record<string, ReadonlyArray<string>>> => {
  const modules = Object.fromEntries(
    snippets.map(({ lines }, index) => [`snippet${index}`, lines.map(({ text }) => text).join("\n")])
  )
  // A snippet shows a part: names that it does not use are for the reader.
  const found = compile(modules, { noUnusedLocals: false, noUnusedParameters: false })
  return Object.fromEntries(
    snippets.map(({ at, lines }, index) => [
      at,
      (found[`snippet${index}`] ?? []).map(({ line, message }) => `${lines[line - 1]?.at ?? at}: ${message}`)
    ])
  )
}
