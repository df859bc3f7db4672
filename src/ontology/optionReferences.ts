/**
 * The two ways to name an option in an answer: stored answers have its schemaId, import files and exports its value
 * (docs/api-notes.md#option-answers).
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import type { Answer } from "../schemas/Answer.js"
import type { CategorySchema, Classification, TreeOption } from "../schemas/CategorySchema.js"
import { flattenTree } from "../schemas/optionTree.js"

type Fields = Readonly<Record<string, unknown>>

interface Option {
  readonly id: string
  readonly value: string
}

interface Question {
  readonly schemaId: string
  readonly title: string
  readonly options: ReadonlyArray<Option>
}

// A node without a key has no id to be named by.
const treeOptions = (nodes: ReadonlyArray<TreeOption>): ReadonlyArray<Option> =>
  flattenTree(nodes).flatMap(({ schemaId, value }) => (schemaId == null ? [] : [{ id: schemaId, value }]))

const questionsOf = (classifications: ReadonlyArray<Classification>): ReadonlyArray<Question> =>
  classifications.flatMap((question) => [
    {
      schemaId: question.schemaId ?? "",
      title: question.title ?? "",
      options: [
        ...(question.options ?? []).map(({ schemaId, value }) => ({ id: schemaId ?? value, value })),
        ...treeOptions(question.treeOptions ?? [])
      ]
    },
    ...questionsOf(question.classifications ?? [])
  ])

const allQuestions = (schema: CategorySchema): ReadonlyArray<Question> =>
  questionsOf([
    ...(schema.classifications ?? []),
    ...(schema.tools ?? []).flatMap(({ classifications }) => classifications ?? []),
    ...(schema.relations ?? []).flatMap(({ classifications }) => classifications ?? [])
  ])

type Rename = (text: string, options: ReadonlyArray<Option>) => string

const translate = (rename: Rename, answer: Answer, schema: CategorySchema): Answer => {
  const questions = allQuestions(schema)
  const byId = new Map(questions.map((question) => [question.schemaId, question]))
  const byTitle = new Map(questions.map((question) => [question.title, question]))

  const value = (item: Fields): unknown => {
    const { answer, schemaId, title } = item
    const question =
      typeof schemaId === "string" && schemaId !== ""
        ? byId.get(schemaId)
        : typeof title === "string"
          ? byTitle.get(title)
          : undefined
    if (question === undefined || question.options.length === 0) return answer
    const one = (text: unknown) => (typeof text === "string" ? rename(text, question.options) : text)
    return Array.isArray(answer) ? answer.map(one) : one(answer)
  }

  const walk = <A>(item: A): A => {
    if (!Predicate.isRecord(item)) return item
    const { classifications } = item
    return {
      ...item,
      ...("answer" in item ? { answer: value(item) } : {}),
      ...(Array.isArray(classifications) ? { classifications: classifications.map(walk) } : {})
    }
  }

  return {
    ...answer,
    ...(answer.tools == null ? {} : { tools: answer.tools.map(walk) }),
    ...(answer.classifications == null ? {} : { classifications: answer.classifications.map(walk) }),
    ...(answer.relations == null ? {} : { relations: answer.relations.map(walk) })
  }
}

/**
 * The answer with options named by their values, as people read them. What is no option of the ontology (a text, an
 * option that was deleted) stays as it is.
 *
 * @since 0.1.0
 */
export const toOptionValues = (answer: Answer, schema: CategorySchema): Answer =>
  translate((text, options) => options.find(({ id }) => id === text)?.value ?? text, answer, schema)

/**
 * The answer with options named by their schemaIds, as the hub stores them. What is no option of the ontology stays
 * as it is.
 *
 * @since 0.1.0
 */
export const toOptionIds = (answer: Answer, schema: CategorySchema): Answer =>
  translate(
    (text, options) =>
      (options.find(({ id }) => id === text) ?? options.find(({ value }) => value === text))?.id ?? text,
    answer,
    schema
  )
