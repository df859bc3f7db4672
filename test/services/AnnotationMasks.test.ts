// Masks written with an answer: what is replaced, what stays, what is merged, and that a failure writes nothing.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import {
  type Ango,
  type AnnotateOptions,
  Annotations,
  Guard,
  type Mask,
  NrrdMask,
  PngMask,
  Uploads
} from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"
import { seeded, taskIn } from "../support/SeededTasks.js"
import { atOnce, storedFile } from "../support/Uploads.js"

const { projectId } = AngoTest

const right = Either.getOrThrow

const brush = (...labels: ReadonlyArray<number>): Mask.Brush =>
  right(PngMask.fromClasses([labels], { 1: "#ff0000", 2: "#00ff00" }))

const voxels = (...data: ReadonlyArray<number>): Mask.MedicalBrush =>
  right(NrrdMask.fromLabels({ width: data.length, height: 1, depth: 1, data }))

const colors = [
  [0, 0, 0, 0],
  [255, 0, 0, 255],
  [0, 255, 0, 255]
]
const pixels = (...labels: ReadonlyArray<number>) => labels.flatMap((label) => colors[label] ?? [])

/** The bytes of a stored mask, read by a signed link. */
const bytesAt = (url: string | null | undefined, type: string) =>
  Effect.gen(function* () {
    const [hub, uploads] = yield* Effect.all([Emulator, Uploads])
    const link = yield* uploads.signedUrl(projectId, { url: url ?? "none", type })
    const response = yield* Effect.promise(() => hub.fetch(Redacted.value(link)))
    return new Uint8Array(yield* Effect.promise(() => response.arrayBuffer()))
  })

/** Gives a task masks that the hub has stored. */
const masked = (
  taskId: string,
  masks: { readonly brush?: Mask.Brush; readonly medicalBrush?: Mask.MedicalBrush }
) => Effect.flatMap(Annotations, (annotations) => annotations.annotate(taskId, {}, masks))

/** Changes a task in the state of the hub. */
const changed = (taskId: string, fields: object) =>
  Effect.map(seeded, (stored) => {
    const index = stored.tasks.findIndex((task) => task._id === taskId)
    const task = stored.tasks[index]
    if (task === undefined) throw new Error("the task is not stored")
    stored.tasks[index] = { ...task, ...fields }
  })

const operations = Effect.flatMap(Emulator, (hub) =>
  Effect.map(hub.requests(), (requests) => requests.map(({ method, operation }) => `${method} ${operation}`))
)

/** Runs a test with the service and a task in `Label`. */
const withMasks = <A, E>(
  test: (annotations: Annotations["Type"], taskId: string) => Effect.Effect<A, E, Ango.Services | Emulator>
) =>
  Effect.flatMap(Effect.all([Annotations, taskIn("Label")]), ([annotations, { id }]) =>
    test(annotations, id)
  ).pipe(Effect.provide(AngoTest.layer({ tasks: 60 })))

describe("an overwrite", () => {
  it.effect("removes the masks that it does not name", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        expect(yield* masked(taskId, { brush: brush(1), medicalBrush: voxels(1) })).toMatchObject({
          brushDataUrl: expect.any(String),
          medicalBrushDataUrl: expect.any(String)
        })
        expect(yield* annotations.annotate(taskId, {})).toMatchObject({
          brushDataUrl: null,
          medicalBrushDataUrl: null
        })
        const replaced = yield* annotations.annotate(
          taskId,
          {},
          { brushDataUrl: "https://files.example/m.png" }
        )
        expect(replaced).toMatchObject({
          brushDataUrl: "https://files.example/m.png",
          medicalBrushDataUrl: null
        })
      })
    )
  )

  it.effect("stores masks in the project of the task, byte for byte, under names that tell their kinds", () =>
    withMasks((_, taskId) =>
      Effect.gen(function* () {
        const [png, nrrd] = [brush(0, 1, 2), voxels(0, 3, 200)]
        const label = yield* masked(taskId, { brush: png, medicalBrush: nrrd })
        expect(label.brushDataUrl).toMatch(new RegExp(`/${projectId}/brushes/[0-9a-f]{32}\\.png$`))
        expect(label.medicalBrushDataUrl).toMatch(
          new RegExp(`/${projectId}/medicalBrushes/[0-9a-f]{32}\\.seg\\.nrrd$`)
        )
        expect(yield* bytesAt(label.brushDataUrl, "brushes")).toEqual(png.bytes)
        expect(yield* bytesAt(label.medicalBrushDataUrl, "medicalBrushes")).toEqual(nrrd.bytes)
        expect((yield* storedFile(label.brushDataUrl ?? ""))?.contentType).toBe("image/png")
      })
    )
  )

  it.effect("replaces a present mask, without reading it", () =>
    withMasks((_, taskId) =>
      Effect.gen(function* () {
        yield* masked(taskId, { brush: brush(1, 1) })
        const before = (yield* operations).length
        const label = yield* masked(taskId, { brush: brush(0, 2) })
        expect((yield* operations).slice(before)).toEqual([
          "GET tasks.get",
          "GET uploads.uploadUrl",
          "PUT files",
          "POST annotations.annotate"
        ])
        const { data } = right(PngMask.decode(yield* bytesAt(label.brushDataUrl, "brushes")))
        expect([...data]).toEqual(pixels(0, 2))
      })
    )
  )
})

