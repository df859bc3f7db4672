// A hub that ignores a parameter of the lists that bulk writes read: each write does what it does on a hub that ignores
// nothing, or ends with an error; it never skips, repeats or changes a row wrongly.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { type Ango, Annotations, Assets, Attachments, Batches, FileSource, Tasks, Uploads } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import * as IgnoringHub from "../support/IgnoringHub.js"

const { projectId } = AngoTest

const options = { tasks: 60, pageSize: 20 }

interface Outcome {
  readonly _tag: string
}

type Bulk = Stream.Stream<Outcome, { readonly _tag: string }>

const project = Effect.map(Emulator, ({ state }) => {
  const stored = state.projects.get(projectId)
  if (stored === undefined) throw new Error("the seed has no first project")
  return stored
})

const amara = "amara.okafor@example.com"

const newFile = (externalId: string) => ({ externalId, data: `https://files.example/${externalId}` })

// Some rows that the hub has already, and some that it does not have.
const cases: ReadonlyArray<readonly [string, Effect.Effect<Bulk, unknown, Ango.Services | Emulator>]> = [
  [
    "Tasks.assignMany",
    Effect.gen(function* () {
      const tasks = yield* Tasks
      const stored = yield* project
      const inLabel = stored.tasks.filter(({ stage }) => stage === "Label").map(({ _id }) => _id)
      const plan = yield* tasks.planAssignment(inLabel, { members: [amara, "priya.raman@example.com"] })
      return tasks.assignMany(projectId, plan, { stage: "Label" })
    })
  ],
  [
    "Tasks.requeueMany",
    Effect.gen(function* () {
      const { tasks } = yield* project
      const ids = tasks.slice(0, 6).map(({ _id }) => _id)
      return (yield* Tasks).requeueMany(projectId, ids, { toStage: "Label" })
    })
  ],
  [
    "Batches.assign",
    Effect.gen(function* () {
      const { assets } = yield* project
      const ids = assets.slice(0, 8).map(({ _id }) => _id)
      return (yield* Batches).assign(projectId, { assets: ids, batches: ["July, night"] })
    })
  ],
  [
    "Annotations.importLabels",
    Effect.gen(function* () {
      const { assets, tasks } = yield* project
      const inStart = new Set(
        tasks.filter(({ stage }) => stage === "Start").map(({ externalId }) => externalId)
      )
      const entries = assets
        .filter(({ externalId }, index) => inStart.has(externalId ?? "") || index < 3)
        .map(({ externalId }) => ({
          externalId: externalId ?? "",
          tools: [
            { title: "Vehicle", objectId: "v1", "bounding-box": { x: 1, y: 2, width: 30, height: 40 } }
          ],
          classifications: [{ title: "Weather", answer: "Clear" }]
        }))
      return (yield* Annotations).importLabels(projectId, [...entries, { externalId: "nobody" }], {
        incomplete: true
      })
    })
  ],
  [
    "Assets.importFromCloud",
    Effect.gen(function* () {
      const { assets } = yield* project
      const known = assets.slice(0, 5).map(({ externalId }) => newFile(externalId ?? ""))
      return (yield* Assets).importFromCloud(projectId, [...known, newFile("new-1"), newFile("new-2")])
    })
  ],
  [
    "Assets.sync",
    Effect.gen(function* () {
      const assets = yield* Assets
      const stored = yield* project
      const wanted = stored.assets.slice(0, 20).map(({ externalId }) => newFile(externalId ?? ""))
      const plan = yield* assets.planSync(projectId, [...wanted, newFile("new-1")], { delete: true })
      return assets.sync(projectId, plan, { maxDeletes: 60 })
    })
  ],
  [
    "Attachments.create",
    Effect.gen(function* () {
      const { assets } = yield* project
      const rows = assets.slice(0, 4).map(({ externalId }) => ({
        externalId: externalId ?? "",
        attachments: [{ type: "TEXT" as const, value: "a hint" }]
      }))
      return (yield* Attachments).create(projectId, [
        ...rows,
        { ...rows[0], externalId: "nobody", attachments: [] }
      ])
    })
  ],
  [
    "Uploads.files",
    Effect.gen(function* () {
      const { assets } = yield* project
      const known = assets[0]?.externalId ?? ""
      const file = (name: string) => ({ source: FileSource.bytes(new TextEncoder().encode(name), { name }) })
      const uploads = yield* Uploads
      return uploads.files(projectId, [known, "new-1.jpg", "new-2.jpg"].map(file))
    })
  ]
]

// What the writes can change, without the ids and times that a hub gives out in order.
const content = Effect.map(project, ({ assets, tasks }) => ({
  assets: assets.map(({ attachments, batches, externalId }) => [
    externalId,
    batches,
    attachments?.length ?? 0
  ]),
  tasks: tasks.map(({ assignee, externalId, isPreLabeled, stage }) => [
    externalId,
    assignee,
    stage,
    isPreLabeled
  ])
}))

describe("a bulk write on a hub that ignores a part of the query", () => {
  it.effect.each(cases)("is right, or ends with an error: %s", ([, make]) =>
    Effect.gen(function* () {
      const run = (dropped: string | undefined) =>
        Effect.gen(function* () {
          const before = yield* content
          const result = yield* Effect.either(Effect.flatMap(make, Stream.runCollect))
          const after = yield* content
          const urls = (yield* (yield* Emulator).requests()).map(({ url }) => url)
          return { before, result, after, parts: IgnoringHub.droppable(urls) }
        }).pipe(Effect.provide(IgnoringHub.layer(dropped, options)))
      const tags = (outcomes: Chunk.Chunk<Outcome>) => Chunk.toReadonlyArray(outcomes).map(({ _tag }) => _tag)

      const normal = yield* run(undefined)
      const right = tags(Either.getOrThrow(normal.result as Either.Either<Chunk.Chunk<Outcome>, Error>))
      expect(normal.after).not.toEqual(normal.before)
      for (const part of normal.parts) {
        const { after, before, result } = yield* run(part)
        if (Either.isRight(result)) {
          // A row may say that it failed, or that its result is unknown; no other result may differ.
          const honest = tags(result.right).map((tag, index) =>
            tag === "Failed" || tag === "Unknown" ? right[index] : tag
          )
          expect([part, honest]).toEqual([part, right])
          const hasFailed = tags(result.right).some((tag, index) => tag === "Failed" && right[index] !== tag)
          expect([part, after]).toEqual([part, hasFailed ? before : normal.after])
        } else {
          expect([part, after]).toEqual([part, before])
        }
      }
    })
  )
})
