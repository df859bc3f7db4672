// Uploads of instructions for annotators.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { AngoTest, Faults } from "effect-ango/emulator"
import { refuses, withHub } from "../support/Projects.js"

const { projectId } = AngoTest

describe("instructions", () => {
  const file = {
    name: "Anleitung für alle.pdf",
    contentType: "application/pdf",
    content: new TextEncoder().encode("%PDF-1.7")
  }

  it.effect("become a URL in the project, and do not change the caller's bytes", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        const content = Uint8Array.from(file.content)
        expect(yield* projects.uploadInstructions(projectId, { ...file, content })).toBeUndefined()
        const { instructions } = yield* projects.get(projectId)
        expect(instructions).toContain(`${new URL(hub.baseUrl).origin}/`)
        expect(decodeURIComponent(instructions ?? "")).toMatch(/\/instructions\/Anleitung für alle\.pdf$/)
        expect(content).toEqual(file.content)
        expect(yield* hub.requests("projects.instructions")).toMatchObject([
          { headers: { "content-type": expect.stringMatching(/^multipart\/form-data; boundary=/) } }
        ])
      })
    )
  )

  it.effect("can be stored in a given storage and bucket", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        const storage = { storageId: "65aa00000000000000005001", bucket: "how to & more" }
        yield* projects.uploadInstructions(projectId, { ...file, ...storage })
        const [request] = yield* hub.requests("projects.instructions")
        const { searchParams } = new URL(request?.url ?? "", hub.baseUrl)
        expect(Object.fromEntries(searchParams)).toEqual(storage)
      })
    )
  )

  it.effect.each([
    ["name", { name: "a/guide.pdf" }, /a file name without folders/],
    ["name", { name: "" }, /a file name/],
    ["name", { name: ".." }, /without "\." or "\.\." as a segment/],
    ["name", { name: "." }, /without "\." or "\.\."/],
    ["contentType", { contentType: "pdf" }, /a content type, such as application\/pdf/],
    ["content", { content: new Uint8Array() }, /at least one byte/],
    ["storageId", { storageId: "a/b" }, /Expected an id of 1 to 128 letters/],
    ["bucket", { bucket: "" }, /the name of a bucket/]
  ] as const)("are refused with an invalid %s: %j", ([parameter, wrong, words]) =>
    refuses((projects) => projects.uploadInstructions(projectId, { ...file, ...wrong }), parameter, words)
  )

  it.effect("are sent again from the first byte after a 429", () =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.instructions", [Faults.tooManyRequests()])
        const upload = yield* Effect.fork(projects.uploadInstructions(projectId, file))
        yield* TestClock.adjust("1 minute")
        yield* upload
        expect(yield* hub.requests("projects.instructions")).toHaveLength(2)
        expect((yield* projects.get(projectId)).instructions).toContain("/instructions/")
      })
    )
  )
})