describe("a merge", () => {
  it.effect("draws over the present mask, and keeps the other one", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        const before = yield* masked(taskId, { brush: brush(1, 1, 0, 0), medicalBrush: voxels(1, 1, 0) })
        const one = yield* annotations.annotate(taskId, {}, { merge: true, brush: brush(0, 2, 2, 0) })
        expect(one.medicalBrushDataUrl).toBe(before.medicalBrushDataUrl)
        expect(one.brushDataUrl).not.toBe(before.brushDataUrl)
        const { data } = right(PngMask.decode(yield* bytesAt(one.brushDataUrl, "brushes")))
        expect([...data]).toEqual(pixels(1, 2, 2, 0))

        const two = yield* annotations.annotate(taskId, {}, { merge: true, medicalBrush: voxels(0, 7, 9) })
        expect(two.brushDataUrl).toBe(one.brushDataUrl)
        const merged = yield* bytesAt(two.medicalBrushDataUrl, "medicalBrushes")
        expect([...right(NrrdMask.decode(merged)).data]).toEqual([1, 7, 9])
        // The present masks are still stored, as other tasks may show them.
        expect(yield* bytesAt(before.brushDataUrl, "brushes")).toEqual(brush(1, 1, 0, 0).bytes)
      })
    )
  )

  it.effect("stores the mask as it is if the task has none", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        yield* changed(taskId, { brushDataUrl: "" })
        const mask = brush(0, 2)
        const label = yield* annotations.annotate(taskId, {}, { merge: true, brush: mask })
        expect(yield* operations).not.toContain("GET files")
        expect(yield* bytesAt(label.brushDataUrl, "brushes")).toEqual(mask.bytes)
      })
    )
  )

  it.effect("removes a mask only if it is told to", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        const before = yield* masked(taskId, { brush: brush(1), medicalBrush: voxels(1) })
        expect(yield* annotations.annotate(taskId, {}, { merge: true })).toMatchObject({
          brushDataUrl: before.brushDataUrl,
          medicalBrushDataUrl: before.medicalBrushDataUrl
        })
        expect(yield* annotations.annotate(taskId, {}, { merge: true, brush: null })).toMatchObject({
          brushDataUrl: null,
          medicalBrushDataUrl: before.medicalBrushDataUrl
        })
      })
    )
  )

  it.effect("with a mask of another size fails, or replaces the present one if it is told to", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        const { brushDataUrl } = yield* masked(taskId, { brush: brush(1, 1, 1) })
        const other = brush(2, 2)
        const error = yield* Effect.flip(annotations.annotate(taskId, {}, { merge: true, brush: other }))
        expect(error).toMatchObject({ _tag: "InvalidMask", reason: "other-size", mask: "present" })
        expect(error.message).toBe(
          "POST /annotate/{taskId} was not sent. The present mask has the size 3 × 1, the added one 2 × 1. Give a mask " +
            'of the present size, or the option otherSize: "replace".'
        )
        expect(
          (yield* operations).filter((operation) => operation === "POST annotations.annotate")
        ).toHaveLength(1)
        const label = yield* annotations.annotate(
          taskId,
          {},
          { merge: true, brush: other, otherSize: "replace" }
        )
        expect(label.brushDataUrl).not.toBe(brushDataUrl)
        expect(yield* bytesAt(label.brushDataUrl, "brushes")).toEqual(other.bytes)
      })
    )
  )
})

