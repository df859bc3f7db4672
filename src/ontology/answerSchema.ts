/**
 * A schema of the answers that an ontology allows.
 *
 * @since 0.1.0
 */
import type * as Schema from "effect/Schema"
import type { AnswerInput } from "../schemas/Annotation.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import { checkedBy } from "../schemas/parseIssue.js"
import { generateAnswers } from "./validate/answerGenerator.js"
import { type CheckOptions, checkAnswerInput } from "./validate/entryCheck.js"
import { formatMistake, pathKeys } from "./validate/mistake.js"
import { indexOntology } from "./validate/ontologyIndex.js"

/**
 * Makes a schema of the answers that an ontology allows: objects of its tools with the geometry of their tool, options
 * that exist, and an answer to every required classification (unless `incomplete`). It checks what `Labels.check`
 * checks and returns valid values unchanged, unknown fields included. An error names the path, what was found, what is
 * expected, and a suggestion; with the parse option `errors: "all"`, for every mistake.
 *
 * `Arbitrary.make` generates random valid answers from it.
 *
 * `Answer` is the type of its values. Set it only to a type made from the same ontology, as the modules of
 * `Ontology.toModule` do.
 *
 * @example
 * ```ts
 * import { Ontology, Projects } from "effect-ango"
 * import { Effect, Schema } from "effect"
 *
 * // Validates a prediction of a model against the ontology of a project.
 * const read = (projectId: string, prediction: unknown) =>
 *   Effect.gen(function*() {
 *     const { categorySchema } = yield* (yield* Projects).get(projectId)
 *     return yield* Schema.decodeUnknown(Ontology.answerSchema(categorySchema ?? {}))(prediction)
 *   })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const answerSchema = <Answer extends AnswerInput = AnswerInput>(
  ontology: CategorySchema,
  options: CheckOptions = {}
): Schema.Schema<Answer> => {
  const index = indexOntology(ontology)
  return checkedBy<Answer>(
    (input) =>
      checkAnswerInput(index, input, options).mistakes.map((mistake) => ({
        path: pathKeys(mistake.path),
        expected: formatMistake(mistake)
      })),
    { identifier: "AnswerOfOntology", arbitrary: () => generateAnswers<Answer>(index) }
  )
}
