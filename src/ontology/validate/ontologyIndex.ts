// An ontology made ready for looking its classes up: once, for any number of answers.
import * as Option from "effect/Option"
import type {
  CategorySchema,
  Classification,
  LabelOption,
  Relation,
  Tool
} from "../../schemas/CategorySchema.js"
import { flattenTree } from "../../schemas/optionTree.js"

/** What tools, questions and relations have in common. */
export interface Class {
  readonly kind: string
  readonly schemaId: string | undefined
  readonly title: string | undefined
  readonly questions: Scope<Question>
}

/** The options of a question. */
export interface Options {
  readonly byId: ReadonlyMap<string, LabelOption>
  /** Those of one value; more than one only where the ontology has the same value twice. */
  readonly byValue: ReadonlyMap<string, ReadonlyArray<LabelOption>>
}

/** A question, and what it takes for an answer. */
export interface Question extends Class {
  /** Whether it must be answered wherever it is asked. */
  readonly isRequired: boolean
  readonly isMultiple: boolean | undefined
  readonly options: Options
  /** What a text must match; nothing when it is no regular expression of JavaScript's. */
  readonly pattern: RegExp | undefined
  /** The option of the question around it that reveals this one; nothing when it is always asked. */
  readonly revealedBy: string | undefined
}

/** The classes that may be named in one place, in the order of the ontology. */
export interface Scope<A extends Class> {
  /** What they are: `tool`, `question` or `relation`. */
  readonly noun: string
  readonly all: ReadonlyArray<A>
  readonly byId: ReadonlyMap<string, A>
  readonly byTitle: ReadonlyMap<string, ReadonlyArray<A>>
}

/** An ontology, made ready. */
export interface Classes {
  readonly tools: Scope<Class>
  readonly questions: Scope<Question>
  readonly relations: Scope<Class>
  /** What each schemaId is the id of, for those that stand in the wrong place. */
  readonly homes: ReadonlyMap<string, string>
}

const given = (text: string | null | undefined): string | undefined =>
  text == null || text === "" ? undefined : text

/** What a class is called in a message. */
export const nameOf = ({ schemaId, title }: Pick<Class, "schemaId" | "title">): string =>
  title ?? schemaId ?? ""

const grouped = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string | undefined) => {
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

const firsts = <A>(groups: ReadonlyMap<string, ReadonlyArray<A>>): ReadonlyMap<string, A> =>
  new Map(Array.from(groups, ([key, [first]]) => [key, first as A] as const))

const scope = <A extends Class>(noun: string, all: ReadonlyArray<A>): Scope<A> => ({
  noun,
  all,
  byId: firsts(grouped(all, ({ schemaId }) => schemaId)),
  byTitle: grouped(all, ({ title }) => title)
})

const optionsOf = ({ options, treeOptions }: Classification): Options => {
  // A tree has each of its nodes among the options as well.
  const all = [...(options ?? []), ...flattenTree(treeOptions ?? [])]
  const known = new Map(all.map((option) => [JSON.stringify([option.schemaId ?? "", option.value]), option]))
  const different = [...known.values()]
  return {
    byId: firsts(grouped(different, ({ schemaId }) => given(schemaId))),
    byValue: grouped(different, ({ value }) => value)
  }
}

const patternOf = ({ regex, richText }: Classification): RegExp | undefined =>
  // A rich text is HTML: what must match is in between its tags.
  richText === true || given(regex) === undefined
    ? undefined
    : Option.getOrUndefined(Option.liftThrowable(() => new RegExp(regex ?? ""))())

const questionsOf = (
  questions: ReadonlyArray<Classification> | null | undefined,
  around?: Options
): Scope<Question> =>
  scope(
    "question",
    (questions ?? []).map((question) => {
      const options = optionsOf(question)
      const by = given(question.parentOptionId)
      // What another question reveals may be asked, and nobody can say when it must be.
      const isKnown = by !== undefined && around?.byId.has(by) === true
      return {
        kind: question.tool,
        schemaId: given(question.schemaId),
        title: given(question.title),
        questions: questionsOf(question.classifications, options),
        isRequired: question.required === true && (by === undefined || isKnown),
        isMultiple: question.multiple ?? undefined,
        options,
        pattern: patternOf(question),
        revealedBy: isKnown ? by : undefined
      }
    })
  )

const classOf = ({ classifications, schemaId, title, tool }: Tool | Relation): Class => ({
  kind: tool,
  schemaId: given(schemaId),
  title: given(title),
  questions: questionsOf(classifications)
})

const homesOf = (scopes: ReadonlyArray<Scope<Class>>): ReadonlyMap<string, string> => {
  const homes = new Map<string, string>()
  const visit = ({ all, noun }: Scope<Class>, within: string): void => {
    for (const one of all) {
      const name = JSON.stringify(nameOf(one))
      const home = within === "" ? `the ${noun} ${name}` : `the ${noun} ${name} of ${within}`
      if (one.schemaId !== undefined && !homes.has(one.schemaId)) homes.set(one.schemaId, home)
      visit(one.questions, name)
    }
  }
  for (const one of scopes) visit(one, "")
  return homes
}

/** Makes an ontology ready. */
export const classesOf = (schema: CategorySchema): Classes => {
  const tools = scope("tool", (schema.tools ?? []).map(classOf))
  const questions = questionsOf(schema.classifications)
  const relations = scope("relation", (schema.relations ?? []).map(classOf))
  return { tools, questions, relations, homes: homesOf([tools, questions, relations]) }
}
