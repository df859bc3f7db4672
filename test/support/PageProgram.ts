// Reads a list of tasks from bytes, in its own process: what the engine promotes shows how long pages live.
//
//   PageProgram.ts pages|stream <pages>    prints the number of tasks
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { operations } from "../../src/api/operations.js"
import { decoder } from "../../src/decoding/decoder.js"
import * as Drift from "../../src/layers/Drift.js"
import { makeRowDecoder } from "../../src/layers/transport/rowDecoder.js"
import { makeListReader, type Source } from "../../src/pagination/listing.js"
import { LabelTask } from "../../src/schemas/LabelTask.js"

const operation = operations["tasks.list"]
const size = 1000
const [method, pages] = process.argv.slice(2)
const total = size * Number(pages)

const textEncoder = new TextEncoder()
const textDecoder = new TextDecoder()

const bytesOf = (page: number): Uint8Array => {
  const rows = Array.from({ length: size }, (_, at) => {
    const index = (page - 1) * size + at
    const createdAt = new Date(Date.UTC(2025, 0, 1) + index * 1000).toISOString()
    return {
      _id: index.toString(16).padStart(24, "0"),
      project: "65aa0000000000000000a001",
      asset: { _id: (index + total).toString(16).padStart(24, "0"), externalId: `frame-${index}.jpg` },
      stage: "Label",
      status: "TODO",
      assignee: `person-${index % 7}@example.com`,
      batches: ["665d7800ba7cba7c01000003"],
      duration: index,
      isBenchmark: false,
      createdAt,
      updatedAt: createdAt
    }
  })
  return textEncoder.encode(JSON.stringify({ rows, total, respondedAt: Date.UTC(2030, 0, 1) }))
}

const source: Source<LabelTask> = {
  fetchPage: (page) =>
    Effect.sync(() => {
      const bytes = bytesOf(page)
      const decode = Effect.sync(() => JSON.parse(textDecoder.decode(bytes)))
      return { bytes: bytes.length, millis: 1, decode }
    }),
  decode: makeRowDecoder(decoder(LabelTask), {
    operation,
    drift: Drift.make("off"),
    toError: () => {
      throw new Error("a row could not be decoded")
    }
  }),
  membershipChanges: false,
  key: "the list"
}

const list = makeListReader({
  service: "Tasks",
  operation,
  pageSize: "adaptive",
  budget: Effect.succeed(undefined)
})
const count =
  method === "stream"
    ? Stream.runCount(list.stream(source, {}))
    : Stream.runFold(list.pages(source, {}), 0, (sum, { items }) => sum + items.length)

console.log(`read ${await Effect.runPromise(count)}`)
