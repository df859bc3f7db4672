// Programs as one file each, for tests that start many processes: these are to spend their time on what they do.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { build } from "esbuild"

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

/** A new folder, which outlives the test: a process that was killed may still be read about. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), "effect-ango-"))

/** The program with this name in the repository, as a file of its own. */
export const bundled = (program: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const outfile = join(newFolder(), "program.mjs")
    await build({
      entryPoints: [path(program)],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      tsconfig: path("tsconfig.json"),
      // Some packages still ask for Node's modules in the old way.
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)'
      },
      logLevel: "error"
    })
    return outfile
  })
