// Programs without masks contain no codec: the services import only the types of masks.
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { build } from "esbuild"

const root = fileURLToPath(new URL("../../", import.meta.url))

const filesIn = (contents: string) =>
  Effect.promise(async () => {
    const { metafile } = await build({
      stdin: { contents, resolveDir: root, loader: "ts" },
      alias: { "effect-ango": `${root}src/index.ts` },
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      logLevel: "error"
    })
    const [output] = Object.values(metafile.outputs)
    return Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [file] : []
    )
  })

const codecs = (files: ReadonlyArray<string>) =>
  files
    .filter((file) => /fflate|src\/masks\//.test(file))
    .map((file) => file.replace(/^.*node_modules\//, ""))

describe("a bundle", () => {
  it.effect.each([
    'import { Ango, Tasks } from "effect-ango"; console.log(Ango.layer, Tasks)',
    'import { Annotations, Uploads } from "effect-ango"; console.log(Annotations.layer, Uploads.layer)'
  ])("of %j contains no codec", (program) =>
    Effect.gen(function* () {
      const files = yield* filesIn(program)
      expect(files).toContain("src/services/Annotations.ts")
      expect(codecs(files)).toEqual([])
    })
  )

  it.effect("of a program with PNG masks contains no NRRD", () =>
    Effect.gen(function* () {
      const files = yield* filesIn('import { PngMask } from "effect-ango"; console.log(PngMask.fromLabels)')
      expect(codecs(files)).toContain("src/masks/pngWriter.ts")
      expect(codecs(files)).not.toContain("src/masks/nrrdHeader.ts")
    })
  )
})
