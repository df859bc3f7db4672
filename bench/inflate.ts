// Measures how fast rows are read from an archive, compared with a handwritten program for Node:
// `npm run bench:inflate`. All take turns within one run, since only ratios carry over to another machine.

import { Readable, Writable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createInflateRaw, deflateRawSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { RowDecodeError } from "../src/errors/AngoError.js"
import { archiveRows } from "../src/exports/rows/archiveRows.js"
import { entryRows } from "../src/exports/rows/entryRows.js"
import type { Row } from "../src/exports/rows/rowBatch.js"
import { unzip } from "../src/exports/zip/unzip.js"
import { archiveOf, inPieces } from "../test/support/Archives.js"

const count = Number(process.env["ROWS"] ?? 60_000)
const rounds = Number(process.env["ROUNDS"] ?? 7)

// Ids differ from row to row, or the archive would be smaller than any real one.
let state = 42
const hex = (digits: number): string => {
  let text = ""
  while (text.length < digits) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    text += (state >>> 8).toString(16).padStart(6, "0")
  }
  return text.slice(0, digits)
}

const tool = () => ({
  "bounding-box": { x: state % 800, y: state % 600, width: state % 91, height: state % 87 },
  objectId: hex(23),
  schemaId: "aaaa456789abcdef0123456",
  classifications: [],
  title: "Car",
  metadata: { createdAt: "2024-02-01T09:59:00.000Z", createdBy: "lab@example.com", createdIn: "Label" }
})

const row = (index: number) => ({
  asset: `https://files.example/${hex(24)}.jpg?X-Amz-Expires=120000&X-Amz-Signature=${hex(64)}`,
  assetId: hex(24),
  dataset: [],
  externalId: `${index}.jpg`,
  contextData: { site: "A" },
  metadata: { width: 800, height: 600 },
  batches: ["Batch 1"],
  task: {
    taskId: hex(24),
    stage: "Complete",
    stageId: "Complete",
    updatedAt: "2024-02-01T10:00:00.000Z",
    updatedBy: "lab@example.com",
    totalDuration: 5400,
    tools: [tool(), tool()],
    classifications: [],
    relations: [],
    brushDataUrl: null,
    medicalBrushDataUrl: null
  }
})

const texts = Array.from({ length: count }, (_, index) => JSON.stringify(row(index)))
const lines = Buffer.from(`${texts.join("\n")}\n`)
const array = Buffer.from(`[${texts.join(",")}]`)
const packed = inPieces(deflateRawSync(lines), 65_536)
const known = inPieces(archiveOf([{ name: "a.ndjson", text: lines }]), 65_536)
const streamed = inPieces(archiveOf([{ name: "a.ndjson", text: lines, form: "signed" }]), 65_536)
const stored = inPieces(archiveOf([{ name: "a.ndjson", text: lines, method: 0 }]), 65_536)
const ofArray = inPieces(archiveOf([{ name: "a.json", text: array }]), 65_536)
// As large as the pieces that come out of Node's inflater.
const lineChunks = inPieces(lines, 16_384)
const arrayChunks = inPieces(array, 16_384)

const splitByHand = () => {
  const decoder = new TextDecoder()
  let rest = ""
  let parsed = 0
  return (chunk: Uint8Array): number => {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      JSON.parse(part)
      parsed++
    }
    return parsed
  }
}

const inflatedByHand = async (onChunk: (chunk: Uint8Array) => void) => {
  const sink = new Writable({
    write: (chunk, _, done) => {
      onChunk(chunk)
      done()
    }
  })
  await pipeline(Readable.from(packed), createInflateRaw(), sink)
}

const streamOf = (pieces: ReadonlyArray<Uint8Array>) => Stream.rechunk(Stream.fromIterable(pieces), 1)

const contentOf = (pieces: ReadonlyArray<Uint8Array>) =>
  Stream.flatMap(unzip(streamOf(pieces)), ({ content }) => content)

const countOf = <E>(all: Stream.Stream<Row | RowDecodeError, E>) => {
  let parsed = 0
  return all.pipe(
    Stream.runForEachChunk((chunk) =>
      Effect.sync(() => {
        for (const one of chunk) if (one._tag === "Row") parsed++
      })
    ),
    Effect.map(() => parsed),
    Effect.runPromise
  )
}

const countRows = (pieces: ReadonlyArray<Uint8Array>) => countOf(entryRows(streamOf(pieces), { entry: "a" }))
const countAll = (pieces: ReadonlyArray<Uint8Array>) => countOf(archiveRows(streamOf(pieces)))

const runs: Record<string, () => Promise<number>> = {
  "hand: inflate": async () => {
    await inflatedByHand(() => {})
    return count
  },
  "ours: unzip": async () => {
    await Effect.runPromise(Stream.runDrain(contentOf(known)))
    return count
  },
  "hand: split, parse": async () => {
    const split = splitByHand()
    return lineChunks.reduce((_, chunk) => split(chunk), 0)
  },
  "ours: rows of lines": () => countRows(lineChunks),
  "ours: rows of an array": () => countRows(arrayChunks),
  "hand: inflate, split, parse": async () => {
    const split = splitByHand()
    let parsed = 0
    await inflatedByHand((chunk) => {
      parsed = split(chunk)
    })
    return parsed
  },
  "ours: unzip, rows of lines": () => countAll(known),
  "ours: unzip (sizes after the content), rows of lines": () => countAll(streamed),
  "ours: unzip (stored), rows of lines": () => countAll(stored),
  "ours: unzip, rows of an array": () => countAll(ofArray)
}

// By the clock, and by the work of all threads, which a busy machine disturbs less.
const speeds: Record<string, Array<number>> = {}
const costs: Record<string, Array<number>> = {}
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(runs)) {
    const start = performance.now()
    const work = process.cpuUsage()
    const parsed = await run()
    const seconds = (performance.now() - start) / 1000
    const { system, user } = process.cpuUsage(work)
    if (parsed !== count) throw new Error(`${name} gave ${parsed} rows of ${count}`)
    // The first round is for warming up.
    if (round > 0) {
      speeds[name] = [...(speeds[name] ?? []), lines.length / 1e6 / seconds]
      costs[name] = [...(costs[name] ?? []), lines.length / (user + system)]
    }
  }
}

// The least disturbed round of each: what else the machine does only ever takes time away.
const best = (of: typeof speeds, name: string): number => Math.max(...(of[name] ?? []))

console.log(
  `${(lines.length / 1e6).toFixed(0)} MB in ${count} rows, packed ${(lines.length / packed.reduce((sum, piece) => sum + piece.length, 0)).toFixed(1)} times`
)
let base = ""
const column = (of: typeof speeds, name: string) =>
  `${best(of, name).toFixed(0).padStart(5)} ${(best(of, name) / best(of, base)).toFixed(2)}`
console.log("MB/s ratio, MB/s of work ratio; the ratio is to the line by hand before")
for (const name of Object.keys(runs)) {
  if (name.startsWith("hand")) base = name
  console.log(`${column(speeds, name)}  ${column(costs, name)}  ${name}`)
}
