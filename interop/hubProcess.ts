// `npm run hub` as a process on a free port.
import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"

const path = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url))

export interface HubProcess {
  /** With `/v2`. */
  readonly baseUrl: string
  /** The same without `/v2`, as the vendor's client takes it. */
  readonly host: string
  readonly key: string
}

/** Starts the hub with its default content; it ends with the scope. */
export const start = Effect.acquireRelease(
  Effect.sync(() =>
    spawn(
      process.execPath,
      ["--import", createRequire(import.meta.url).resolve("tsx"), path("src/cli/hub.ts"), "--port", "0"],
      { env: { ...process.env, TSX_TSCONFIG_PATH: path("tsconfig.json"), NO_COLOR: "1" } }
    )
  ),
  (child) => Effect.sync(() => child.kill())
).pipe(
  Effect.flatMap((child) =>
    Effect.async<HubProcess, Error>((resume) => {
      let printed = ""
      const read = (chunk: unknown) => {
        printed += chunk
        const [, baseUrl] = /ANGO_BASE_URL=(\S+)/.exec(printed) ?? []
        const [, key] = /ANGO_API_KEY=(\S+)/.exec(printed) ?? []
        if (baseUrl !== undefined && key !== undefined) {
          resume(Effect.succeed({ baseUrl, host: baseUrl.replace(/\/v2$/, ""), key }))
        }
      }
      child.stdout.on("data", read)
      child.stderr.on("data", read)
      child.on("close", (code) =>
        resume(Effect.fail(new Error(`The hub ended with ${code} before it listened: ${printed}`)))
      )
    })
  )
)
