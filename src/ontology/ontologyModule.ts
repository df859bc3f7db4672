/**
 * TypeScript modules that hold the classes of one ontology as types.
 *
 * @since 0.1.0
 */
import type { CategorySchema, Classification, Relation, Tool } from "../schemas/CategorySchema.js"
import { flattenTree } from "../schemas/optionTree.js"
import { namer, wordsOf } from "./module/names.js"
import { expression, inComment, literal } from "./module/sourceText.js"

/**
 * How a module is made.
 *
 * @since 0.1.0
 */
export interface ModuleOptions {
  /** What the ontology is that of, for the first line: the name of a project. */
  readonly of?: string | undefined
  /** Whether required questions may be left to the annotators; default false. */
  readonly incomplete?: boolean | undefined
}

type Category = Tool | Classification | Relation

const given = (text: string | null | undefined): string | undefined =>
  text == null || text === "" ? undefined : text

const isNamed = ({ schemaId, title }: Category): boolean => (given(schemaId) ?? given(title)) !== undefined

// A pair, or none: fields that say nothing are left out of the module.
const field = <Name extends string>(name: Name, value: unknown) =>
  value == null || value === false || value === "" || (Array.isArray(value) && value.length === 0)
    ? {}
    : { [name]: value }

// What decides about an answer; colours and shortcuts would only make the module change when they do.
const decisive = (category: Category): object => ({
  ...field("schemaId", category.schemaId),
  tool: category.tool,
  ...field("title", category.title),
  ...field("required", category.required),
  ...(category.multiple == null ? {} : { multiple: category.multiple }),
  ...field("options", optionsOf(category)),
  ...field("classifications", (category.classifications ?? []).map(decisiveQuestion))
})

const decisiveQuestion = (question: Classification): object => ({
  ...decisive(question),
  ...field("parentOptionId", question.parentOptionId),
  ...field("regex", question.regex),
  ...field("richText", question.richText)
})

const optionsOf = (category: Category): ReadonlyArray<{ readonly value: string }> => {
  const tree = "treeOptions" in category ? flattenTree(category.treeOptions ?? []) : []
  // A tree has each of its nodes among the options as well.
  const options = new Map(
    [...(category.options ?? []), ...tree].map(({ schemaId, value }) => {
      const option = { value, ...field("schemaId", schemaId) }
      return [JSON.stringify(option), option] as const
    })
  )
  return [...options.values()]
}

const isList = (kind: string) => ["checkbox", "multi-dropdown", "rank", "tree-dropdown"].includes(kind)

const isOne = (kind: string) => ["radio", "single-dropdown"].includes(kind)

const union = (types: ReadonlyArray<string>): string =>
  types.length === 0 ? "never" : [...new Set(types)].join(" | ")

interface Writer {
  readonly lines: Array<string>
  readonly nameFor: (wanted: string) => string
  readonly isComplete: boolean
  /** Types that the module needs, beside those that every one does: titles may read like their names. */
  readonly needed: Set<string>
}

const anyAnswer = "Annotation.AnswerValue"

const answerOf = ({ multiple, tool }: Classification, options: string): string => {
  if (isList(tool)) return `ReadonlyArray<${options}>`
  if (isOne(tool)) return multiple === true ? `${options} | ReadonlyArray<${options}>` : options
  if (tool === "text") return "string"
  return tool === "boolean" ? `boolean | "true" | "false" | ${options}` : anyAnswer
}

const isAlwaysRequired = ({ parentOptionId, required }: Classification): boolean =>
  required === true && given(parentOptionId) === undefined

// The type of the questions in one place, and whether one of them must be answered.
const nested = (
  writer: Writer,
  questions: ReadonlyArray<Classification>,
  path: string,
  within: string
): string => {
  const named = questions.filter(isNamed)
  const names = named.map((question) => writeQuestion(writer, question, path, within))
  const must = writer.isComplete && named.some(isAlwaysRequired)
  return names.length === 0 ? "" : `, ${union(names)}${must ? ", true" : ""}`
}

const described = (what: string, category: Category, within: string): string =>
  `${what} ${inComment(given(category.title) ?? given(category.schemaId) ?? "")}${within}`

// The constant that names a class, and the type of its name.
const writeName = ({ lines }: Writer, name: string, category: Category, what: string): string => {
  const id = given(category.schemaId)
  const title = given(category.title)
  lines.push(
    `/** ${what} (${inComment(category.tool).slice(1, -1)}), by its ${id === undefined ? "title" : "schemaId"}. */`
  )
  lines.push(`export const ${name} = ${literal(id ?? title ?? "")}`)
  const optional = title === undefined ? "" : `; readonly title?: ${literal(title)}`
  return id === undefined
    ? `{ readonly title: typeof ${name} }`
    : `{ readonly schemaId: typeof ${name}${optional} }`
}

