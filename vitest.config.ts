import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Whole processes, real sockets, storms of calls, tables over every method, and thousands of drawn values: apart from the
// minute of all others.
const long = [
  "test/*Examples.test.ts",
  "test/Privacy.test.ts",
  "test/TelemetryPrivacy.test.ts",
  "test/**/*Resume.test.ts",
  "test/**/*OverSockets.test.ts",
  "test/bulk/{Ignored*,LedgerTornWrites}.test.ts",
  "test/bulk/engine/{Bulk,Upload}Histories.test.ts",
  "test/bulk/writers/{ChangeHistories,LabelValidation}.test.ts",
  "test/bulk/writers/PreLabelHistories.test.ts",
  "test/cli/**/*.test.ts",
  "test/emulator/ComputedTasks.test.ts",
  "test/emulator/Downloads.test.ts",
  "test/emulator/{Fault*,NullFields,Variants}.test.ts",
  "test/exports/ConcurrentExports.test.ts",
  "test/exports/file/ExportFile{Recovery,Safety}.test.ts",
  "test/exports/zip/{Archive*,Unzip}.test.ts",
  "test/filters/BatchNames.test.ts",
  "test/{exports,filters}/Ignored*.test.ts",
  "test/layers/RateLimitRedis.test.ts",
  "test/layers/transfer/Upload{Clients,Leaks}.test.ts",
  "test/layers/transport/{AmbiguousOutcome,FaultMatrix,Leaks,StoreLock,WriteRepeats}.test.ts",
  "test/masks/MaskBundle.test.ts",
  "test/ontology/OntologyModule.test.ts",
  "test/pagination/ConcurrentListChanges.test.ts",
  "test/pagination/{PageSizeHistories,PageMemory}.test.ts",
  "test/properties/**/*.test.ts",
  "test/schemas/Ids.test.ts",
  "test/scripts/**/*.test.ts",
  "test/wire/Python.test.ts"
]

export default defineConfig({
  resolve: {
    alias: [
      { find: /^effect-ango$/, replacement: source("./src/index.ts") },
      { find: /^effect-ango\/emulator$/, replacement: source("./src/emulator/index.ts") }
    ]
  },
  test: {
    projects: [
      {
        extends: true,
        test: { name: "short", include: ["test/**/*.test.ts", "examples/**/*.test.ts"], exclude: long }
      },
      // They share two cores with one another.
      { extends: true, test: { name: "long", include: long, testTimeout: 60_000 } },
      // Needs Python, and prints its closing lines (interop/README.md).
      { extends: true, test: { name: "interop", include: ["interop/**/*.test.ts"], testTimeout: 60_000 } }
    ],
    testTimeout: 20_000,
    // The second one fails a passing test that prints.
    setupFiles: ["test/support/Seed.ts", "test/support/Output.ts"],
    // The library keeps no state outside of its layers: test files may share their modules, which loads them once.
    pool: "threads",
    isolate: false,
    // On two cores the default would be one worker.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    minWorkers: 1,
    // A word without a test is a mistake, not a pass.
    passWithNoTests: false
  }
})
