/**
 * Generates TypeScript modules with the classes of an ontology as types.
 *
 * @since 0.1.0
 */
import type { CategorySchema, Classification, Relation, Tool } from "../schemas/CategorySchema.js"
import { flattenTree } from "../schemas/optionTree.js"
import { makeNamer, toIdentifier } from "./module/names.js"
import { commentLiteral, expression, stringLiteral } from "./module/sourceText.js"

/**
 * Options of a generated module.
 *
 * @category options
 * @since 0.1.0
 */
export interface ModuleOptions {
  /** The name of the project that the ontology belongs to, for the first line of the module. */
  readonly of?: string | undefined
  /** Whether required classifications may be left to the annotators; default false. */
  readonly incomplete?: boolean | undefined
}

type Category = Tool | Classification | Relation

const nonEmpty = (text: string | null | undefined): string | undefined =>
  text == null || text === "" ? undefined : text

const isNamed = ({ schemaId, title }: Category): boolean =>
  (nonEmpty(schemaId) ?? nonEmpty(title)) !== undefined

// Fields that are empty or false are left out of the module.
const field = <Name extends string>(name: Name, value: unknown) =>
  value == null || value === false || value === "" || (Array.isArray(value) && value.length === 0)
    ? {}
    : { [name]: value }

// The fields that decide which answers are valid. Colors and shortcuts are left out: they would only cause changes of
// the module.
const validationFields = (category: Category): object => ({
  ...field("schemaId", category.schemaId),
  tool: category.tool,
  ...field("title", category.title),
  ...field("required", category.required),
  ...(category.multiple == null ? {} : { multiple: category.multiple }),
  ...field("options", optionsOf(category)),
  ...field("classifications", (category.classifications ?? []).map(classificationFields))
})

const classificationFields = (classification: Classification): object => ({
  ...validationFields(classification),
  ...field("parentOptionId", classification.parentOptionId),
  ...field("regex", classification.regex),
  ...field("richText", classification.richText)
})

const optionsOf = (category: Category): ReadonlyArray<{ readonly value: string }> => {
  const tree = "treeOptions" in category ? flattenTree(category.treeOptions ?? []) : []
  // The hub lists the nodes of a tree among the options, too.
  const options = new Map(
    [...(category.options ?? []), ...tree].map(({ schemaId, value }) => {
      const option = { value, ...field("schemaId", schemaId) }
      return [JSON.stringify(option), option] as const
    })
  )
  return [...options.values()]
}

const takesList = (kind: string) => ["checkbox", "multi-dropdown", "rank", "tree-dropdown"].includes(kind)

const takesOne = (kind: string) => ["radio", "single-dropdown"].includes(kind)

const union = (types: ReadonlyArray<string>): string =>
  types.length === 0 ? "never" : [...new Set(types)].join(" | ")

interface Writer {
  readonly lines: Array<string>
  readonly nameFor: (preferred: string) => string
  readonly isComplete: boolean
  /** Types to import besides those that every module imports. */
  readonly imports: Set<string>
}

const anyAnswer = "Annotation.AnswerValue"

const answerType = ({ multiple, tool }: Classification, options: string): string => {
  if (takesList(tool)) return `ReadonlyArray<${options}>`
  if (takesOne(tool)) return multiple === true ? `${options} | ReadonlyArray<${options}>` : options
  if (tool === "text") return "string"
  return tool === "boolean" ? `boolean | "true" | "false" | ${options}` : anyAnswer
}

const isAlwaysRequired = ({ parentOptionId, required }: Classification): boolean =>
  required === true && nonEmpty(parentOptionId) === undefined

// The type arguments for nested classifications: their union, and `true` when one of them is required.
const nestedArguments = (
  writer: Writer,
  classifications: ReadonlyArray<Classification>,
  prefix: string,
  owner: string
): string => {
  const named = classifications.filter(isNamed)
  const names = named.map((classification) => writeClassification(writer, classification, prefix, owner))
  const isRequired = writer.isComplete && named.some(isAlwaysRequired)
  return names.length === 0 ? "" : `, ${union(names)}${isRequired ? ", true" : ""}`
}

const describe = (noun: string, category: Category, owner: string): string =>
  `${noun} ${commentLiteral(nonEmpty(category.title) ?? nonEmpty(category.schemaId) ?? "")}${owner}`

// Writes the constant with the id of a class, and returns the type that names the class.
const writeName = ({ lines }: Writer, name: string, category: Category, description: string): string => {
  const id = nonEmpty(category.schemaId)
  const title = nonEmpty(category.title)
  lines.push(
    `/** ${description} (${commentLiteral(category.tool).slice(1, -1)}), by its ${id === undefined ? "title" : "schemaId"}. */`
  )
  lines.push(`export const ${name} = ${stringLiteral(id ?? title ?? "")}`)
  const optional = title === undefined ? "" : `; readonly title?: ${stringLiteral(title)}`
  return id === undefined
    ? `{ readonly title: typeof ${name} }`
    : `{ readonly schemaId: typeof ${name}${optional} }`
}

