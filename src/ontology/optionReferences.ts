/**
 * Converts between the two ways to name an option in an answer: stored answers hold its schemaId, import files and
 * exports its value (docs/api-notes.md#option-answers).
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import type { Answer } from "../schemas/Answer.js"
import type {
  CategorySchema,
  Classification as SchemaClassification,
  TreeOption
} from "../schemas/CategorySchema.js"
import { flattenTree } from "../schemas/optionTree.js"

type Fields = Readonly<Record<string, unknown>>

interface Option {
  readonly id: string
  readonly value: string
}

interface Classification {
  readonly schemaId: string
  readonly title: string
  readonly options: ReadonlyArray<Option>
}

// A node without a key has no id.
const treeOptions = (nodes: ReadonlyArray<TreeOption>): ReadonlyArray<Option> =>
  flattenTree(nodes).flatMap(({ schemaId, value }) => (schemaId == null ? [] : [{ id: schemaId, value }]))

const flattenClassifications = (
  classifications: ReadonlyArray<SchemaClassification>
): ReadonlyArray<Classification> =>
  classifications.flatMap((classification) => [
    {
      schemaId: classification.schemaId ?? "",
      title: classification.title ?? "",
      options: [
        ...(classification.options ?? []).map(({ schemaId, value }) => ({ id: schemaId ?? value, value })),
        ...treeOptions(classification.treeOptions ?? [])
      ]
    },
    ...flattenClassifications(classification.classifications ?? [])
  ])

const allClassifications = (schema: CategorySchema): ReadonlyArray<Classification> =>
  flattenClassifications([
    ...(schema.classifications ?? []),
    ...(schema.tools ?? []).flatMap(({ classifications }) => classifications ?? []),
    ...(schema.relations ?? []).flatMap(({ classifications }) => classifications ?? [])
  ])

type Rename = (text: string, options: ReadonlyArray<Option>) => string

const translate = (rename: Rename, answer: Answer, schema: CategorySchema): Answer => {
  const classifications = allClassifications(schema)
  const byId = new Map(classifications.map((one) => [one.schemaId, one]))
  const byTitle = new Map(classifications.map((one) => [one.title, one]))

  const translateAnswer = (item: Fields): unknown => {
    const { answer, schemaId, title } = item
    const classification =
      typeof schemaId === "string" && schemaId !== ""
        ? byId.get(schemaId)
        : typeof title === "string"
          ? byTitle.get(title)
          : undefined
    if (classification === undefined || classification.options.length === 0) return answer
    const translateText = (text: unknown) =>
      typeof text === "string" ? rename(text, classification.options) : text
    return Array.isArray(answer) ? answer.map(translateText) : translateText(answer)
  }

  const translateItem = <A>(item: A): A => {
    if (!Predicate.isRecord(item)) return item
    const { classifications } = item
    return {
      ...item,
      ...("answer" in item ? { answer: translateAnswer(item) } : {}),
      ...(Array.isArray(classifications) ? { classifications: classifications.map(translateItem) } : {})
    }
  }

  return {
    ...answer,
    ...(answer.tools == null ? {} : { tools: answer.tools.map(translateItem) }),
    ...(answer.classifications == null ? {} : { classifications: answer.classifications.map(translateItem) }),
    ...(answer.relations == null ? {} : { relations: answer.relations.map(translateItem) })
  }
}

/**
 * Replaces the schemaIds of options in an answer by their values, for people to read. Other texts, such as free text
 * and the ids of deleted options, are unchanged.
 *
 * @category utilities
 * @since 0.1.0
 */
export const toOptionValues = (answer: Answer, schema: CategorySchema): Answer =>
  translate((text, options) => options.find(({ id }) => id === text)?.value ?? text, answer, schema)

/**
 * Replaces the values of options in an answer by their schemaIds, as the hub stores them. Other texts are unchanged.
 *
 * @category utilities
 * @since 0.1.0
 */
export const toOptionIds = (answer: Answer, schema: CategorySchema): Answer =>
  translate(
    (text, options) =>
      (options.find(({ id }) => id === text) ?? options.find(({ value }) => value === text))?.id ?? text,
    answer,
    schema
  )
