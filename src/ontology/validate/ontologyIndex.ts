// An ontology indexed by schemaId and title: built once, used for any number of answers.
import * as Option from "effect/Option"
import type {
  CategorySchema,
  LabelOption,
  Relation,
  Classification as SchemaClassification,
  Tool
} from "../../schemas/CategorySchema.js"
import { flattenTree } from "../../schemas/optionTree.js"

/** A class of the ontology: what tools, classifications and relations have in common. */
export interface Class {
  readonly kind: string
  readonly schemaId: string | undefined
  readonly title: string | undefined
  /** The nested classifications. */
  readonly classifications: Scope<Classification>
}

/** The options of a classification. */
export interface Options {
  readonly byId: ReadonlyMap<string, LabelOption>
  /** More than one option per value only where the ontology repeats a value. */
  readonly byValue: ReadonlyMap<string, ReadonlyArray<LabelOption>>
}

/** A classification (a question), and which answers it accepts. */
export interface Classification extends Class {
  /** Whether it must be answered wherever it is shown. */
  readonly isRequired: boolean
  readonly isMultiple: boolean | undefined
  readonly options: Options
  /** What a text must match; `undefined` when there is no regex, or when JavaScript cannot compile it. */
  readonly pattern: RegExp | undefined
  /** The option of the enclosing classification that reveals this one; `undefined` when it is always shown. */
  readonly parentOption: { readonly id: string; readonly value: string } | undefined
}

/** The classes that can be used in one place, in the order of the ontology. */
export interface Scope<A extends Class> {
  /** `tool`, `classification` or `relation`. */
  readonly noun: string
  readonly all: ReadonlyArray<A>
  readonly byId: ReadonlyMap<string, A>
  readonly byTitle: ReadonlyMap<string, ReadonlyArray<A>>
}

/** An indexed ontology. */
export interface OntologyIndex {
  readonly tools: Scope<Class>
  readonly classifications: Scope<Classification>
  readonly relations: Scope<Class>
  /** The class that each schemaId belongs to, in words. */
  readonly definitions: ReadonlyMap<string, string>
}

const nonEmpty = (text: string | null | undefined): string | undefined =>
  text == null || text === "" ? undefined : text

/** The name of a class in messages: its title, or its schemaId. */
export const nameOf = ({ schemaId, title }: Pick<Class, "schemaId" | "title">): string =>
  title ?? schemaId ?? ""

const groupBy = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string | undefined) => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

const firstOfEach = <A>(groups: ReadonlyMap<string, ReadonlyArray<A>>): ReadonlyMap<string, A> =>
  new Map(Array.from(groups, ([key, [first]]) => [key, first as A] as const))

const makeScope = <A extends Class>(noun: string, all: ReadonlyArray<A>): Scope<A> => ({
  noun,
  all,
  byId: firstOfEach(groupBy(all, ({ schemaId }) => schemaId)),
  byTitle: groupBy(all, ({ title }) => title)
})

const indexOptions = ({ options, treeOptions }: SchemaClassification): Options => {
  // The hub lists the nodes of a tree among the options, too.
  const all = [...(options ?? []), ...flattenTree(treeOptions ?? [])]
  const unique = new Map(all.map((option) => [JSON.stringify([option.schemaId ?? "", option.value]), option]))
  const distinct = [...unique.values()]
  return {
    byId: firstOfEach(groupBy(distinct, ({ schemaId }) => nonEmpty(schemaId))),
    byValue: groupBy(distinct, ({ value }) => value)
  }
}

const compilePattern = ({ regex, richText }: SchemaClassification): RegExp | undefined =>
  // A rich text is HTML; the regex is for the text between its tags.
  richText === true || nonEmpty(regex) === undefined
    ? undefined
    : Option.getOrUndefined(Option.liftThrowable(() => new RegExp(regex ?? ""))())

const indexClassifications = (
  classifications: ReadonlyArray<SchemaClassification> | null | undefined,
  enclosing?: Options
): Scope<Classification> =>
  makeScope(
    "classification",
    (classifications ?? []).map((classification) => {
      const options = indexOptions(classification)
      const parentOptionId = nonEmpty(classification.parentOptionId)
      // The option may belong to another classification: then nothing says when this one is shown, and it is optional.
      const parent = parentOptionId === undefined ? undefined : enclosing?.byId.get(parentOptionId)
      return {
        kind: classification.tool,
        schemaId: nonEmpty(classification.schemaId),
        title: nonEmpty(classification.title),
        classifications: indexClassifications(classification.classifications, options),
        isRequired:
          classification.required === true && (parentOptionId === undefined || parent !== undefined),
        isMultiple: classification.multiple ?? undefined,
        options,
        pattern: compilePattern(classification),
        parentOption:
          parentOptionId === undefined || parent === undefined
            ? undefined
            : { id: parentOptionId, value: parent.value }
      }
    })
  )

const toClass = ({ classifications, schemaId, title, tool }: Tool | Relation): Class => ({
  kind: tool,
  schemaId: nonEmpty(schemaId),
  title: nonEmpty(title),
  classifications: indexClassifications(classifications)
})

const describeDefinitions = (scopes: ReadonlyArray<Scope<Class>>): ReadonlyMap<string, string> => {
  const definitions = new Map<string, string>()
  const visit = ({ all, noun }: Scope<Class>, owner: string): void => {
    for (const one of all) {
      const name = JSON.stringify(nameOf(one))
      const definition = owner === "" ? `the ${noun} ${name}` : `the ${noun} ${name} of ${owner}`
      if (one.schemaId !== undefined && !definitions.has(one.schemaId)) {
        definitions.set(one.schemaId, definition)
      }
      visit(one.classifications, name)
    }
  }
  for (const scope of scopes) visit(scope, "")
  return definitions
}

/** Indexes an ontology. */
export const indexOntology = (schema: CategorySchema): OntologyIndex => {
  const tools = makeScope("tool", (schema.tools ?? []).map(toClass))
  const classifications = indexClassifications(schema.classifications)
  const relations = makeScope("relation", (schema.relations ?? []).map(toClass))
  return {
    tools,
    classifications,
    relations,
    definitions: describeDefinitions([tools, classifications, relations])
  }
}