const writeClassification = (
  writer: Writer,
  classification: Classification,
  prefix: string,
  owner: string
): string => {
  const { lines, nameFor } = writer
  const name = nameFor(`${prefix}${toIdentifier(classification.title ?? "") || "Classification"}`)
  const description = describe("Classification", classification, owner)
  const nested = nestedArguments(
    writer,
    classification.classifications ?? [],
    name,
    ` nested in ${describe("classification", classification, "")}`
  )
  const nameType = writeName(writer, name, classification, description)
  const values = [...new Set(optionsOf(classification).map(({ value }) => stringLiteral(value)))]
  const options = values.length === 0 ? "never" : nameFor(`${name}Option`)
  if (values.length > 0) {
    lines.push(`/** The options of ${description.charAt(0).toLowerCase()}${description.slice(1)}. */`)
    lines.push(`export type ${options} =\n  | ${values.join("\n  | ")}`)
  }
  const answer = answerType(classification, options)
  if (answer === anyAnswer) writer.imports.add("Annotation")
  lines.push(
    `export type ${name} = Ontology.ClassificationOf<${nameType}, ${stringLiteral(classification.tool)}, ${answer}${nested}>`,
    ""
  )
  return name
}

const writeClass = (
  writer: Writer,
  type: "ObjectOf" | "RelationOf",
  noun: "Tool" | "Relation",
  category: Tool | Relation
): string => {
  const name = writer.nameFor(toIdentifier(category.title ?? "") || noun)
  const owner = ` of ${describe(noun.toLowerCase(), category, "")}`
  const nested = nestedArguments(writer, category.classifications ?? [], name, owner)
  const nameType = writeName(writer, name, category, describe(noun, category, ""))
  writer.lines.push(
    `export type ${name} = Ontology.${type}<${nameType}, ${stringLiteral(category.tool)}${nested}>`,
    ""
  )
  return name
}

// Names that the module exports or imports.
const reserved = [
  ...["Annotation", "CategorySchema", "LabelImport", "Ontology", "ReadonlyArray", "Pick"],
  ...["Tool", "Classification", "Relation", "Answer", "Entry"]
]

/**
 * Generates the text of a TypeScript module with the classes of an ontology as types, so that the compiler checks
 * programs that make pre-labels: a misspelled class, an unknown option or the geometry of another tool does not compile.
 *
 * For each class, including nested classifications, the module exports a constant with its schemaId and a type, both
 * named after the title, and the union of its options. It also exports `Answer`, a type and a schema (see
 * `Ontology.answerSchema`); `Entry`, the input of `Annotations.importLabels`; and `ontology`, the parts of the ontology
 * that decide which answers are valid. The same ontology gives the same text. Titles and options are escaped. Classes
 * without schemaId and title are left out.
 *
 * @example
 * ```ts
 * import { Ontology, Projects } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const generate = (projectId: string) =>
 *   Effect.map(
 *     Effect.flatMap(Projects, (projects) => projects.get(projectId)),
 *     ({ categorySchema, name }) => Ontology.toModule(categorySchema ?? {}, { of: name })
 *   )
 * ```
 *
 * @category utilities
 * @since 0.1.0
 */
export const toModule = (schema: CategorySchema, options: ModuleOptions = {}): string => {
  const { incomplete = false, of } = options
  const lines: Array<string> = []
  const imports = new Set<string>()
  const writer = { lines, nameFor: makeNamer(reserved), isComplete: !incomplete, imports }
  const tools = (schema.tools ?? []).filter(isNamed)
  const classifications = (schema.classifications ?? []).filter(isNamed)
  const relations = (schema.relations ?? []).filter(isNamed)
  const toolTypes = tools.map((tool) => writeClass(writer, "ObjectOf", "Tool", tool))
  const classificationTypes = classifications.map((one) => writeClassification(writer, one, "", ""))
  const relationTypes = relations.map((relation) => writeClass(writer, "RelationOf", "Relation", relation))
  const isRequired = writer.isComplete && classifications.some(isAlwaysRequired)
  const parts = {
    tools: tools.map(validationFields),
    classifications: classifications.map(classificationFields),
    relations: relations.map(validationFields)
  }
  return `// The ontology${of === undefined ? "" : ` of ${commentLiteral(of)}`} as types.
// Generated by Ontology.toModule of effect-ango. When the ontology changes, generate it again instead of editing it.
import { ${Array.from(imports, (name) => `type ${name}, `).join("")}type CategorySchema, type LabelImport, Ontology } from "effect-ango"

${lines.join("\n")}
/** An object of any of the tools. */
export type Tool = ${union(toolTypes)}

/** An answer to any of the classifications that are not nested. */
export type Classification = ${union(classificationTypes)}

/** A relation of any kind. */
export type Relation = ${union(relationTypes)}

/** The parts of the ontology that decide which answers are valid. */
export const ontology: CategorySchema.CategorySchema = ${expression(parts)}

/** An answer that the ontology allows. */
export interface Answer {
  readonly tools?: ReadonlyArray<Tool>
  readonly classifications${isRequired ? "" : "?"}: ReadonlyArray<Classification>
  readonly relations?: ReadonlyArray<Relation>
}

/** A schema of the same answers, which also checks what types cannot express. */
export const Answer = Ontology.answerSchema<Answer>(ontology${incomplete ? ", { incomplete: true }" : ""})

/** An answer for one asset, for Annotations.importLabels. */
export type Entry = Answer &
  Pick<LabelImport.LabelImport, "externalId" | "data" | "brushDataUrl" | "medicalBrushDataUrl">
`
}
