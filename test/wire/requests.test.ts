// Every request of the client equals one written by hand from the documents.
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Assets, Batches, Projects, Tasks } from "effect-ango"
import { holdingBoth, silent } from "../support/Batches.js"
import { type RequestCase, type RequestCases, sends } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"
const taskId = "65aa0000000000000000b001"
const assetId = "65aa0000000000000000e001"
const [batch1, batch2] = ["65aa0000000000000000d001", "65aa0000000000000000d002"]
const review = "206f2f63-0000-4000-8000-000000000006"
const from = DateTime.unsafeMake("2025-01-01T00:00:00.000Z")
const to = DateTime.unsafeMake("2025-02-01T12:34:56.789Z")
const rejected = { reviewStatus: "Rejected", stage: { $in: ["Label"] } }

const projects = (f: (service: Projects["Type"]) => Effect.Effect<unknown, unknown>) =>
  Effect.flatMap(Projects, f)
const tasks = (f: (service: Tasks["Type"]) => Effect.Effect<unknown, unknown>) => Effect.flatMap(Tasks, f)
const assets = (f: (service: Assets["Type"]) => Effect.Effect<unknown, unknown>) => Effect.flatMap(Assets, f)
const batches = Effect.flatMap(Batches, (service) => service.list(projectId))

const taskPage = (options?: Parameters<Tasks["Type"]["page"]>[1]): RequestCase => ({
  call: tasks((service) => service.page(projectId, options))
})
const assetPage = (options?: Parameters<Assets["Type"]["page"]>[1]): RequestCase => ({
  call: assets((service) => service.page(projectId, options))
})
const projectStream = projects((service) => Stream.runDrain(service.stream()))
const taskStream = tasks((service) => Stream.runDrain(service.stream(projectId)))
const assetStream = assets((service) => Stream.runDrain(service.stream(projectId)))

