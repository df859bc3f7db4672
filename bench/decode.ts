// Prints the cost of decoding a page of tasks as a multiple of its JSON.parse: npx tsx bench/decode.ts
import * as Schema from "effect/Schema"
import { success, Total } from "../src/api/envelope.js"
import { decoder } from "../src/decoding/decoder.js"
import { LabelTask } from "../src/schemas/LabelTask.js"

const id = (n: number) => n.toString(16).padStart(24, "6")
const instant = (minutes: number) => new Date(1_735_689_600_000 + minutes * 60_000).toISOString()

const answer = (n: number) => ({
  tools: Array.from({ length: 5 }, (_, i) => ({
    schemaId: `schema-${i}`,
    objectId: `object-${n}-${i}`,
    title: "Car",
    "bounding-box": { x: 10.5 + i, y: 20.25, width: 100, height: 50 },
    classifications: []
  })),
  classifications: [{ schemaId: "q1", objectId: `o-${n}`, tool: "radio", title: "Weather", answer: "sunny" }],
  relations: []
})

const asset = (n: number) => ({
  _id: id(n + 1000),
  externalId: `image-${n}.jpg`,
  data: `https://storage.example/bucket/image-${n}.jpg`
})

const task = (n: number, more: { readonly answer: boolean; readonly asset: boolean }) => ({
  _id: id(n),
  project: id(1),
  organization: id(2),
  asset: more.asset ? asset(n) : id(n + 1000),
  externalId: `image-${n}.jpg`,
  batches: [id(7)],
  stage: n % 3 === 0 ? "Complete" : "Label",
  status: n % 3 === 0 ? "Completed" : "TODO",
  assignee: `labeler${n % 7}@lab.example`,
  priority: 0,
  duration: 12_345 + n,
  isBenchmark: false,
  isPreLabeled: false,
  openIssuesCount: 0,
  updatedBy: "lead@lab.example",
  createdAt: instant(n),
  updatedAt: instant(n + 100),
  ...(more.answer ? { answer: answer(n) } : {})
})

const page = success({ tasks: Schema.Array(LabelTask), total: Total })

const ways: Readonly<Record<string, (value: unknown) => unknown>> = {
  "JSON.parse alone": () => undefined,
  "Schema.decodeUnknown": Schema.decodeUnknownSync(page),
  // Of the decoded side: what `is` checks has been renamed already, which it is not charged for.
  "Schema.is": Schema.is(page),
  "compiled (ours)": decoder(page, "tasks.list")
}

const median = (samples: Array<number>) => samples.toSorted((a, b) => a - b)[samples.length >> 1] ?? 0

// A fresh value each time, as it is in life: parsed, decoded once, and gone.
const measure = (parse: () => unknown, decode: (value: unknown) => unknown, millis: number) => {
  const parsed: Array<number> = []
  const decoded: Array<number> = []
  for (const end = performance.now() + millis; performance.now() < end; ) {
    const start = performance.now()
    const value = parse()
    const between = performance.now()
    decode(value)
    decoded.push(performance.now() - between)
    parsed.push(between - start)
  }
  return { parse: median(parsed), ratio: median(decoded) / median(parsed) }
}

const pages = {
  "100 tasks": { answer: false, asset: false },
  "… with assets": { answer: false, asset: true },
  "… with answers": { answer: true, asset: false },
  "… with both": { answer: true, asset: true }
}

const rows = Object.entries(pages).map(([name, more]) => {
  const tasks = Array.from({ length: 100 }, (_, n) => task(n, more))
  const text = JSON.stringify({ status: "success", data: { tasks, total: 100 } })
  const decoded = JSON.stringify(Schema.decodeUnknownSync(page)(JSON.parse(text)))
  const ratios = Object.entries(ways).map(([way, decode]) => {
    const parse = () => JSON.parse(way === "Schema.is" ? decoded : text)
    measure(parse, decode, 200)
    const { parse: millis, ratio } = measure(parse, decode, 500)
    return [way, way === "JSON.parse alone" ? `${(millis * 1000).toFixed(0)} µs` : ratio.toFixed(2)]
  })
  return { page: name, kB: Math.round(text.length / 1000), ...Object.fromEntries(ratios) }
})

console.table(rows)
