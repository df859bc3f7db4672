import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Whole processes, real sockets, storms of calls and thousands of drawn values: apart from the minute of all others.
const long = [
  "test/Examples*.test.ts",
  "test/Privacy.test.ts",
  "test/Resume*.test.ts",
  "test/Telling.test.ts",
  "test/cli/**/*.test.ts",
  "test/emulator/ArchivesOverSockets.test.ts",
  "test/emulator/ComputedTasks.test.ts",
  "test/emulator/Downloads.test.ts",
  "test/emulator/Fault*.test.ts",
  "test/internal/Archive*.test.ts",
  "test/internal/BulkHistories.test.ts",
  "test/internal/UploadHistories.test.ts",
  "test/internal/Histories.test.ts",
  "test/layers/Leaks.test.ts",
  "test/layers/LedgerTears.test.ts",
  "test/layers/Matrix*.test.ts",
  "test/layers/Outcome.test.ts",
  "test/layers/Redis.test.ts",
  "test/layers/UploadClients.test.ts",
  "test/layers/UploadLeaks.test.ts",
  "test/layers/Writes.property.test.ts",
  "test/properties/**/*.test.ts",
  "test/schemas/OntologyModule.test.ts",
  "test/scripts/**/*.test.ts",
  "test/services/ExportFile{Left,Resume,Safety}.test.ts",
  "test/services/*OverSockets.test.ts",
  "test/services/PreLabelHistories.test.ts"
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
      { extends: true, test: { name: "long", include: long, testTimeout: 60_000 } }
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
