// Copy the ontology of one project to a new one, and validate answers against both before anything is sent.
// `npm run ontology -- <projectId> --out classes.ts` writes its classes as TypeScript types.
//
//   npm run hub    # in another terminal; it prints what to set
//   ANGO_BASE_URL=… ANGO_API_KEY=… ANGO_PROJECT_ID=… npx tsx examples/15-copy-an-ontology.ts
//
// Prints: 3 tools and 2 questions
//         100 of 100 answers fit the copy
//         an answer of an unknown class is invalid
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Array, Config, Console, Effect, FastCheck, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { Ango, Annotations, Ontology, Projects } from "effect-ango"

const copyOntology = (from: string) =>
  Effect.gen(function* () {
    const [annotations, projects] = yield* Effect.all([Annotations, Projects])
    const { categorySchema, name } = yield* projects.get(from)
    const ontology = categorySchema ?? {}
    const copy = yield* projects.create({ name: `${name}, again` })
    yield* projects.copyLabelSet({ from, to: copy.id })
    yield* Console.log(
      `${ontology.tools?.length ?? 0} tools and ${ontology.classifications?.length ?? 0} questions`
    )

    // Answers that the old ontology allows, drawn from its schema: the new project must accept each of them.
    const answers = Ontology.answerSchema(ontology)
    const drawn = FastCheck.sample(Arbitrary.make(answers), { numRuns: 100, seed: 1 })
    const rows = drawn.map((answer, row) => ({ externalId: `${row}.jpg`, ...answer }))
    const [invalid, valid] = Array.separate(yield* annotations.validate(copy.id, rows))
    yield* Console.log(`${valid.length} of ${rows.length} answers fit the copy`)
    for (const { message } of invalid) yield* Console.error(message)

    const isAnswer = Schema.is(answers)
    const wrong = { tools: [{ title: "No such class", point: [1, 2] }] }
    yield* Console.log(`an answer of an unknown class is ${isAnswer(wrong) ? "valid" : "invalid"}`)
  })

Config.nonEmptyString("ANGO_PROJECT_ID").pipe(
  Effect.flatMap(copyOntology),
  Effect.provide(Ango.layerConfig()),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