describe("nothing is written", () => {
  const failures: ReadonlyArray<
    readonly [string, Parameters<Emulator["Type"]["faults"]["on"]>[0], Faults.Script, object]
  > = [
    ["the task", "tasks.get", [Faults.fail(403)], { _tag: "Forbidden" }],
    ["the link to the present mask", "uploads.signedUrl", [Faults.fail(403)], { _tag: "Forbidden" }],
    [
      "the present mask",
      "files",
      [Faults.fail(403)],
      { _tag: "TransferError", reason: "link-expired", direction: "download" }
    ],
    [
      "the rest of the present mask",
      "files",
      Faults.repeat([Faults.cutBody(20)]),
      { _tag: "ConnectionFailed", phase: "body" }
    ],
    [
      "an image as the present mask",
      "files",
      [Faults.respond(200, "<html>")],
      { _tag: "InvalidMask", reason: "format", mask: "present" }
    ],
    ["the link to upload", "uploads.uploadUrl", [Faults.fail(403)], { _tag: "Forbidden" }],
    [
      "the upload",
      "files",
      [Faults.ok, Faults.fail(400)],
      { _tag: "TransferError", reason: "status", direction: "upload" }
    ]
  ]

  it.effect.each(failures)("without %s", ([_, operation, script, expected]) =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        const { faults, state } = yield* Emulator
        const before = yield* masked(taskId, { brush: brush(1, 1) })
        const answer = state.answers.get(taskId)
        yield* faults.on(operation, script)
        const call = annotations.annotate(taskId, { tools: [] }, { merge: true, brush: brush(0, 2) })
        const error = yield* Effect.flip(atOnce(call))
        expect(error).toMatchObject(expected)
        yield* faults.on(operation, Faults.ok)
        expect((yield* operations).filter((sent) => sent === "POST annotations.annotate")).toHaveLength(1)
        expect(state.answers.get(taskId)).toBe(answer)
        expect((yield* seeded).tasks.find((task) => task._id === taskId)?.brushDataUrl).toBe(
          before.brushDataUrl
        )
      })
    )
  )

  it.effect("over a present mask that is damaged", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        const whole = voxels(1, 2, 3)
        const { fileUrl } = yield* Effect.flatMap(Uploads, (uploads) =>
          uploads.putMask(projectId, { ...whole, bytes: whole.bytes.subarray(0, -4) })
        )
        yield* changed(taskId, { medicalBrushDataUrl: fileUrl })
        const options: AnnotateOptions = { merge: true, medicalBrush: voxels(1, 1, 1) }
        const error = yield* Effect.flip(annotations.annotate(taskId, {}, options))
        expect(error).toMatchObject({ _tag: "InvalidMask", reason: "damaged", mask: "present" })
        expect(error.message).toMatch(
          /^POST \/annotate\/\{taskId\} was not sent\. The present mask cannot be merged\./
        )
        expect(yield* operations).not.toContain("POST annotations.annotate")
      })
    )
  )

  it.effect.each<readonly [AnnotateOptions, string, string]>([
    [{ brush: brush(1), brushDataUrl: "https://files.example/m.png" }, "brush", "not both"],
    [
      { medicalBrush: voxels(1), medicalBrushDataUrl: null },
      "medicalBrush",
      "(medicalBrushDataUrl), not both"
    ],
    [{ brush: voxels(1) as unknown as Mask.Brush }, "brush", 'the kind "medicalBrush"']
  ])("with contradictory options %#", ([options, parameter, message]) =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        const before = (yield* operations).length
        const error = yield* Effect.flip(annotations.annotate(taskId, {}, options))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
        expect(error.message).toContain(message)
        expect((yield* operations).slice(before)).toEqual([])
      })
    )
  )

  it.effect("if the hub does not say which project a task belongs to", () =>
    withMasks((annotations, taskId) =>
      Effect.gen(function* () {
        yield* changed(taskId, { project: undefined })
        const error = yield* Effect.flip(annotations.annotate(taskId, {}, { brush: brush(1) }))
        expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "brush" })
        expect(error.message).toContain("Uploads.putMask")
        expect(yield* operations).not.toContain("POST annotations.annotate")
      })
    )
  )

  it.effect("behind a guard, not even a file", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      const { id } = yield* taskIn("Label")
      expect(yield* Effect.flip(masked(id, { brush: brush(1) }))).toMatchObject({ _tag: "WriteBlocked" })
      expect((yield* hub.files).size).toBe(0)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 60 })), Effect.provide(Guard.layerReadOnly))
  )
})

describe("putMask", () => {
  it.effect("stores a mask without a task, for an import of labels", () =>
    Effect.gen(function* () {
      const uploads = yield* Uploads
      const mask = voxels(1, 0, 2)
      const { fileUrl, size } = yield* uploads.putMask(projectId, mask)
      expect(size).toBe(mask.bytes.length)
      expect(fileUrl).toMatch(new RegExp(`/${projectId}/medicalBrushes/[0-9a-f]{32}\\.seg\\.nrrd$`))
      expect(yield* bytesAt(fileUrl, "medicalBrushes")).toEqual(mask.bytes)
      expect(yield* Effect.flip(uploads.putMask("x1", mask))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(AngoTest.layer()))
  )
})
