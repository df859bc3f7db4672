// Requests and responses of writing annotations.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { type AnnotateOptions, type Annotation, Annotations, NrrdMask, PngMask } from "effect-ango"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"
const taskId = "65aa0000000000000000b001"
const files = `https://files.example/${projectId}`

type Service = Annotations["Type"]
type Objects = ReadonlyArray<Annotation.ObjectInput>

const call = (f: (service: Service) => Effect.Effect<unknown, unknown>) => Effect.flatMap(Annotations, f)

const annotate = (answer: Annotation.AnswerInput, options?: AnnotateOptions, id = taskId): RequestCase => ({
  call: call((annotations) => annotations.annotate(id, answer, options))
})

const tool = (number: string) => `aaaa456789abcdef01234${number}`
const question = (number: string) => `bbbb456789abcdef01234${number}`
const relation = (number: string) => `dddd456789abcdef01234${number}`
const square = (x: number) => ({ x, y: 1, width: 5, height: 5 })

const cat = (objectId: string, x: number) => ({ schemaId: tool("01"), objectId, "bounding-box": square(x) })

const everyTool: Objects = [
  { schemaId: tool("01"), "bounding-box": { x: 10, y: 20, width: 30.5, height: 40 } },
  { schemaId: tool("02"), "rotated-bounding-box": { x: 10, y: 20, width: 30, height: 40, rotation: -12 } },
  {
    schemaId: tool("03"),
    polygon: [
      [0, 0],
      [10, 0],
      [5, 8.25]
    ]
  },
  {
    schemaId: tool("04"),
    polyline: [
      [0, 0],
      [4, 4],
      [9, 3]
    ]
  },
  { schemaId: tool("06"), point: [7.5, 3] },
  {
    schemaId: tool("05"),
    segmentation: {
      zones: [
        {
          region: [
            [0, 0],
            [9, 0],
            [9, 9],
            [0, 9]
          ],
          holes: [
            [
              [3, 3],
              [5, 3],
              [4, 5]
            ]
          ]
        },
        {
          region: [
            [20, 0],
            [29, 0],
            [29, 9]
          ],
          holes: []
        }
      ]
    }
  },
  { schemaId: tool("07"), ner: { start: 3, end: 9 } },
  { schemaId: tool("07"), ner: { start: 0.25, end: 1.75 } },
  {
    schemaId: tool("08"),
    objectId: "pdf1",
    pdf: { x1: 10, y1: 10, x2: 60, y2: 40, width: 800, height: 1200, pageNumber: 1, text: "12,00 €" }
  },
  {
    schemaId: "mySpline",
    spline: [
      [0, 0],
      [5, 9],
      [10, 0]
    ]
  }
]

const car: Objects = [
  { schemaId: tool("01"), objectId: "car1", page: 0, "bounding-box": square(1) },
  { schemaId: tool("01"), objectId: "car1", page: 10, "bounding-box": square(9) },
  { schemaId: tool("01"), objectId: "car1", page: 20, interpolationStopped: true, "bounding-box": square(9) }
]

const answering = (...bodies: ReadonlyArray<unknown>) =>
  bodies.map((data) => () => Response.json({ status: "success", data }))

/** Merges an empty answer into a task with these fields. */
const merge = (task: object, options: AnnotateOptions = {}): RequestCase => ({
  ...annotate({}, { merge: true, ...options }),
  nth: 1,
  answers: answering({ task: { _id: taskId, project: projectId, ...task } })
})

const masks = {
  brushDataUrl: `${files}/brushes/m1.png`,
  medicalBrushDataUrl: `${files}/medicalBrushes/ct.seg.nrrd`
}

const one = { width: 1, height: 1, depth: 1, data: [1] }

const uploadedMasks: RequestCase = {
  ...annotate(
    {},
    {
      brush: Either.getOrThrow(PngMask.fromLabels(one)),
      medicalBrush: Either.getOrThrow(NrrdMask.fromLabels(one))
    }
  ),
  nth: 5,
  answers: answering(
    { task: { _id: taskId, project: projectId, ...masks } },
    { uploadUrl: `${files}/brushes/0123456789abcdef0123456789abcd01.png?sig=00ff` },
    {},
    { uploadUrl: `${files}/medicalBrushes/0123456789abcdef0123456789abcd02.seg.nrrd?sig=00ff` },
    {}
  )
}

