/**
 * `npm run ontology`: writes the ontology of a project as a TypeScript module.
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

const usage = `Writes the ontology of a project as a TypeScript module, with which the compiler checks pre-labels.

  npm run ontology -- <projectId> [flags]

  --out FILE    file to write or overwrite; default standard output
                (with npm run --silent, because npm prints to it as well)
  --incomplete  allow pre-labels that leave out required questions
  --help        print this text

Environment: ANGO_API_KEY, and ANGO_REGION or ANGO_BASE_URL.
Exit codes: 0 success, 1 the API call or writing the file failed, 2 invalid arguments.
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
  catch: (cause) => new UsageError({ message: cause instanceof Error ? cause.message : "invalid flags" })
})

const write = (file: string, text: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.writeFileString(file, text)).pipe(
    Effect.mapError(
      (error) => new WriteFailed({ message: `Cannot write ${JSON.stringify(file)}: ${error.message}` })
    )
  )

// A failed write (closed pipe, full disk) also emits an "error" event, which would crash the process without a listener.
const print = (text: string) =>
  Effect.async<void, WriteFailed>((resume) => {
    process.stdout.on("error", () => {})
    process.stdout.write(text, (error) =>
      resume(
        error == null
          ? Effect.void
          : new WriteFailed({ message: `Cannot write to standard output: ${error.message}` })
      )
    )
  })

const main = Effect.gen(function* () {
  const { positionals, values } = yield* parsed
  if (values.help) return yield* Console.log(usage)
  const [projectId, ...others] = positionals
  if (projectId === undefined || others.length > 0) {
    return yield* new UsageError({ message: "Expected one argument, the project id." })
  }
  const { categorySchema, name } = yield* Effect.flatMap(Projects, (projects) =>
    projects.get(projectId)
  ).pipe(Effect.provide(Ango.layerConfig()), Effect.provide(FetchHttpClient.layer))
  const text = Ontology.toModule(categorySchema ?? {}, { of: name, incomplete: values.incomplete })
  if (values.out === undefined) return yield* print(text)
  yield* write(values.out, text)
  return yield* Console.error(`Wrote the ontology of ${JSON.stringify(name)} to ${values.out}.`)
})

const failWith = (code: number, message: string) =>
  Effect.zipRight(
    Console.error(message),
    Effect.sync(() => {
      process.exitCode = code
    })
  )

main.pipe(
  Effect.catchTag("UsageError", ({ message }) => failWith(2, `${message}\n\n${usage}`)),
  Effect.catchAll(({ message }) => failWith(1, message)),
  Effect.provide(NodeContext.layer),
  (effect) => NodeRuntime.runMain(effect)
)
