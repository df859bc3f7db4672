// Archives served over a socket: readable by other programs, built without holding them in memory.
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, type ArchiveOptions, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { readZip } from "../support/ReadZip.js"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "ango-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const linkOf = (hub: EmulatorService, query: string): Effect.Effect<string> =>
  Effect.promise(async () => {
    const url = `${hub.baseUrl}/export?project=${AngoTest.projectId}&${query}`
    const response = await fetch(url, { headers: { apikey: Redacted.value(hub.apiKey) } })
    const { data } = (await response.json()) as { readonly data: { readonly exportPath: string } }
    return data.exportPath
  })

const download = (link: string): Effect.Effect<Uint8Array> =>
  Effect.promise(async () => new Uint8Array(await (await fetch(link)).arrayBuffer()))

// Every entry by name, with its size and number of rows; `testzip` verifies all checksums.
const listed = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    rows = []
    for entry in archive.infolist():
        text = archive.read(entry).decode()
        assert len(text.encode()) == entry.file_size
        rows += map(json.loads, text.splitlines()) if entry.filename.endswith(".ndjson") else [json.loads(text)]
    flat = [row for rows_of in rows for row in (rows_of if isinstance(rows_of, list) else [rows_of])]
    print(json.dumps([row["task"]["taskId"] for row in flat]))
`

const variants: ReadonlyArray<ArchiveOptions> = (["stored", "deflated"] as const).flatMap((method) =>
  (["after", "before"] as const).flatMap((sizes) =>
    (["auto", "always"] as const).map((zip64) => ({ method, sizes, zip64 }))
  )
)

describe("archives", () => {
  for (const archives of variants) {
    it.scopedLive(`can be read by other programs: ${Object.values(archives).join(", ")}`, () =>
      Effect.gen(function* () {
        const hub = yield* Emulator.serve({ tasks: 60, archives })
        const path = join(yield* folder, "archive.zip")
        const ids = hub.state.projects.get(AngoTest.projectId)?.tasks.map(({ _id }) => _id)
        for (const format of ["json", "ndjson", "split"]) {
          const bytes = yield* download(yield* linkOf(hub, `format=${format}`))
          expect(readZip(bytes)).toHaveLength(format === "split" ? 60 : 1)
          writeFileSync(path, bytes)
          // The last number counts errors; Info-ZIP cannot test a file without an end, and reports that.
          expect(execFileSync("unzip", ["-tq", path], { encoding: "utf8" })).toContain("No errors detected")
          expect(JSON.parse(execFileSync("python3", ["-c", listed, path], { encoding: "utf8" }))).toEqual(ids)
        }
      })
    )
  }

  it.scopedLive("of 300,000 rows are built without holding them in memory", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 300_000, archives: { method: "stored" } })
      const link = yield* linkOf(hub, "format=ndjson&includeHistory=false")
      const [sizes, lines] = yield* Effect.promise(async () => {
        const sizes: Array<number> = []
        let [lines, passed, next] = [0, 0, 0]
        for await (const chunk of (await fetch(link)).body ?? []) {
          passed += chunk.length
          for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
          if (passed >= next) {
            next += 30_000_000
            // Memory in use after collection, of this thread only: other threads run other tests.
            collect()
            const { external, heapUsed } = process.memoryUsage()
            sizes.push(heapUsed + external)
          }
        }
        expect(passed).toBeGreaterThan(300_000_000)
        return [sizes, lines] as const
      })
      // A byte of a ZIP record may look like a line end.
      expect(lines).toBeGreaterThanOrEqual(300_000)
      expect(lines).toBeLessThan(300_010)
      // After a tenth, everything that the rest needs has been loaded.
      expect(sizes.length).toBeGreaterThan(8)
      const [early = 0] = sizes.slice(1)
      // Memory in transit is freed again, so the minimum shows what is held.
      const held = Math.min(...sizes.slice(sizes.length >> 1))
      expect((held - early) / 1e6).toBeLessThan(30)
    })
  )

  it.scopedLive("break where a fault says, with the declared length", () =>
    Effect.gen(function* () {
      const hub = yield* Emulator.serve({ tasks: 60 })
      const link = yield* linkOf(hub, "format=json")
      const whole = yield* download(link)
      yield* hub.faults.on("files", [Faults.cutBody(1000), Faults.stallBody(1000)])
      const [cut, length] = yield* Effect.promise(async () => {
        const response = await fetch(link)
        let passed = 0
        try {
          for await (const chunk of response.body ?? []) passed += chunk.length
        } catch {
          return [passed, response.headers.get("content-length")] as const
        }
        return [-1, null] as const
      })
      expect([cut, length]).toEqual([1000, String(whole.length)])
      const stalled = yield* Effect.promise(async () => {
        const stop = new AbortController()
        const response = await fetch(link, { signal: stop.signal })
        let passed = 0
        const reader = response.body?.getReader()
        while (reader !== undefined && passed < 1000) passed += (await reader.read()).value?.length ?? 0
        stop.abort()
        return passed
      })
      expect(stalled).toBe(1000)
    })
  )
})
