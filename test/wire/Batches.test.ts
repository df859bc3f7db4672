// Requests and responses of writing and assigning batches.
import * as Effect from "effect/Effect"
import { type Batch, Batches, BatchId } from "effect-ango"
import { batch1, batch2, holding, holdingBoth, projectId } from "../support/Batches.js"
import { understood } from "../support/Outcomes.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const create = (...batches: ReadonlyArray<string | typeof Batch.NewBatch.Type>): RequestCase => ({
  call: Effect.flatMap(Batches, (service) => service.createMany(projectId, batches))
})
const createOne = (batch: string | typeof Batch.NewBatch.Type): RequestCase => ({
  call: Effect.flatMap(Batches, (service) => service.create(projectId, batch))
})
const replace = (...batches: Parameters<Batches["Type"]["replace"]>[1]): RequestCase => ({
  call: Effect.flatMap(Batches, (service) => service.replace(projectId, batches))
})

const first = { _id: batch1, name: "Batch 1" }
const [project] = holding(first).answers
const refused = () => Response.json({ status: "fail", message: "batches is required" }, { status: 400 })

sends("batches.update", {
  "by-name": { ...createOne("Week 1"), ...holding(first) },
  "by-name-awkward": { ...createOne(`"猫" #1+2 50% a/b\\c`), ...holding(first) },
  "list-after-400": {
    ...createOne("Week 1"),
    nth: 3,
    answers: [project, refused, project, () => new Response("{}")]
  },
  "one-with-description": { ...createOne({ name: "Week 1", description: "Nights" }), ...holding(first) },
  "first-batch": { ...create("Batch 1"), ...holding() },
  "one-more": { ...create("Batch 2"), ...holding({ _id: batch1, name: "Batch 1" }) },
  "several-more": { ...create("Batch 3", "Batch 1", "Batch 4"), ...holdingBoth },
  "awkward-names": {
    ...create(`"猫" #1+2 50% a/b\\c`),
    ...holding({ _id: batch2, name: "Nacht, Regen & Öl" })
  },
  "description-and-color": {
    ...create({ name: "Batch 2", description: "", color: "#F44336" }),
    ...holding({ _id: batch1, name: "Batch 1", description: "First delivery", color: "#00aa88" })
  },
  rename: replace({ id: BatchId.make(batch1), name: "Batch 1a" }),
  "empty-list": replace(),
  "us-region": { ...create("Batch 1"), ...holding(), region: "us" }
})
reads("batches.update", replace().call)

const assign = (assets: ReadonlyArray<string>, batches: ReadonlyArray<string>): RequestCase => ({
  call: Effect.flatMap(Batches, (service) => understood(service.assign(projectId, { assets, batches })))
})
const [asset1, asset2] = ["65aa0000000000000000e001", "65aa0000000000000000e002"]

sends("batches.assign", {
  "one-to-one": { ...assign([asset1], [batch1]), ...holdingBoth },
  several: { ...assign([asset2, asset1], ["Batch 2", batch1]), ...holdingBoth }
})
reads("batches.assign", assign([asset1], [batch1]).call, undefined, holdingBoth.answers.slice(0, 1))
