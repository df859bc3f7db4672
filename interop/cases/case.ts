// What a case is, and what cases share.
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type Ango, Assets, type CloudAssetInput, Projects, RowOutcome, Tasks, Uploads } from "effect-ango"
import type { PythonError } from "../pythonClient.js"

/** Calls the function of the case: arguments by position, then by name. */
export interface Call {
  (
    args: ReadonlyArray<unknown>,
    kwargs?: Readonly<Record<string, unknown>>
  ): Effect.Effect<unknown, PythonError>
  /** Whether the function of this version has the parameter. */
  readonly accepts: (parameter: string) => boolean
}

/** What is the same for all cases of a run. */
export class Run extends Context.Tag("interop/Run")<
  Run,
  {
    readonly baseUrl: string
    readonly key: string
    /** A project with tasks in every stage; cases do not change it. */
    readonly seeded: string
    /** The organization of all projects. */
    readonly organization: string
    /** A folder for the files of the cases. */
    readonly folder: string
  }
>() {}

/** Calls a function, and reads its effect back in another way. */
export type Case = (call: Call) => Effect.Effect<void, unknown, Ango.Services | Run>

/** One entry per function, by its name. */
export type Cases = Readonly<Record<string, Case>>

/** The value at a path such as `data.issue._id`. */
export const at = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, name) => {
    if (typeof inner !== "object" || inner === null) return undefined
    return Object.entries(inner).find(([key]) => key === name)?.[1]
  }, value)

/** The text at a path; anything else is a failure of the case. */
export const textAt = (value: unknown, path: string): string => {
  const found = at(value, path)
  expect(found, `${path} of ${JSON.stringify(value)}`).toBeTypeOf("string")
  return String(found)
}

/** The list at a path. */
export const listAt = (value: unknown, path: string): ReadonlyArray<unknown> => {
  const found = at(value, path)
  expect(found, `${path} of ${JSON.stringify(value)}`).toBeInstanceOf(Array)
  return found as ReadonlyArray<unknown>
}

export const ontology = {
  tools: [{ schemaId: "tool-vehicle", tool: "bounding-box", title: "Vehicle", classifications: [] }],
  classifications: [
    {
      schemaId: "class-weather",
      tool: "radio",
      title: "Weather",
      options: [
        { value: "Clear", schemaId: "option-clear" },
        { value: "Rain", schemaId: "option-rain" }
      ],
      classifications: []
    },
    { schemaId: "class-remarks", tool: "text", title: "Remarks", classifications: [] }
  ],
  relations: []
}

export const box = (objectId: string) => ({
  schemaId: "tool-vehicle",
  objectId,
  "bounding-box": { x: 1, y: 2, width: 3, height: 4 },
  classifications: []
})

let projects = 0

/** A project of the case's own, with assets `1.jpg`, `2.jpg`, … in the stage Label. */
export const newProject = (
  assets = 0,
  options: { readonly stages?: Parameters<Projects["Type"]["setStages"]>[1] } = {}
) =>
  Effect.gen(function* () {
    const service = yield* Projects
    const { id } = yield* service.create({ name: `Case ${++projects}` })
    yield* service.setLabelSet(id, ontology)
    if (options.stages !== undefined) yield* service.setStages(id, options.stages)
    const rows = Array.from({ length: assets }, (_, index) => ({
      data: `https://files.example/${id}/${index + 1}.jpg`,
      externalId: `${index + 1}.jpg`
    }))
    if (assets > 0) yield* runImport(id, rows)
    return id as string
  })

/** Imports assets; every row has to be created. */
export const runImport = (project: string, rows: ReadonlyArray<CloudAssetInput>) =>
  Effect.gen(function* () {
    const summary = yield* (yield* Assets)
      .importFromCloud(project, rows)
      .pipe(Stream.run(RowOutcome.summarize))
    expect(summary.created).toBe(summary.rows)
  })

/** All tasks of a project, oldest first, with their answers. */
export const tasksOf = (project: string) =>
  Effect.flatMap(Tasks, (tasks) => tasks.collect(project, { limit: 1000, includeAnswer: true }))

/** The ids of all tasks, in the order of their assets. */
export const taskIds = (project: string) =>
  Effect.map(tasksOf(project), (tasks) =>
    tasks
      .toSorted((a, b) => String(a.externalId).localeCompare(String(b.externalId), "en", { numeric: true }))
      .map(({ id }) => id as string)
  )

export const task = (id: string) => Effect.flatMap(Tasks, (tasks) => tasks.get(id, { includeAnswer: true }))

/** All assets of a project by their external ids. */
export const assetsOf = (project: string) =>
  Effect.map(
    Effect.flatMap(Assets, (assets) => assets.collect(project, { limit: 1000 })),
    (assets) => new Map(assets.map((asset) => [String(asset.externalId), asset]))
  )

export const project = (id: string) => Effect.flatMap(Projects, (projects) => projects.get(id))

/** A file in the folder of the run; its path. */
export const newFile = (name: string, content: string | Uint8Array) =>
  Effect.flatMap(Run, ({ folder }) => {
    const path = join(folder, name)
    return Effect.as(
      Effect.promise(() => writeFile(path, content)),
      path
    )
  })

/** The bytes of a stored file, by a signed link and without the key. */
export const download = (project: string, url: string) =>
  Effect.gen(function* () {
    const link = yield* (yield* Uploads).signedUrl(project, { url })
    return yield* Effect.promise(async () => {
      const response = await fetch(Redacted.value(link))
      expect(response.status).toBe(200)
      return new Uint8Array(await response.arrayBuffer())
    })
  })
