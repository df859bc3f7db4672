// Programs and entry points as few files: it takes most of the time of a start to find and read hundreds of them.
import { type BuildOptions, build } from "esbuild"

// As the compiler is told: its own settings name a plugin of editors and paths of the tests.
const compilerOptions = { target: "ES2022", verbatimModuleSyntax: true }

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  tsconfigRaw: { compilerOptions },
  // Their own text is not in the maps: the package contains src/.
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning"
} satisfies BuildOptions

/**
 * Writes a file per entry point into `folder`, and one of what they share. Packages are imported: a program and this
 * library must have the same Effect.
 */
export const bundleEntryPoints = (entryPoints: Record<string, string>, folder: string) =>
  build({
    ...common,
    entryPoints,
    outdir: folder,
    splitting: true,
    packages: "external",
    platform: "neutral"
  })

/** Writes a command for Node with everything that it uses, packages included, into one file. */
export const bundleCommand = (command: string, file: string) =>
  build({
    ...common,
    entryPoints: [command],
    outfile: file,
    platform: "node",
    metafile: true,
    // Packages in CommonJS ask for Node's modules by `require`.
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`
    }
  })
