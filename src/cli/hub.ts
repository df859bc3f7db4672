/**
 * `npm run hub`: the embedded hub alone, for any client.
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

  --port N    the port; default 4010, 0 for a free one
  --seed N    the content: the same seed gives the same hub; default 1
  --tasks N   tasks of the first project; default 250
  --dialect D whose documents its answers follow: ${dialects.join(", ")};
              default ${dialects[0]}
  --help      this text
`

const dialectOf = (text: string) =>
  Option.match(
    Arr.findFirst(dialects, (known) => known === text),
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

const wholeNumber = (name: string, text: string) =>
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
  catch: (cause) => new UsageError({ message: cause instanceof Error ? cause.message : "unusable flags" })
})

const main = Effect.gen(function* () {
  const { help, ...given } = yield* flags
  if (help) return yield* Console.log(usage)
  const options = yield* Effect.all({
    port: wholeNumber("port", given.port),
    seed: wholeNumber("seed", given.seed),
    tasks: wholeNumber("tasks", given.tasks),
    dialect: dialectOf(given.dialect)
  })
  const hub = yield* Emulator.serve(options)
  const key = Redacted.value(hub.apiKey)
  const [first] = hub.projectIds
  yield* Console.log(`Ango Hub (embedded)

  ANGO_BASE_URL=${hub.baseUrl}
  ANGO_API_KEY=${key}

projects:`)
  for (const { project, tasks } of hub.state.projects.values()) {
    yield* Console.log(`  ${project._id}  ${project.name} (${tasks.length} tasks)`)
  }
  yield* Console.log(`
try:
  curl -H 'apikey: ${key}' '${hub.baseUrl}/project/${first}/tasks?limit=2'

Ctrl-C ends it.`)
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