const files: Record<string, RequestCases> = {
  "projects.list": {
    "first-page": { call: projects((service) => service.page()) },
    "page-3-limit-1000": { call: projects((service) => service.page({ page: 3, limit: 1000 })) },
    "limit-below-ten": { call: projects((service) => service.page({ limit: 1 })) },
    "page-with-sort": { call: projects((service) => service.page({ sort: "-createdAt" })) },
    "page-with-multi-sort": { call: projects((service) => service.page({ sort: "-createdAt,name" })) },
    "stream-first": { call: projectStream },
    "stream-limit-2-first": { call: projectStream, pageSize: 2 },
    "stream-limit-2-second": { call: projectStream, pageSize: 2, nth: 1 },
    "us-region": { call: projects((service) => service.page()), region: "us" },
    "india-region": { call: projects((service) => service.page()), region: "in" }
  },
  "projects.get": {
    default: { call: projects((service) => service.get(projectId)) },
    "us-region": { call: projects((service) => service.get(projectId)), region: "us" }
  },
  "tasks.list": {
    "first-page": taskPage(),
    "page-3-limit-1000": taskPage({ page: 3, limit: 1000 }),
    "limit-below-ten": taskPage({ limit: 1 }),
    "include-answer": taskPage({ includeAnswer: true }),
    "stream-first": { call: taskStream },
    "stream-limit-2-first": { call: taskStream, pageSize: 2 },
    "stream-limit-2-second": { call: taskStream, pageSize: 2, nth: 1 },
    "stream-with-status": {
      call: tasks((service) => Stream.runDrain(service.stream(projectId, { status: "TODO" })))
    },
    status: taskPage({ status: "Completed" }),
    "status-new-value": taskPage({ status: "PCT_REQUEUE_WAITING" }),
    "batches-one": { ...taskPage({ batches: [batch1] }), ...holdingBoth },
    "batches-two": { ...taskPage({ batches: ["Batch 1", batch2] }), ...holdingBoth },
    "stage-default": taskPage({ stage: "Label" }),
    "stage-uuid": taskPage({ stage: review }),
    assignee: taskPage({ assignee: "lab@example.com" }),
    "assignee-with-plus": taskPage({ assignee: "lab+night@example.com" }),
    "raw-filter": taskPage({ filter: rejected }),
    "raw-filter-with-operators": taskPage({ filter: { batches: { $in: [batch1] }, note: "a b" } }),
    "status-list-of-one": taskPage({ status: ["Completed"] }),
    "status-several": taskPage({ status: ["Completed", "Reviewed", "Completed"] }),
    "stage-several": taskPage({ stage: ["Label", review] }),
    "assignee-several": taskPage({ assignee: ["lab@example.com", "lab+night@example.com"] }),
    "review-status": taskPage({ reviewStatus: "Rejected" }),
    "review-status-several": taskPage({ reviewStatus: ["Rejected", "Fixed"] }),
    "task-type": taskPage({ taskType: "benchmark" }),
    priority: taskPage({ priority: 10 }),
    "priority-zero": taskPage({ priority: 0 }),
    "priority-range": taskPage({ priority: { max: 1000, min: -5 } }),
    "priority-at-least": taskPage({ priority: { min: 1 } }),
    "external-id": taskPage({ externalId: 'Käfer & "Co" #1+2.jpg' }),
    "external-id-several": taskPage({ externalId: ["tom.jpg", "kit.jpg"] }),
    "created-between": taskPage({ createdAfter: from, createdBefore: to }),
    "updated-after": taskPage({ updatedAfter: from }),
    "status-not": taskPage({ status: { not: "Completed" } }),
    "assignee-none-of": taskPage({ assignee: { noneOf: ["lab@example.com", "rev@example.com"] } }),
    "external-id-pattern": taskPage({ externalId: { pattern: "^cats/.*\\.jpg$" } }),
    "updated-by-exists": taskPage({ updatedBy: { exists: false } }),
    "stage-not": taskPage({ stage: { not: "Complete" } }),
    "batches-none-of": { ...taskPage({ batches: { noneOf: ["Batch 1"] } }), ...holdingBoth },
    "created-by": taskPage({ createdBy: "pm@example.com" }),
    "created-from-to": taskPage({ createdFrom: from, createdTo: to }),
    durations: taskPage({ duration: { above: 0, below: 60_000 }, totalDuration: { not: 0 } }),
    "open-issues": taskPage({ openIssuesCount: { min: 1 } }),
    flags: taskPage({ isDraft: false, isSkipped: true, isBenchmark: false }),
    "typed-and-raw": taskPage({ filter: { asset: { $eq: assetId } }, reviewStatus: "Rejected" }),
    "stream-with-conditions": {
      call: tasks((service) => Stream.runDrain(service.stream(projectId, { stage: "Label", isDraft: true })))
    },
    "sort-priority": taskPage({ sort: "-priority" }),
    fields: taskPage({ fields: ["status", "stage"] }),
    "fields-with-repeats": taskPage({ fields: ["status", "_id", "answer", "status", "externalId"] }),
    "multi-sort": taskPage({ sort: "-createdAt,priority" }),
    "all-together": {
      ...taskPage({
        page: 2,
        limit: 50,
        fields: ["status", "review"],
        filter: { asset: assetId },
        duration: { above: 0 },
        reviewStatus: "Rejected",
        priority: { min: -5, max: 1000 },
        externalId: "tom.jpg",
        createdAfter: from,
        createdBefore: to,
        status: "Completed",
        batches: [batch1, batch2],
        stage: review,
        assignee: "lab@example.com",
        sort: "-createdAt,priority"
      }),
      ...holdingBoth
    },
    "us-region": { ...taskPage(), region: "us" }
  },
  "tasks.get": {
    default: { call: tasks((service) => service.get(taskId)) },
    "include-answer": { call: tasks((service) => service.get(taskId, { includeAnswer: true })) },
    "us-region": { call: tasks((service) => service.get(taskId)), region: "us" }
  },
  "tasks.history": {
    default: { call: tasks((service) => service.history(taskId)) },
    "us-region": { call: tasks((service) => service.history(taskId)), region: "us" }
  },
  "tasks.historyItem": {
    "by-history-id": { call: tasks((service) => service.historyItem("65aa00000000000000007001")) },
    "by-task-id": { call: tasks((service) => service.historyItem(taskId)) },
    "us-region": {
      call: tasks((service) => service.historyItem("65aa00000000000000007001")),
      region: "us"
    }
  },
  "assets.list": {
    default: assetPage(),
    "page-3-limit-1000": assetPage({ page: 3, limit: 1000 }),
    "page-with-multi-sort": assetPage({ sort: "-createdAt,externalId" }),
    "stream-first": { call: assetStream },
    "stream-limit-2-first": { call: assetStream, pageSize: 2 },
    "stream-limit-2-second": { call: assetStream, pageSize: 2, nth: 1 },
    "filter-id": assetPage({ id: "65aa0000000000000000e001" }),
    "filter-external-id": assetPage({ externalId: "tom.jpg" }),
    "filter-pre-labeled-true": assetPage({ isPreLabeled: true }),
    "filter-pre-labeled-false": assetPage({ isPreLabeled: false }),
    "filter-batches": { ...assetPage({ batches: ["Batch 1", batch2] }), ...holdingBoth },
    "filter-created-after": assetPage({ createdAfter: from }),
    "filter-created-before": assetPage({ createdBefore: to }),
    "filter-created-between": assetPage({ createdAfter: from, createdBefore: to }),
    "filter-raw": assetPage({ filter: { "metadata.width": { $gte: 1920 } } }),
    "filter-typed-and-raw": assetPage({ filter: { data: { ne: "x" } }, isPreLabeled: true }),
    "filter-external-id-awkward": assetPage({
      externalId: `Käfer & "Co" #1+2 50% 'neu' a/b?c=d\\e 猫🐈~!*.jpg`
    }),
    "all-together": {
      ...assetPage({
        page: 2,
        limit: 50,
        sort: "-createdAt",
        id: "65aa0000000000000000e001",
        externalId: `Käfer & "Co" #1+2 50% 'neu' 猫.jpg`,
        isPreLabeled: false,
        batches: [batch1, batch2],
        createdAfter: from,
        createdBefore: to
      }),
      ...holdingBoth
    },
    "us-region": { ...assetPage(), region: "us" }
  },
  "batches.list": {
    // Asked only when the project says nothing of its batches.
    default: { call: batches, ...silent },
    "us-region": { call: batches, ...silent, region: "us" }
  }
}

for (const [file, cases] of Object.entries(files)) sends(file, cases)