const writeQuestion = (writer: Writer, question: Classification, path: string, within: string): string => {
  const { lines, nameFor } = writer
  const name = nameFor(`${path}${wordsOf(question.title ?? "") || "Question"}`)
  const what = described("Question", question, within)
  const questions = nested(
    writer,
    question.classifications ?? [],
    name,
    ` behind ${described("question", question, "")}`
  )
  const named = writeName(writer, name, question, what)
  const values = [...new Set(optionsOf(question).map(({ value }) => literal(value)))]
  const options = values.length === 0 ? "never" : nameFor(`${name}Option`)
  if (values.length > 0) {
    lines.push(`/** The options of ${what.charAt(0).toLowerCase()}${what.slice(1)}. */`)
    lines.push(`export type ${options} =\n  | ${values.join("\n  | ")}`)
  }
  const answer = answerOf(question, options)
  if (answer === anyAnswer) writer.needed.add("Annotation")
  lines.push(
    `export type ${name} = Ontology.ClassificationOf<${named}, ${literal(question.tool)}, ${answer}${questions}>`,
    ""
  )
  return name
}

const writeClass = (
  writer: Writer,
  type: "ObjectOf" | "RelationOf",
  what: "Tool" | "Relation",
  category: Tool | Relation
): string => {
  const name = writer.nameFor(wordsOf(category.title ?? "") || what)
  const within = ` of ${described(what.toLowerCase(), category, "")}`
  const questions = nested(writer, category.classifications ?? [], name, within)
  const named = writeName(writer, name, category, described(what, category, ""))
  writer.lines.push(
    `export type ${name} = Ontology.${type}<${named}, ${literal(category.tool)}${questions}>`,
    ""
  )
  return name
}

// Names that the module itself has, or uses.
const reserved = [
  ...["Annotation", "CategorySchema", "LabelImport", "Ontology", "ReadonlyArray", "Pick"],
  ...["Tool", "Question", "Relation", "Answer", "Entry"]
]

/**
 * The text of a TypeScript module that holds the classes of an ontology as types, so that a program that makes
 * pre-labels of it is checked by the compiler: a misspelt class, an option that its question does not have or a
 * geometry of another tool does not compile.
 *
 * For each class, nested questions too, it has a constant with its schemaId and a type, both called by the title, and
 * the union of its options; then `Answer`, a type and a schema (as `Ontology.answerSchema`), `Entry`, what
 * `Annotations.importLabels` takes, and `ontology`, what of it decides about answers. The same ontology gives the same
 * text; whatever its titles and options hold, they stay texts. Classes without schemaId and title are left out.
 *
 * @example
 * ```ts
 * import { Ontology, Projects } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const moduleOf = (projectId: string) =>
 *   Effect.map(
 *     Effect.flatMap(Projects, (projects) => projects.get(projectId)),
 *     ({ categorySchema, name }) => Ontology.toModule(categorySchema ?? {}, { of: name })
 *   )
 * ```
 *
 * @since 0.1.0
 */
export const toModule = (schema: CategorySchema, options: ModuleOptions = {}): string => {
  const { incomplete = false, of } = options
  const lines: Array<string> = []
  const needed = new Set<string>()
  const writer = { lines, nameFor: namer(reserved), isComplete: !incomplete, needed }
  const tools = (schema.tools ?? []).filter(isNamed)
  const questions = (schema.classifications ?? []).filter(isNamed)
  const relations = (schema.relations ?? []).filter(isNamed)
  const objectTypes = tools.map((tool) => writeClass(writer, "ObjectOf", "Tool", tool))
  const questionTypes = questions.map((question) => writeQuestion(writer, question, "", ""))
  const relationTypes = relations.map((relation) => writeClass(writer, "RelationOf", "Relation", relation))
  const must = writer.isComplete && questions.some(isAlwaysRequired)
  const decisiveParts = {
    tools: tools.map(decisive),
    classifications: questions.map(decisiveQuestion),
    relations: relations.map(decisive)
  }
  return `// The ontology${of === undefined ? "" : ` of ${inComment(of)}`} as types.
// Made by Ontology.toModule of effect-ango: when the ontology changes, make it again instead of editing it.
import { ${Array.from(needed, (name) => `type ${name}, `).join("")}type CategorySchema, type LabelImport, Ontology } from "effect-ango"

${lines.join("\n")}
/** An object of any of the tools. */
export type Tool = ${union(objectTypes)}

/** An answer to any of the questions that are not nested. */
export type Question = ${union(questionTypes)}

/** A relation of any kind. */
export type Relation = ${union(relationTypes)}

/** What of the ontology decides about answers. */
export const ontology: CategorySchema.CategorySchema = ${expression(decisiveParts)}

/** An answer that the ontology allows. */
export interface Answer {
  readonly tools?: ReadonlyArray<Tool>
  readonly classifications${must ? "" : "?"}: ReadonlyArray<Question>
  readonly relations?: ReadonlyArray<Relation>
}

/** The same as a schema, which sees what types cannot. */
export const Answer = Ontology.answerSchema<Answer>(ontology${incomplete ? ", { incomplete: true }" : ""})

/** An answer for one asset, as an import takes it. */
export type Entry = Answer &
  Pick<LabelImport.LabelImport, "externalId" | "data" | "brushDataUrl" | "medicalBrushDataUrl">
`
}
