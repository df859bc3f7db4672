// Names of stored files: unique, with the extension of the source in all its parts.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { contentTypeOf } from "../../src/files/contentType.js"
import { makeStoredName } from "../../src/files/uploadName.js"

describe("a stored name", () => {
  it.effect.each([
    ["cat.jpg", ".jpg"],
    ["photos/cat #1.JPG", ".JPG"],
    ["C:\\scans\\cat.jpg", ".jpg"],
    ["brain.nii.gz", ".nii.gz"],
    ["Brain.NII.GZ", ".NII.GZ"],
    ["scans.v2/brain.T1.nii.gz", ".nii.gz"],
    ["scan.2024.01.nii.gz", ".nii.gz"],
    ["labels.seg.nrrd", ".seg.nrrd"],
    ["labels.seg.nii.gz", ".seg.nii.gz"],
    ["logs.tar.gz", ".tar.gz"],
    ["logs.tar.bz2", ".tar.bz2"],
    ["logs.tar.zst", ".tar.zst"],
    ["cells.ome.tif", ".ome.tif"],
    ["cells.ome.tiff", ".ome.tiff"],
    ["cells.ome.zarr.zip", ".ome.zarr.zip"],
    ["city.copc.laz", ".copc.laz"],
    ["ct.nrrd", ".nrrd"],
    ["ct.raw.gz", ".raw.gz"],
    ["scan.2024.gz", ".gz"],
    ["photo.final.v2.jpg", ".jpg"],
    ["cat.tar.jpg", ".jpg"],
    ["seg.nrrd", ".nrrd"],
    ["photos.zip", ".zip"],
    ["archive.gz", ".gz"],
    [".nii.gz", ".nii.gz"],
    [".hidden", ""],
    ["no-extension", ""],
    ["folder.d/no-extension", ""],
    ["", ""]
  ] as const)("for %j ends in %j", ([name, extension]) =>
    Effect.gen(function* () {
      const stored = yield* makeStoredName(name)
      expect(stored.slice(0, 32)).toMatch(/^[0-9a-f]{32}$/)
      expect(stored.slice(32)).toBe(extension)
    })
  )
})

describe("a content type", () => {
  it.each([
    ["cat.JPG", "image/jpeg"],
    ["cells.ome.tif", "image/tiff"],
    ["brain.nii.gz", "application/gzip"],
    ["labels.seg.nrrd", "application/octet-stream"],
    ["page.html", "text/html"],
    ["cat.webp", "image/webp"],
    ["no-extension", "application/octet-stream"]
  ])("of %j is %s", (name, type) => {
    expect(contentTypeOf(name)).toBe(type)
  })
})
