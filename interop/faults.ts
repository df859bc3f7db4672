// What the vendor's client itself does wrong. Named and shown, not counted, and the hub is not bent for it.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { Issues, Projects } from "effect-ango"
import { assetsOf, type Case, listAt, newFile, newProject, taskIds } from "./cases/case.js"
import { member, object, same } from "./pythonClient.js"

interface Fault {
  readonly name: string
  readonly function: string
  /** Fails when the fault is gone. */
  readonly show: Case
}

const builder = {
  name: "Log book",
  template: "<p>{{text}}</p><div>{{Weather}}</div>",
  selectedExternalId: "number",
  batchColumn: "week",
  dataConfig: { number: { type: "text" }, text: { type: "text" }, week: { type: "text" } }
}

const fails = (call: Effect.Effect<unknown, unknown>) =>
  Effect.map(Effect.either(call), (result) => expect(Either.isLeft(result)).toBe(true))

export const faults: ReadonlyArray<Fault> = [
  {
    name: "rows of the asset builder get into no batch, and placeholders of classifications stay",
    function: "upload_files_with_asset_builder",
    show: Effect.fn(function* (call) {
      const id = yield* newProject()
      const projects = yield* Projects
      yield* projects.createAssetBuilderTemplate(id, builder)
      const [template] = yield* projects.assetBuilderTemplates(id)
      const csv = yield* newFile("weeks.csv", "number,text,week\n1,Calm,Week 1\n")
      yield* call([id, template?.id, csv])
      const asset = (yield* assetsOf(id)).get("1")
      expect(asset?.batches).toEqual([])
      expect(asset?.data).toContain("{{Weather}}")
    })
  },
  {
    name: "+, & and # in its queries are not encoded",
    function: "get_issues",
    show: Effect.fn(function* (call) {
      const id = yield* newProject(1)
      const [task = ""] = yield* taskIds(id)
      yield* (yield* Issues).create(task, { content: "Look" })
      // Nobody has this address: what follows the # is not sent.
      const created_by = "grace.adeyemi@example.com#night"
      expect(listAt(yield* call([id], { created_by }), "data.issue")).toHaveLength(1)
    })
  },
  {
    name: "TreeOption(key=…) ends in an exception",
    function: "create_label_set",
    show: Effect.fn(function* (call) {
      const id = yield* newProject()
      const tree = object("ClassificationCategory", {
        classification: member("Classification", "Tree_dropdown"),
        treeOptions: [object("TreeOption", { title: "Arm", key: "arm" })]
      })
      yield* fails(call([id], { classifications: [tree] }))
    })
  },
  {
    name: "the objects of a label set can be sent once",
    function: "create_label_set",
    show: Effect.fn(function* (call) {
      const id = yield* newProject()
      const question = object(
        "ClassificationCategory",
        {
          classification: member("Classification", "Radio"),
          title: "Moving?",
          options: [object("LabelOption", { value: "Yes" })]
        },
        { name: "question" }
      )
      yield* call([id], { classifications: [question] })
      yield* fails(call([id], { classifications: [same("question")] }))
    })
  }
]

/** Faults that no call against the hub shows. */
export const furtherFaults: ReadonlyArray<string> = [
  "a PUT of a file is not checked: one that failed becomes an asset without a file",
  "ProjectMember ends in an exception when it is written; no function takes one"
]
