// Makes and reads the issues of decoding. The only module that imports `effect/ParseResult`.
import * as Arr from "effect/Array"
import type * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { isOption, isUnion, lacksField, type Node, titleOf } from "./schemaShape.js"

/** Why a value was not decoded: a tree that follows the schema. */
export type ParseIssue = ParseResult.ParseIssue

/** The error of `Schema.decodeUnknown` and its like. */
export type ParseError = ParseResult.ParseError

/** Whether an error is a {@link ParseError}. */
export const isParseError: (error: unknown) => error is ParseError = ParseResult.isParseError

/** `Schema.decodeUnknownEither`, with the issue instead of an error around it. */
export const decodeUnknownEither = ParseResult.decodeUnknownEither

/** `Schema.encodeUnknownEither`, with the issue instead of an error around it. */
export const encodeUnknownEither = ParseResult.encodeUnknownEither

/** `Schema.decodeUnknown`, with the issue instead of an error around it. */
export const decodeUnknown = ParseResult.decodeUnknown

/**
 * A transformation that can refuse a value: `decode` returns none where it is not what `expected` says.
 */
export const partialTransform = <A, I, B, J>(
  from: Schema.Schema<A, I>,
  to: Schema.Schema<B, J>,
  {
    decode,
    encode,
    expected
  }: {
    readonly expected: string
    readonly decode: (value: A) => Option.Option<J>
    readonly encode: (value: J) => A
  }
): Schema.transformOrFail<Schema.Schema<A, I>, Schema.Schema<B, J>> =>
  Schema.transformOrFail(from, to, {
    strict: true,
    decode: (value, _, ast) =>
      Option.match(decode(value), {
        onNone: () => ParseResult.fail(new ParseResult.Type(ast, value, expected)),
        onSome: (decoded) => ParseResult.succeed(decoded)
      }),
    encode: (value) => ParseResult.succeed(encode(value))
  })

/** A schema that decodes, and refuses every value to encode. */
export const decodeOnly = <A, I>(schema: Schema.Schema<A, I>): Schema.Schema<A, I> =>
  Schema.transformOrFail(schema, Schema.typeSchema(schema), {
    strict: true,
    decode: (value) => ParseResult.succeed(value),
    encode: (value, _, ast) =>
      ParseResult.fail(new ParseResult.Forbidden(ast, value, "only read, never written"))
  })

/** A schema that only encodes, by a function that validates the value. */
export const encodeOnly = (
  encode: (value: unknown) => Either.Either<unknown, ParseIssue>
): Schema.Schema<unknown> =>
  Schema.declare<unknown, unknown, readonly []>([], {
    decode: () => (value, _, ast) =>
      ParseResult.fail(new ParseResult.Forbidden(ast, value, "only written, never read")),
    encode: () => encode
  })

/** One thing that is wrong with a value: where, and what was expected there. */
export interface Problem {
  readonly path: ReadonlyArray<PropertyKey>
  readonly expected: string
}

/** A schema of the values in which `problemsOf` finds nothing; they are neither changed nor copied. */
export const checkedBy = <A>(
  problemsOf: (value: unknown) => ReadonlyArray<Problem>,
  annotations: Schema.Annotations.Schema<A, readonly []>
): Schema.Schema<A> => {
  const check = (
    value: unknown,
    { errors }: { readonly errors?: "first" | "all" | undefined },
    ast: Declared
  ) => {
    const problems = problemsOf(value)
    const issues = (errors === "all" ? problems : problems.slice(0, 1)).map(({ expected, path }) => {
      const issue = new ParseResult.Type(ast, value, expected)
      return Arr.isNonEmptyReadonlyArray(path) ? new ParseResult.Pointer(path, value, issue) : issue
    })
    return Arr.isNonEmptyReadonlyArray(issues)
      ? ParseResult.fail(new ParseResult.Composite(ast, value, issues))
      : ParseResult.succeed(value as A)
  }
  return Schema.declare<A, A, readonly []>([], { decode: () => check, encode: () => check }, annotations)
}

type Declared = ConstructorParameters<typeof ParseResult.Composite>[0]

/** The issue of a part, as an issue of the whole: `path` leads from `root` to the part. */
export const issueAt = (
  path: Arr.NonEmptyReadonlyArray<PropertyKey>,
  root: unknown,
  issue: ParseIssue
): ParseIssue => new ParseResult.Pointer(path, root, issue)

/** One key on the way from the whole value to a part of it. */
export interface PathStep {
  readonly key: PropertyKey
  /** A key of a record, which the schema does not name: data like its value. */
  readonly isData: boolean
}

/** A part of a value that does not fit, and what its schema expects in words. */
export interface LocatedIssue {
  readonly path: ReadonlyArray<PathStep>
  readonly expected: string
  readonly actual: unknown
  /** Whether the schema allows a fixed set of texts only. */
  readonly isOption: boolean
}

const describe = (ast: Node): string => {
  const text = String(ast)
    .replace(/ & Brand<.*>$/, "")
    .replace(/^Struct \(.*\)$/, "an object")
    .replace(/^ReadonlyArray<.*>$/, "an array")
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

// The title alone, where a schema has one: a refinement of a refinement would list both, a union its members.
const describeByTitle = (ast: Node): string => titleOf(ast) ?? describe(ast)

const isIssueList = (
  issues: ParseResult.SingleOrNonEmpty<ParseIssue>
): issues is readonly [ParseIssue, ...Array<ParseIssue>] => Array.isArray(issues)

const stepsOf = ({ path }: ParseResult.Pointer, parent?: Node): ReadonlyArray<PathStep> =>
  [path].flat().map((key) => ({ key, isData: parent !== undefined && lacksField(parent, key) }))

const leaf = (ast: Node, path: ReadonlyArray<PathStep>, expected: string, actual: unknown): LocatedIssue => ({
  path,
  expected,
  actual,
  isOption: isOption(ast)
})

/** The leaves of an issue. A union with a title counts as one leaf when no member got further than the union itself. */
export const locateIssues = (
  issue: ParseIssue,
  path: ReadonlyArray<PathStep> = []
): ReadonlyArray<LocatedIssue> => {
  switch (issue._tag) {
    case "Pointer":
      return locateIssues(issue.issue, path.concat(stepsOf(issue)))
    case "Composite": {
      const inner = (isIssueList(issue.issues) ? issue.issues : [issue.issues]).flatMap((one) =>
        one._tag === "Pointer"
          ? locateIssues(one.issue, path.concat(stepsOf(one, issue.ast)))
          : locateIssues(one, path)
      )
      const title = isUnion(issue.ast) ? titleOf(issue.ast) : undefined
      return title !== undefined && inner.every((leaf) => leaf.path.length === path.length)
        ? [leaf(issue.ast, path, title, issue.actual)]
        : inner
    }
    case "Refinement":
      // A filter that names the field at fault does so with a pointer.
      return issue.kind === "From" || issue.issue._tag === "Pointer"
        ? locateIssues(issue.issue, path)
        : [leaf(issue.ast, path, describeByTitle(issue.ast), issue.actual)]
    case "Transformation":
      return issue.kind === "Transformation"
        ? [leaf(issue.ast, path, describe(issue.ast.to), issue.actual)]
        : locateIssues(issue.issue, path)
    case "Missing":
      return [{ path, expected: "a value", actual: undefined, isOption: false }]
    case "Unexpected":
      return [{ path, expected: "no such field", actual: issue.actual, isOption: false }]
    default:
      return [leaf(issue.ast, path, describe(issue.ast), issue.actual)]
  }
}