sends("annotations.annotate", {
  "empty-answer": annotate({}),
  "one-box": annotate({
    tools: [
      {
        schemaId: tool("01"),
        objectId: "12345",
        "bounding-box": { x: 10, y: 20, width: 30.5, height: 40 }
      }
    ]
  }),
  "next-stage": annotate({}, { nextStage: true }),
  "as-plugin": annotate({}, { isPlugin: true }),
  "next-stage-as-plugin": annotate({}, { nextStage: true, isPlugin: true }),
  duration: annotate({}, { duration: 5400 }),
  "brush-url": annotate({}, { brushDataUrl: `${files}/brushes/m1.png` }),
  "medical-brush-url": annotate({}, { medicalBrushDataUrl: `${files}/medicalBrushes/ct.seg.nrrd` }),
  "merge-without-masks": merge({ brushDataUrl: null }),
  "merge-with-masks": merge(masks),
  "merge-removes-brush": merge(masks, { brush: null }),
  "uploaded-masks": uploadedMasks,
  "every-tool": annotate({ tools: everyTool }),
  "common-object-keys": annotate({
    tools: [
      { title: "Cat", "bounding-box": square(1) },
      { schemaId: tool("01"), title: "Cat", lock: true, "bounding-box": square(9) },
      {
        schemaId: tool("01"),
        objectId: "cat3",
        classifications: [{ schemaId: question("21"), answer: "Pointed" }],
        page: 3,
        "bounding-box": square(20)
      }
    ]
  }),
  "every-classification": annotate({
    classifications: [
      { schemaId: question("01"), answer: "Calm" },
      {
        schemaId: question("02"),
        answer: ["Black", "White"],
        classifications: [{ schemaId: question("41"), answer: ["Shiny"] }]
      },
      { schemaId: question("03"), answer: "Ulm" },
      { schemaId: question("04"), answer: [] },
      {
        schemaId: question("05"),
        tool: "tree-dropdown",
        answer: ["Animal", "Animal / Cat", "Animal / Cat / Tabby"]
      },
      { schemaId: question("06"), answer: '<p>Schläft "tief" &amp; fest</p>\n猫 50%+' },
      { schemaId: question("09"), answer: ["B", "A"] },
      { schemaId: question("08"), answer: true }
    ]
  }),
  relations: annotate({
    // The names of import files.
    objects: [cat("cat1", 1), cat("cat2", 9)],
    relations: [
      { schemaId: relation("01"), from: "cat1", to: "cat2" },
      { schemaId: relation("01"), from: "cat1", to: "cat2", direction: "straight" },
      { schemaId: relation("01"), from: "cat2", to: "cat1", direction: "reverse" },
      { schemaId: relation("01"), from: "cat1", to: "cat2", direction: "bidirectional" },
      { schemaId: relation("02"), group: ["cat1", "cat2"] }
    ]
  }),
  video: annotate({ tools: car }, {}, "65aa0000000000000000b012"),
  fullest: annotate(
    {
      relations: [{ schemaId: relation("02"), group: ["cat1"] }],
      classifications: [{ schemaId: question("01"), answer: "Calm" }],
      tools: [cat("cat1", 1)]
    },
    {
      isPlugin: true,
      nextStage: true,
      duration: 5400,
      medicalBrushDataUrl: `${files}/medicalBrushes/ct.seg.nrrd`,
      brushDataUrl: `${files}/brushes/m1.png`
    }
  ),
  "us-region": { ...annotate({}), region: "us" }
})

reads("annotations.annotate", annotate({}).call)

describe("uploading masks", () => {
  it.effect("asks for links by type and name, and sends the bytes without the key", () =>
    Effect.gen(function* () {
      const hub = scripted(uploadedMasks.answers ?? [])
      yield* Effect.ignore(Effect.provide(uploadedMasks.call, hub.layer))
      const sent = hub.requests.map(
        ({ method, url }) => `${method} ${url.replace(/[0-9a-f]{32}(?=\.)/, "<hex>")}`
      )
      const hex = "<hex>"
      expect(sent).toEqual([
        `GET https://imeritapi.ango.ai/v2/task/${taskId}?includeAnswer=false`,
        `GET https://imeritapi.ango.ai/v2/getUploadUrl?name=${hex}.png&project=${projectId}&type=brushes`,
        `PUT ${files}/brushes/${hex}.png?sig=00ff`,
        `GET https://imeritapi.ango.ai/v2/getUploadUrl?name=${hex}.seg.nrrd&project=${projectId}&type=medicalBrushes`,
        `PUT ${files}/medicalBrushes/${hex}.seg.nrrd?sig=00ff`,
        `POST https://imeritapi.ango.ai/v2/annotate/${taskId}?nextStage=false&isPlugin=false`
      ])
      expect([2, 4].map((index) => hub.requests[index]?.headers.get("apikey"))).toEqual([null, null])
    })
  )
})

describe("merging annotations", () => {
  it.effect("reads the current answer and sends everything to keep, brushes included", () =>
    Effect.gen(function* () {
      const { responses } = golden("annotations.annotate")
      const present = block(responses, "with-answer").replace('"label"', '"task"')
      const hub = scripted([() => toResponse(present), () => toResponse(block(responses, "with-answer"))])
      const added = annotate({ tools: [cat("cat2", 9)] }, { merge: true })
      yield* Effect.provide(added.call, hub.layer)

      const [read, written] = hub.requests
      expect(`${read?.method} ${read?.url}`).toBe(
        `GET https://imeritapi.ango.ai/v2/task/${taskId}?includeAnswer=true`
      )
      expect(hub.requests).toHaveLength(2)
      const body: unknown = yield* Effect.promise(async () => written?.json())
      expect(body).toEqual({
        answer: {
          objects: [
            cat("cat2", 9),
            {
              ...cat("cat1", 1),
              lock: false,
              classifications: [],
              metadata: { createdAt: 1735787400000, createdBy: "65aa00000000000000009001" }
            }
          ],
          classifications: [
            {
              schemaId: question("01"),
              objectId: "2222456789abcdef0123401",
              tool: "radio",
              title: "Mood",
              answer: "cccc456789abcdef0123401",
              classifications: []
            }
          ],
          relations: [{ schemaId: relation("02"), objectId: "3333456789abcdef0123401", group: ["cat1"] }]
        },
        brushDataUrl: `${files}/brushes/m1.png`,
        duration: 0
      })
    })
  )
})

describe("results", () => {
  const read = (file: string, name: string, effect: RequestCase["call"]) =>
    Effect.provide(effect, scripted([() => toResponse(block(golden(file).responses, name))]).layer)

  it.effect("annotate returns the task", () =>
    Effect.gen(function* () {
      const task = yield* read("annotations.annotate", "with-answer", annotate({}).call)
      expect(task).toMatchObject({ id: taskId, answer: { tools: [{ objectId: "cat1" }] } })
    })
  )
})
