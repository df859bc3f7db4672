// Where a value differs from its schema, told without quoting text: answers can hold other people's data and keys.
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as AST from "effect/SchemaAST"
import type { Mismatch } from "../errors/AngoError.js"

const maxMismatches = 5

interface Step {
  readonly key: PropertyKey
  /** A key of a record, which the schema does not know: data like its value. */
  readonly isData: boolean
}

type Path = ReadonlyArray<Step>

const kindOf = (value: unknown, quoteNumbers: boolean): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array"
  switch (typeof value) {
    case "undefined":
      return "nothing"
    case "object":
      return "an object"
    case "string":
      return value === "" ? "an empty string" : "a string"
    case "number":
      return quoteNumbers ? String(value) : "a number"
    default:
      return `a ${typeof value}`
  }
}

const expectation = (ast: AST.AST): string => {
  const text = String(ast)
    .replace(/ & Brand<.*>$/, "")
    .replace(/^Struct \(.*\)$/, "an object")
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

// The title alone, where a schema has one: a refinement of a refinement would list both, a union its members.
const titled = (ast: AST.AST): string => Option.getOrElse(AST.getTitleAnnotation(ast), () => expectation(ast))

const isIssueList = (
  issues: ParseResult.SingleOrNonEmpty<ParseResult.ParseIssue>
): issues is readonly [ParseResult.ParseIssue, ...Array<ParseResult.ParseIssue>] => Array.isArray(issues)

const steps = ({ path }: ParseResult.Pointer, parent?: AST.AST): Path =>
  [path].flat().map((key) => ({
    key,
    isData:
      parent !== undefined &&
      AST.isTypeLiteral(parent) &&
      !parent.propertySignatures.some(({ name }) => name === key)
  }))

interface Leaf {
  readonly path: Path
  readonly expected: string
  readonly actual: unknown
}

const leaves = (issue: ParseResult.ParseIssue, path: Path): ReadonlyArray<Leaf> => {
  switch (issue._tag) {
    case "Pointer":
      return leaves(issue.issue, path.concat(steps(issue)))
    case "Composite": {
      const inner = (isIssueList(issue.issues) ? issue.issues : [issue.issues]).flatMap((one) =>
        one._tag === "Pointer" ? leaves(one.issue, path.concat(steps(one, issue.ast))) : leaves(one, path)
      )
      const isChoice = AST.isUnion(issue.ast) && Option.isSome(AST.getTitleAnnotation(issue.ast))
      return isChoice && inner.every((leaf) => leaf.path.length === path.length)
        ? [{ path, expected: titled(issue.ast), actual: issue.actual }]
        : inner
    }
    case "Refinement":
      // A filter that names the field at fault says so with a pointer.
      return issue.kind === "From" || issue.issue._tag === "Pointer"
        ? leaves(issue.issue, path)
        : [{ path, expected: titled(issue.ast), actual: issue.actual }]
    case "Transformation":
      return issue.kind === "Transformation"
        ? [{ path, expected: expectation(issue.ast.to), actual: issue.actual }]
        : leaves(issue.issue, path)
    case "Missing":
      return [{ path, expected: "a value", actual: undefined }]
    case "Unexpected":
      return [{ path, expected: "no such field", actual: issue.actual }]
    default:
      return [{ path, expected: expectation(issue.ast), actual: issue.actual }]
  }
}

const render = (path: Path, showsData: boolean): string =>
  path.reduce<string>((text, { isData, key }) => {
    if (typeof key === "number") return `${text}[${key}]`
    const name = isData && !showsData ? "*" : String(key)
    return text === "" ? name : `${text}.${name}`
  }, "")

// The id of the innermost document on the way to the mismatch.
const itemId = (root: unknown, path: Path): string | undefined => {
  let current = root
  let id: string | undefined
  for (const { key } of path) {
    if (typeof current !== "object" || current === null) break
    current = (current as Record<PropertyKey, unknown>)[key]
    const own = (current as { readonly _id?: unknown } | null | undefined)?._id
    if (typeof own === "string" && /^[\w-]{1,128}$/.test(own)) id = own
  }
  return id
}

/**
 * The first few mismatches, the deepest place of each union first. `root` is what was decoded; without it the
 * mismatches are those of an input, whose numbers and record keys may be quoted to the one who gave them. A key of a
 * record is `*` otherwise.
 */
export const mismatches = (issue: ParseResult.ParseIssue, root: unknown): ReadonlyArray<Mismatch> => {
  const found = [...leaves(issue, [])].sort((a, b) => b.path.length - a.path.length)
  const seen = new Set<string>()
  const out: Array<Mismatch> = []
  for (const leaf of found) {
    const path = render(leaf.path, root === undefined)
    if (seen.has(path)) continue
    seen.add(path)
    const item = itemId(root, leaf.path)
    out.push({
      path,
      expected: leaf.expected,
      found: kindOf(leaf.actual, root === undefined),
      ...(item === undefined ? {} : { item })
    })
    if (out.length === maxMismatches) break
  }
  return out
}
