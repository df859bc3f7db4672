// Purges of projects, against the emulator: confirmed by name, and final.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Exports, FileSource, Guard, Projects, Tasks, Uploads } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { refuses, withHub } from "../support/Projects.js"

const { projectId } = AngoTest
const bytes = (text: string) => new TextEncoder().encode(text)

const setup = Effect.all({
  exports: Exports,
  hub: Emulator,
  projects: Projects,
  tasks: Tasks,
  uploads: Uploads
})

const fetchStatus = (hub: Emulator["Type"], url: string) =>
  Effect.promise(() => hub.fetch(url).then(({ status }) => status))

describe("a purge", () => {
  it.effect("deletes the project, and its files and exports in the hub's storage for good", () =>
    Effect.gen(function* () {
      const { exports, hub, projects, tasks, uploads } = yield* setup
      const [, other = projectId] = hub.projectIds
      const { name } = yield* projects.get(projectId)
      const mine = yield* uploads.put(projectId, FileSource.bytes(bytes("mask"), { name: "m.png" }), {
        type: "brushes"
      })
      const theirs = yield* uploads.put(other, FileSource.bytes(bytes("scan"), { name: "s.png" }))
      yield* projects.uploadInstructions(projectId, { name: "guide.txt", content: bytes("guide") })
      const { instructions } = yield* projects.get(projectId)
      const archive = Redacted.value(yield* exports.request(projectId, { stages: "all" }))
      expect(yield* fetchStatus(hub, archive)).toBe(200)
      expect(yield* fetchStatus(hub, String(instructions))).toBe(200)
      const before = yield* hub.files

      expect(yield* projects.purge(projectId, { confirmName: name })).toBeUndefined()

      expect(yield* Effect.flip(projects.get(projectId))).toMatchObject({ _tag: "NotFound" })
      expect(yield* Effect.flip(tasks.page(projectId))).toMatchObject({ _tag: "NotFound" })
      expect(hub.state.deletedProjects.get(projectId)).toMatchObject({ project: { deleted: true } })
      const left = yield* hub.files
      expect(before.size - left.size).toBe(2)
      expect([...left.keys()].filter((path) => path.startsWith(`${projectId}/`))).toEqual([])
      expect(yield* fetchStatus(hub, String(instructions))).toBe(404)
      expect(yield* fetchStatus(hub, archive)).not.toBe(200)
      expect(mine.fileUrl).not.toBe(theirs.fileUrl)
      const { signedUrl } = yield* Effect.map(uploads.signedUrl(other, { url: theirs.fileUrl }), (link) => ({
        signedUrl: Redacted.value(link)
      }))
      expect(yield* fetchStatus(hub, signedUrl)).toBe(200)
      expect((yield* projects.get(other)).deleted).toBe(false)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )

  it.effect("leaves files in a storage of the organization", () =>
    Effect.gen(function* () {
      const { exports, hub, projects } = yield* setup
      yield* projects.update(projectId, {
        name: "Cats",
        exportStorageEnabled: true,
        exportStorageBucket: "our-exports"
      })
      const archive = Redacted.value(yield* exports.request(projectId, { stages: "all" }))
      yield* projects.purge(projectId, { confirmName: "Cats" })
      expect(yield* fetchStatus(hub, archive)).toBe(200)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )

  it.effect("is refused for another name, and changes nothing", () =>
    Effect.gen(function* () {
      const { hub, projects } = yield* setup
      yield* projects.uploadInstructions(projectId, { name: "guide.txt", content: bytes("guide") })
      const before = yield* projects.get(projectId)
      const files = yield* hub.files
      for (const confirmName of [before.name.toLowerCase(), `${before.name} `, projectId]) {
        const error = yield* Effect.flip(projects.purge(projectId, { confirmName }))
        expect(error).toMatchObject({ _tag: "BadRequest", operation: "projects.purge" })
        expect(error.message).toContain("Nothing was deleted")
      }
      expect(yield* projects.get(projectId)).toEqual(before)
      expect(yield* hub.files).toEqual(files)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })))
  )

  it.effect.each(["", "  "])("is refused before any request without a name: %j", (confirmName) =>
    refuses(
      (projects) => projects.purge(projectId, { confirmName }),
      "confirmName",
      /exact name of the project, as a confirmation: a purge removes its stored files for good and cannot be undone/
    )
  )

  it.effect("sends the name that was given, and reads no project", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* Effect.flip(projects.purge(projectId, { confirmName: "Another" }))
        expect((yield* hub.requests()).map(({ operation }) => operation)).toEqual(["projects.purge"])
      })
    )
  )

  it.effect("is blocked by a read-only client", () =>
    Effect.gen(function* () {
      const { hub, projects } = yield* setup
      const { name } = yield* projects.get(projectId)
      const error = yield* Effect.flip(projects.purge(projectId, { confirmName: name }))
      expect(error).toMatchObject({ _tag: "WriteBlocked", operation: "projects.purge" })
      expect(hub.state.projects.has(projectId)).toBe(true)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 5 })), Effect.provide(Guard.layerReadOnly))
  )
})
