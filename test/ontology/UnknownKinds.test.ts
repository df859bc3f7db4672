// Kinds that this version does not know, such as an upload box (a classification whose answer is presumably a URL): every
// decoder and every validator accepts them, and nothing of them is lost.
import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Annotation,
  Annotations,
  Answer,
  CategorySchema,
  ExportClassification,
  ExportObject,
  ExportRow,
  Exports,
  LabelImport,
  Labels,
  LabelTask,
  LegacyExportRow,
  Ontology,
  Project,
  Projects,
  TaskHistory,
  Tasks,
  Track
} from "effect-ango"
import { AngoTest } from "effect-ango/emulator"
import { taskIn } from "../support/SeededTasks.js"
import { answer, entry, ghost, ontology, upload, uploadBox, url } from "../support/UnknownKinds.js"

const exported = {
  asset: "https://files.example/tom.jpg",
  assetId: "65aa0000000000000000e001",
  externalId: "tom.jpg",
  batches: [],
  task: {
    taskId: "65aa0000000000000000b001",
    stage: "Complete",
    stageId: "Complete",
    ...answer,
    stageHistory: [{ stage: "Label", stageId: "Label", ...answer }]
  }
}

const task = { _id: "65aa0000000000000000b001", stage: "Label", answer }

describe("unknown kinds", () => {
  // The second value is what encoding gives, if not the same.
  const decoders: Readonly<
    Record<string, readonly [Schema.Schema.AnyNoContext, unknown, encoded?: unknown]>
  > = {
    CategorySchema: [CategorySchema.CategorySchema, ontology],
    "CategorySchema.Tool": [CategorySchema.Tool, ontology.tools?.[0]],
    "CategorySchema.Classification": [CategorySchema.Classification, uploadBox],
    "CategorySchema.Relation": [CategorySchema.Relation, ontology.relations?.[0]],
    Project: [Project.Project, { _id: "65aa0000000000000000a001", name: "Cats", categorySchema: ontology }],
    LabelTask: [LabelTask.LabelTask, task],
    TaskHistory: [TaskHistory.TaskHistory, [{ id: "65aa0000000000000000f001", answer }]],
    Answer: [Answer.Answer, answer],
    "Answer.AnswerPayload": [
      Answer.AnswerPayload,
      { objects: answer.tools, classifications: answer.classifications, relations: answer.relations }
    ],
    "Annotation.AnswerInput": [Annotation.AnswerInput, answer],
    "Annotation.ObjectInput": [Annotation.ObjectInput, ghost],
    "Annotation.ClassificationInput": [Annotation.ClassificationInput, upload],
    LabelImport: [
      LabelImport.LabelImport,
      {
        externalId: "tom.jpg",
        objects: answer.tools,
        classifications: answer.classifications,
        relations: answer.relations
      }
    ],
    ExportRow: [ExportRow.ExportRow, exported],
    ExportObject: [ExportObject.ExportObject, ghost],
    ExportClassification: [ExportClassification.ExportClassification, upload],
    LegacyExportRow: [
      LegacyExportRow.LegacyExportRow,
      {
        asset: exported.asset,
        externalId: "tom.jpg",
        tasks: [{ taskId: task._id, objects: [ghost], classifications: [upload], relations: [] }]
      }
    ],
    "Ontology.answerSchema": [Ontology.answerSchema(ontology), answer]
  }

  it.effect.each(Object.entries(decoders))("are decoded and encoded by %s", ([, [schema, value]]) =>
    Effect.gen(function* () {
      const decoded = yield* Schema.decodeUnknown(schema)(value)
      expect(yield* Schema.encode(schema)(decoded)).toEqual(value)
    })
  )

  const named = { ...entry, tools: [{ ...ghost, schemaId: undefined }] }

  const validators: Readonly<Record<string, () => unknown>> = {
    "Labels.check": () => Labels.check(Labels.compile(ontology), entry, {}),
    "Labels.check, with classes by title": () =>
      Labels.check(Labels.compile(ontology), JSON.parse(JSON.stringify(named))),
    "Labels.check, with a list of files": () =>
      Labels.check(Labels.compile(ontology), {
        ...entry,
        classifications: [{ ...upload, answer: [url, url] }]
      }),
    "Labels.check, with a file as an object": () =>
      Labels.check(Labels.compile(ontology), {
        ...entry,
        classifications: [{ ...upload, answer: { url, size: 3 } }]
      }),
    "Labels.checkAll": () => Labels.checkAll(ontology, [entry])[0],
    "Ontology.answerSchema": () => Schema.decodeUnknownEither(Ontology.answerSchema(ontology))(answer)
  }

  it.each(Object.entries(validators))("are accepted by %s", (_, validate) => {
    expect(Either.isEither(validate()) && Either.isRight(validate() as Either.Either<unknown, unknown>)).toBe(
      true
    )
  })

  it("are missed by the validator when a required one has no answer", () => {
    const checked = Labels.check(Labels.compile(ontology), { externalId: "tom.jpg" })
    expect(Either.isLeft(checked)).toBe(true)
  })

  it("are generated as valid answers", () => {
    const schema = Ontology.answerSchema(ontology)
    const valid = Schema.is(schema)
    FastCheck.assert(
      FastCheck.property(Arbitrary.make(schema), (one) => valid(one)),
      { numRuns: 50, seed: 7 }
    )
  })

  it("are left alone by the functions over answers", () => {
    const decoded = Schema.decodeUnknownSync(Answer.Answer)(answer)
    expect(Ontology.toOptionIds(decoded, ontology)).toEqual(answer)
    expect(Ontology.toOptionValues(decoded, ontology)).toEqual(answer)
    expect(Answer.merge({}, decoded)).toEqual(answer)
    expect(ExportClassification.answerOf(upload)).toEqual({
      _tag: "unknown",
      tool: "some-upload-box",
      answer: url
    })
    expect(ExportClassification.flatten([upload])).toHaveLength(1)
    const object = Schema.decodeUnknownSync(ExportObject.ExportObject)(ghost)
    expect(ExportObject.toolOf(object)._tag).toBe("unknown")
    expect(ExportObject.objectIdOf(object)).toBe("o1")
    expect(Track.framesByObject([{ ...object, page: 3 }])).toHaveLength(1)
    expect(ExportRow.titlesOf(ontology).get("u1")).toBe("Report")
  })

  it.effect("are built by Ontology", () =>
    Effect.gen(function* () {
      const built = yield* Ontology.classification("some-upload-box", { title: "Report", schemaId: "u1" })
      expect(built).toMatchObject({ tool: "some-upload-box", title: "Report", schemaId: "u1" })
      expect(yield* Ontology.tool("hologram")).toMatchObject({ tool: "hologram" })
    })
  )

  it.effect("pass through the services: ontology, annotation, pre-labels, task, export", () =>
    Effect.gen(function* () {
      const { projectId } = AngoTest
      const { annotations, exports, projects, tasks } = yield* Effect.all({
        annotations: Annotations,
        exports: Exports,
        projects: Projects,
        tasks: Tasks
      })
      const { categorySchema } = yield* projects.setLabelSet(projectId, ontology)
      expect(categorySchema?.classifications?.[0]).toMatchObject(uploadBox)
      expect(categorySchema?.tools?.[0]?.classifications?.[0]).toMatchObject({ extensions: [".pdf"] })

      const { id } = yield* taskIn("Complete")
      const label = yield* annotations.annotate(id, answer)
      expect(label.answer).toMatchObject(answer)
      expect((yield* tasks.get(id, { includeAnswer: true })).answer).toMatchObject(answer)

      const start = yield* taskIn("Start")
      const rows = [{ ...entry, externalId: start.externalId ?? "" }]
      const [checked] = yield* annotations.validate(projectId, rows)
      expect(checked !== undefined && Either.isRight(checked)).toBe(true)
      const outcomes = Chunk.toReadonlyArray(
        yield* Stream.runCollect(annotations.importLabels(projectId, rows))
      )
      expect(outcomes.map(({ _tag }) => _tag)).toEqual(["Updated"])

      const found = yield* Stream.runCollect(exports.stream(projectId))
      const row = Chunk.toReadonlyArray(found).find((one) => one.task.taskId === id)
      expect(row?.task.tools?.[0]).toMatchObject(ghost)
      expect(row?.task.classifications?.[0]).toMatchObject(upload)
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 60 })))
  )
})
