// Endpoints of exports, called with every documented query: one test per contradiction of the documents.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AngoTest, Emulator, type EmulatorOptions } from "effect-ango/emulator"
import * as AskHub from "../support/AskHub.js"
import { download, exportLink } from "../support/Downloads.js"
import { readZip } from "../support/ReadZip.js"

const { projectId } = AngoTest

const ask = (method: string, path: string, body?: unknown) => AskHub.askHub(`${method} ${path}`, body)

const batches = Effect.map(
  ask("GET", `/batches/${projectId}`),
  ({ data }) => data["batches"] as ReadonlyArray<{ readonly _id: string; readonly name: string }>
)

const withHub = <A, E>(test: Effect.Effect<A, E, Emulator>, options: EmulatorOptions = { tasks: 20 }) =>
  AskHub.withHub(test, options)

const query = (name: string, value: unknown) => `${name}=${encodeURIComponent(JSON.stringify(value))}`

describe("export-path, export-lists, export-flags: exports", () => {
  // The parameters that the hub decoded from equivalent queries.
  const understood = (parameters: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const { state } = yield* Emulator
      for (const one of parameters) {
        expect(yield* ask("GET", one)).toMatchObject({
          status: 200,
          data: { exportPath: expect.any(String) }
        })
      }
      return [...state.exports.values()]
    })

  it.effect("export-path: both paths respond alike", () =>
    withHub(
      Effect.gen(function* () {
        const [a, b] = yield* understood(
          ["/export", "/exportV3"].map((path) => `${path}?project=${projectId}`)
        )
        expect(a).toEqual({ project: projectId })
        expect(b).toEqual(a)
      })
    )
  )

  it.effect(
    "export-lists: stages and batches as JSON array, JSON text, comma-separated, or a single value",
    () =>
      withHub(
        Effect.gen(function* () {
          const [first] = yield* batches
          const found = yield* understood(
            [
              `${query("stage", ["Complete"])}&${query("batches", [first?._id])}`,
              `stage=${encodeURIComponent('"Complete"')}&batches=${first?._id}`,
              `stage=Complete&${query("batches", [first?._id])}`
            ].map((parameters) => `/export?project=${projectId}&${parameters}`)
          )
          expect(found).toEqual(
            Array.from({ length: 3 }, () => ({
              project: projectId,
              stage: ["Complete"],
              batches: [first?._id]
            }))
          )
          const [, , , two] = yield* understood([`/export?project=${projectId}&stage=Label,Complete`])
          expect(two?.stage).toEqual(["Label", "Complete"])
        })
      )
  )

  it.effect("export-flags: flags in any case; unknown keys are ignored", () =>
    withHub(
      Effect.gen(function* () {
        const found = yield* understood(
          ["true", "True", "TRUE"].map(
            (flag) => `/export?project=${projectId}&includeHistory=${flag}&completion=true&type=None`
          )
        )
        expect(found).toEqual(
          Array.from({ length: 3 }, () => ({ project: projectId, type: "None", includeHistory: true }))
        )
      })
    )
  )

  it.effect("rejects an invalid flag, an unknown project, an unknown batch", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* ask("GET", `/export?project=${projectId}&includeHistory=maybe`)).toMatchObject({
          status: 400
        })
        expect(yield* ask("GET", "/exportV3?project=x1")).toMatchObject({
          status: 400,
          message: "Invalid project: x1."
        })
        expect(yield* ask("GET", `/export?project=${projectId}&batches=Nope`)).toMatchObject({ status: 404 })
      })
    )
  )
})

describe("concurrent-exports: an earlier link", () => {
  const twoExports = Effect.gen(function* () {
    const [tasks, issues] = [yield* exportLink(), yield* exportLink("&type=issue")]
    expect(tasks).not.toBe(issues)
    const contents = yield* Effect.forEach([tasks, issues], (link) => download(link))
    expect(contents.map(({ status }) => status)).toEqual([200, 200])
    const [first, second] = contents.map(({ bytes }) => readZip(bytes)[0]?.text)
    return first === second
  })

  it.effect("keeps its own archive by default", () =>
    withHub(
      Effect.gen(function* () {
        expect(yield* twoExports).toBe(false)
      })
    )
  )

  it.effect("returns the newer archive of its project with onePerProject", () =>
    withHub(
      Effect.gen(function* () {
        const { projectIds } = yield* Emulator
        expect(yield* twoExports).toBe(true)
        // Another project has a file of its own.
        const link = yield* exportLink()
        yield* exportLink("", projectIds[1])
        const [file] = readZip((yield* download(link)).bytes)
        expect(JSON.parse(file?.text ?? "").length).toBe(20)
      }),
      { tasks: 20, archives: { onePerProject: true } }
    )
  )
})
