// Builds the package into dist/: modules with declarations, which bundlers read because they leave out what a program does
// not use, and in dist/bundle/ one file per entry point, with a chunk of what they share, which Node loads: finding and
// reading hundreds of files takes a quarter of the time of an import. A program loads one or the other, see the
// conditions in package.json. The maps of both lead to src/.
import { execFileSync } from "node:child_process"
import { rmSync } from "node:fs"
import { bundleEntryPoints } from "./bundle.js"

rmSync("dist", { recursive: true, force: true })
execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" })
await bundleEntryPoints({ index: "src/index.ts", emulator: "src/emulator/index.ts" }, "dist/bundle")
