/**
 * The answers that an ontology allows, as a schema.
 *
 * @since 0.1.0
 */
import type * as Schema from "effect/Schema"
import type { AnswerInput } from "../schemas/Annotation.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import { checkedBy } from "../schemas/parseIssue.js"
import { type CheckOptions, checkAnswerOf } from "./validate/entryCheck.js"
import { keysOf, sentence } from "./validate/finding.js"
import { classesOf } from "./validate/ontologyIndex.js"
import { answers } from "./validate/randomAnswer.js"

/**
 * A schema of exactly the answers that an ontology allows: objects of its tools, drawn with the tool of their class,
 * options that its questions have, and no required question left open (with `incomplete`, any). A value that fits is
 * given as it is; of one that does not, an error names every place (with the parse option `errors: "all"`), what is
 * there, and which title or option may have been meant. Fields that nobody knows are kept.
 *
 * `Answer` is the type of its values. Say another one only when it is made from this ontology, as modules of
 * `Ontology.toModule` do.
 *
 * @example
 * ```ts
 * import { Ontology, Projects } from "effect-ango"
 * import { Effect, Schema } from "effect"
 *
 * // Predictions as some model writes them, held to the project's ontology.
 * const read = (projectId: string, prediction: unknown) =>
 *   Effect.gen(function*() {
 *     const { categorySchema } = yield* (yield* Projects).get(projectId)
 *     return yield* Schema.decodeUnknown(Ontology.answerSchema(categorySchema ?? {}))(prediction)
 *   })
 * ```
 *
 * @since 0.1.0
 */
export const answerSchema = <Answer extends AnswerInput = AnswerInput>(
  ontology: CategorySchema,
  options: CheckOptions = {}
): Schema.Schema<Answer> => {
  const classes = classesOf(ontology)
  return checkedBy<Answer>(
    (input) =>
      checkAnswerOf(classes, input, options).findings.map((finding) => ({
        path: keysOf(finding.place),
        expected: sentence(finding)
      })),
    { identifier: "AnswerOfOntology", arbitrary: () => answers<Answer>(classes) }
  )
}
