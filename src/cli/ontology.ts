/**
 * `npm run ontology`: the ontology of a project as a TypeScript module.
 *
 * @since 0.1.0
 */
import { parseArgs } from "node:util"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as FileSystem from "@effect/platform/FileSystem"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Ango from "../Ango.js"
import * as Ontology from "../ontology/Ontology.js"
import { Projects } from "../services/Projects.js"

class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

class WriteFailed extends Data.TaggedError("WriteFailed")<{ readonly message: string }> {}

const usage = `Writes the ontology of a project as a TypeScript module, so that the compiler checks pre-labels.

  npm run ontology -- <projectId> [flags]

  --out FILE    where to, in place of what is there; default standard output
                (after npm run --silent: npm writes words of its own there)
  --incomplete  required questions may be left to the annotators
  --help        this text

The hub is that of ANGO_REGION or ANGO_BASE_URL, the key ANGO_API_KEY.
Exit codes: 0 written, 1 the hub or the file refused, 2 unusable arguments.
`

const parsed = Effect.try({
  try: () =>
    parseArgs({
      allowPositionals: true,
      options: {
        out: { type: "string" },
        incomplete: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    }),
  catch: (cause) => new UsageError({ message: cause instanceof Error ? cause.message : "unusable flags" })
})

const write = (file: string, text: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(file, text)).pipe(
    Effect.mapError(
      (error) => new WriteFailed({ message: `${JSON.stringify(file)} was not written: ${error.message}` })
    )
  )

// What is wrong with standard output (nobody reads it, the disk is full) is an event as well, which nobody else hears.
const print = (text: string) =>
  Effect.async<void, WriteFailed>((resume) => {
    process.stdout.on("error", () => {})
    process.stdout.write(text, (error) =>
      resume(
        error == null
          ? Effect.void
          : new WriteFailed({ message: `Standard output was not written: ${error.message}` })
      )
    )
  })

const main = Effect.gen(function* () {
  const { positionals, values } = yield* parsed
  if (values.help) return yield* Console.log(usage)
  const [projectId, ...others] = positionals
  if (projectId === undefined || others.length > 0) {
    return yield* new UsageError({ message: "Give the id of one project." })
  }
  const { categorySchema, name } = yield* Effect.flatMap(Projects, (projects) =>
    projects.get(projectId)
  ).pipe(Effect.provide(Ango.layerConfig()), Effect.provide(FetchHttpClient.layer))
  const text = Ontology.toModule(categorySchema ?? {}, { of: name, incomplete: values.incomplete })
  if (values.out === undefined) return yield* print(text)
  yield* write(values.out, text)
  return yield* Console.error(`the ontology of ${JSON.stringify(name)} is in ${values.out}`)
})

// Whatever was wrong, it is said in words, and the shell is told.
const end = (code: number, message: string) =>
  Effect.zipRight(
    Console.error(message),
    Effect.sync(() => {
      process.exitCode = code
    })
  )

main.pipe(
  Effect.catchTag("UsageError", ({ message }) => end(2, `${message}\n\n${usage}`)),
  Effect.catchAll(({ message }) => end(1, message)),
  Effect.provide(NodeContext.layer),
  (effect) => NodeRuntime.runMain(effect)
)
