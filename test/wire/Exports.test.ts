// Requests and responses of exports, for both paths.
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type ExportOptions, Exports } from "effect-ango"
import { batch1, batch2, holdingBoth, projectId } from "../support/Batches.js"
import { type RequestCase, reads, sends } from "../support/WireCases.js"

const from = DateTime.unsafeMake("2025-01-01T00:00:00.000Z")
const to = DateTime.unsafeMake("2025-02-01T12:34:56.789Z")
const review = "206f2f63-0000-4000-8000-000000000006"

const ask = (options?: ExportOptions): RequestCase => ({
  call: Effect.flatMap(Exports, (exports) => exports.request(projectId, options))
})

sends("exports.request", {
  default: ask(),
  "format-ndjson": ask({ format: "ndjson" }),
  "format-split": ask({ format: "split" }),
  "type-issue": ask({ type: "issue" }),
  "all-stages": ask({ stages: "all" }),
  "one-stage": ask({ stages: [review] }),
  "several-stages": ask({ stages: ["Label", review, "Complete"] }),
  batches: { ...ask({ batches: [batch1, "Batch 2"] }), ...holdingBoth },
  "task-type-consensus": ask({ taskTypes: ["consensus"] }),
  "task-type-benchmark-with-stage": ask({ taskTypes: ["benchmark"], stages: ["Label"] }),
  "send-email": ask({ sendEmail: true }),
  notify: ask({ doNotNotify: false }),
  "without-metadata": ask({ includeMetadata: false }),
  "without-history": ask({ includeHistory: false }),
  "only-key-frames": ask({ includeOnlyKeyFrames: true }),
  "idle-and-blur-durations": ask({ includeIdleBlurDurations: true }),
  "updated-after": ask({ updatedAfter: from }),
  "updated-before": ask({ updatedBefore: to }),
  "updated-between": ask({ updatedAfter: from, updatedBefore: to }),
  "created-after": ask({ createdAfter: from }),
  "created-before": ask({ createdBefore: to }),
  "created-between": ask({ createdAfter: from, createdBefore: to }),
  fullest: {
    ...ask({
      format: "ndjson",
      stages: ["Label", "Complete"],
      batches: ["Batch 1"],
      taskTypes: ["consensus"],
      sendEmail: true,
      doNotNotify: false,
      includeMetadata: false,
      includeHistory: false,
      includeOnlyKeyFrames: true,
      includeIdleBlurDurations: true,
      updatedAfter: from,
      createdBefore: to
    }),
    ...holdingBoth
  },
  "us-region": { ...ask(), region: "us" }
})
reads("exports.request", ask().call)

const path = "/exportV3"

sends("exports.requestV3", {
  default: ask({ path }),
  "format-ndjson": ask({ path, format: "ndjson" }),
  "type-issue": ask({ path, type: "issue" }),
  "all-stages": ask({ path, stages: "all" }),
  "stages-and-batches": {
    ...ask({ path, stages: ["Label", review], batches: [batch1, batch2] }),
    ...holdingBoth
  },
  fullest: {
    ...ask({
      path,
      format: "ndjson",
      stages: ["Label", "Complete"],
      batches: [batch1],
      taskTypes: ["benchmark"],
      sendEmail: true,
      doNotNotify: false,
      includeMetadata: false,
      includeHistory: false,
      includeOnlyKeyFrames: true,
      includeIdleBlurDurations: true,
      updatedAfter: from,
      updatedBefore: to,
      createdAfter: from
    }),
    ...holdingBoth
  }
})
reads("exports.requestV3", ask({ path }).call)
