/**
 * `npm run hub`: serves the embedded hub over HTTP, for any client.
 *
 * @since 0.1.0
 */
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Arr from "effect/Array"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { Emulator } from "../emulator/Emulator.js"
import { dialects } from "../emulator/server/Dialect.js"

class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

const usage = `Serves an embedded Ango Hub on 127.0.0.1 until it is interrupted.

  --port N     port to listen on; default 4010, 0 for any free port
  --seed N     seed of the content; the same seed gives the same content; default 1
  --tasks N    number of tasks in the first project; default 250
  --dialect D  which documents the responses follow: ${dialects.join(", ")};
               default ${dialects[0]}
  --help       print this text
`

const parseDialect = (text: string) =>
  Option.match(
    Arr.findFirst(dialects, (dialect) => dialect === text),
    {
      onSome: Effect.succeed,
      onNone: () => {
        const allowed = `one of ${dialects.join(", ")}`
        return Effect.fail(
          new UsageError({ message: `--dialect takes ${allowed}, not ${JSON.stringify(text)}` })
        )
      }
    }
  )

const parseWholeNumber = (name: string, text: string) =>
  /^\d{1,7}$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(new UsageError({ message: `--${name} takes a whole number, not ${JSON.stringify(text)}` }))

const flags = Effect.try({
  try: () =>
    parseArgs({
      options: {
        port: { type: "string", default: "4010" },
        seed: { type: "string", default: "1" },
        tasks: { type: "string", default: "250" },
        dialect: { type: "string", default: "current" },
        help: { type: "boolean", default: false }
      }
    }).values,
  catch: (cause) => new UsageError({ message: cause instanceof Error ? cause.message : "invalid flags" })
})

const main = Effect.gen(function* () {
  const { help, ...values } = yield* flags
  if (help) return yield* Console.log(usage)
  const options = yield* Effect.all({
    port: parseWholeNumber("port", values.port),
    seed: parseWholeNumber("seed", values.seed),
    tasks: parseWholeNumber("tasks", values.tasks),
    dialect: parseDialect(values.dialect)
  })
  const hub = yield* Emulator.serve(options)
  const key = Redacted.value(hub.apiKey)
  const [first] = hub.projectIds
  yield* Console.log(`Ango Hub (embedded)

  ANGO_BASE_URL=${hub.baseUrl}
  ANGO_API_KEY=${key}

Projects:`)
  for (const { project, tasks } of hub.state.projects.values()) {
    yield* Console.log(`  ${project._id}  ${project.name} (${tasks.length} tasks)`)
  }
  yield* Console.log(`
Try:
  curl -H 'apikey: ${key}' '${hub.baseUrl}/project/${first}/tasks?limit=2'

Press Ctrl-C to stop.`)
  return yield* Effect.never
})

main.pipe(
  Effect.scoped,
  Effect.catchTags({
    UsageError: ({ message }) =>
      Effect.zipRight(Console.error(`${message}\n\n${usage}`), Effect.fail("usage")),
    ServeFailed: ({ message }) => Effect.zipRight(Console.error(message), Effect.fail("serve"))
  }),
  (effect) => NodeRuntime.runMain(effect, { disableErrorReporting: true })
)
