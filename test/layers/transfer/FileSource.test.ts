// Files to upload: sizes, types, hashes, and files that are not what they were said to be.
import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { FileSource } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { enforceSize } from "../../../src/layers/transfer/sizeCheck.js"
import { atOnce, drawn, holds, put } from "../../support/Uploads.js"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "ango-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const content = drawn(500_000)

describe("a file on a disk", () => {
  it.scoped("is sent as it is, with its name and its type", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "cat #1.JPG")
      writeFileSync(path, content)
      const source = yield* FileSource.file(path)
      expect(source).toMatchObject({ size: content.length, name: "cat #1.JPG", contentType: "image/jpeg" })
      const { externalId, fileUrl } = yield* put(source)
      expect([externalId, yield* holds(fileUrl, content)]).toEqual(["cat #1.JPG", true])
    }).pipe(Effect.provide([AngoTest.layer({ tasks: 1 }), NodeFileSystem.layer]))
  )

  it.scoped.each([
    ["shrinks", "changed", (path: string) => truncateSync(path, 400_000)],
    ["grows", "longer", (path: string) => appendFileSync(path, "more")],
    ["is written to", "changed", (path: string) => utimesSync(path, 1, 1)],
    ["goes", "unreadable", (path: string) => rmSync(path)]
  ] as const)(
    "that %s before it is sent again is a typed error, and nothing is stored",
    ([, reason, change]) =>
      Effect.gen(function* () {
        const hub = yield* Emulator
        const path = join(yield* folder, "cat.jpg")
        writeFileSync(path, content)
        const source = yield* FileSource.file(path)
        yield* hub.faults.on("files", [Faults.cutUpload(300_000), Faults.ok])
        const uploaded = put(source, {
          onProgress: ({ sent }) => Effect.sync(() => (sent > 290_000 ? change(path) : undefined))
        })
        const error = yield* atOnce(Effect.flip(uploaded))
        expect(error._tag).toBe("FileError")
        expect("reason" in error && error.reason).toBe(reason)
        expect((yield* hub.files).size).toBe(0)
      }).pipe(Effect.provide([AngoTest.layer({ tasks: 1 }), NodeFileSystem.layer]))
  )

  it.scoped("that is not there, or is a folder, is told at once", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const missing = yield* Effect.flip(FileSource.file(join(path, "no.jpg")))
      expect(missing).toMatchObject({
        _tag: "FileError",
        reason: "unreadable",
        path: join(path, "no.jpg")
      })
      expect((yield* Effect.flip(FileSource.file(path))).message).toContain("it is a directory")
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})

describe("a source", () => {
  it("knows the types of the files that can be labelled", () => {
    const types = [
      "a.jpeg",
      "b.TIFF",
      "c.webm",
      "d.mp3",
      "e.md",
      "f.pdf",
      "g.dcm",
      "h.las",
      "i",
      ".png",
      "j.b/k"
    ]
    expect(types.map((name) => FileSource.bytes(content, { name }).contentType)).toEqual([
      "image/jpeg",
      "image/tiff",
      "video/webm",
      "audio/mpeg",
      "text/markdown",
      "application/pdf",
      "application/dicom",
      ...Array.from({ length: 4 }, () => "application/octet-stream")
    ])
  })

  it.effect("is hashed in constant memory, in whatever parts it comes", () =>
    Effect.gen(function* () {
      const abc = FileSource.stream(3, () => Stream.make(Uint8Array.of(97), Uint8Array.of(98, 99)))
      const known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      expect(yield* FileSource.sha256(abc)).toBe(known)
      expect(yield* FileSource.sha256(FileSource.bytes(new TextEncoder().encode("abc")))).toBe(known)
      const short = FileSource.stream(4, abc.stream)
      expect(yield* Effect.flip(FileSource.sha256(short))).toMatchObject({ reason: "shorter", read: 3 })
    })
  )

  it.effect("of a size that is none is refused before any request", () =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator
      for (const size of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const error = yield* Effect.flip(put(FileSource.stream(size, () => Stream.empty)))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "size" })
      }
      expect(yield* requests()).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it.effect("is held to its size, however it is cut, and its last part waits for its end", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(
          FastCheck.array(FastCheck.nat(40), { maxLength: 12 }),
          FastCheck.integer({ min: -3, max: 3 }),
          FastCheck.integer({ min: 1, max: 50 }),
          async (lengths, off, partSize) => {
            const bytes = drawn(lengths.reduce((sum, length) => sum + length, 0))
            const size = Math.max(0, bytes.length + off)
            let at = 0
            const parts = lengths.map((length) => {
              at += length
              return bytes.subarray(at - length, at)
            })
            const given: Array<Uint8Array> = []
            const ended = await Effect.runPromise(
              Effect.either(
                Stream.runForEach(
                  enforceSize(Stream.rechunk(Stream.fromIterable(parts), 1), { name: "x", size, partSize }),
                  (part) => Effect.sync(() => void given.push(part))
                )
              )
            )
            const sent = Buffer.concat(given)
            expect(given.every(({ length }) => length <= partSize)).toBe(true)
            expect(ended._tag).toBe(size === bytes.length ? "Right" : "Left")
            if (ended._tag === "Right") expect(Buffer.compare(sent, bytes)).toBe(0)
            else expect(sent.length).toBeLessThan(Math.max(1, size))
          }
        ),
        { numRuns: 300, examples: [[[3, 2], -2, 50]] }
      )
    )
  )
})
