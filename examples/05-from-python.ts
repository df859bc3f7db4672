// The equivalent of every function of the vendor's Python SDK. docs/from-python.md shows these sections next to Python.
//
// Runs against the embedded hub on loopback, with no key:
//
//   npx tsx examples/05-from-python.ts
import { FetchHttpClient } from "@effect/platform"
import { NodeRuntime } from "@effect/platform-node"
import { Console, DateTime, Effect, Layer, Redacted, Stream } from "effect"
import {
  Ango,
  Annotations,
  Assets,
  Attachments,
  Batches,
  Exports,
  FileSource,
  Issues,
  Llms,
  Metrics,
  Notifications,
  Ontology,
  Organizations,
  Plugins,
  PngMask,
  Projects,
  RateLimit,
  RowOutcome,
  Storages,
  Tasks,
  Uploads
} from "effect-ango"
import { Emulator } from "effect-ango/emulator"

const bytes = new TextEncoder().encode("any file")

// #region client
const client = (apiKey: Redacted.Redacted, baseUrl: string) => Ango.layer({ apiKey, baseUrl }) // or region: "us"
// Ango.layerConfig() reads ANGO_API_KEY, and ANGO_REGION or ANGO_BASE_URL
// #endregion

// #region projects
const manageProjects = Effect.gen(function* () {
  const projects = yield* Projects
  const { items, total } = yield* projects.page({ page: 1, limit: 10 }) // projects.stream(): all of them
  const { id } = yield* projects.create({ name: "Cranes", description: "Boxes", type: "ango", pctConfig: {} })
  const { stages = [] } = yield* projects.get(id)
  yield* projects.addMembers(id, { emails: ["amara.okafor@example.com"], role: "Labeler" })
  yield* projects.setStages(id, [...(stages ?? []), { id: "notify", type: "Webhook", next: ["Complete"] }])
  yield* projects.rerunWebhook(id, "notify")
  yield* projects.uploadInstructions(id, { name: "guide.pdf", content: bytes }) // also storageId, bucket
  yield* projects.update(id, { benchmarkEnabled: true, benchmarkRatio: 10, benchmarkCutoff: true })
  yield* projects.setLabelValidation(id, { customValidationEnabled: true, validationFunction: "() => []" })
  const copy = yield* projects.clone(id, { batches: false }) // each part is true unless it is false
  if (copy !== undefined) yield* projects.purge(copy.id, { confirmName: "Cranes copy" })
  yield* projects.delete(id)
  return `${items.length} of ${total} projects are on the first page`
})
// #endregion

// #region labels
const setLabels = Effect.fn(function* (project: string, target: string) {
  const projects = yield* Projects
  const since = Ontology.classification("text", { title: "Since when?" })
  const labelSet = yield* Ontology.make({
    tools: [Ontology.tool("polygon", { title: "Crane", color: "#ff8800", required: true })],
    classifications: [
      Ontology.classification("radio", {
        title: "Is it moving?",
        options: ["Yes", { value: "No", reveals: [since] }]
      })
    ],
    relations: [Ontology.relation("one-to-one", { title: "lifts" })]
  })
  yield* projects.setLabelSet(target, labelSet) // an object of your own will do as well
  const { categorySchema } = yield* projects.copyLabelSet({ from: project, to: target })
  return `${categorySchema?.tools?.length} tools were copied from another project`
})
// #endregion

// #region batches
const sortIntoBatches = Effect.fn(function* (project: string, asset: string) {
  const batches = yield* Batches
  yield* batches.create(project, "Week 1") // the batch of this name, made when it is missing
  yield* batches.createMany(project, ["Week 1", "Week 2"])
  const assigning = batches.assign(project, { assets: [asset], batches: ["Week 1", "Week 2"] })
  const { updated } = yield* Stream.run(assigning, RowOutcome.summarize) // an outcome per asset
  return `${(yield* batches.list(project)).length} batches, ${updated} asset put into two of them`
})
// #endregion

// #region assets
const duplicates = "allow" // as Python does; by default, rows whose external id is there already are skipped

const failIfFailed = <A, E>(row: RowOutcome.RowOutcome<A, E>) =>
  RowOutcome.isFailed(row) ? Effect.fail(row.error) : Effect.void

const manageAssets = Effect.fn(function* (project: string, storage: string) {
  const [assets, attachments] = yield* Effect.all([Assets, Attachments])
  const createdAfter = DateTime.unsafeMake("2024-01-01") // also createdBefore, id, externalId, batches
  const { items, total } = yield* assets.page(project, {
    isPreLabeled: false,
    createdAfter,
    page: 1,
    limit: 10
  })
  const crane = { data: "https://cranes.s3.eu-central-1.amazonaws.com/1.jpg", externalId: "1.jpg" }
  const options = { storage, batches: ["Week 1"], priority: 5, uploadLocal: false, duplicates } as const
  yield* assets.importFromCloud(project, [crane], options).pipe(Stream.runForEach(failIfFailed)) // an outcome per row
  const file = new File(
    ['[{"messages":[{"id":"1","content":"Hello","user":{"role":"user","id":"a"}}]}]'],
    "talks.json"
  )
  yield* assets.importChat(project, { file, llm: "llm-1", namingStrategy: "random", storage, priority: 0 }) // or count
  const hint = { type: "TEXT", value: "The left crane only" } as const
  const rows = [{ externalId: "1.jpg", attachments: [hint] }]
  yield* attachments.create(project, rows).pipe(Stream.runForEach(failIfFailed))
  const newest = items.slice(0, 1).map(({ id }) => id)
  yield* assets.delete(project, newest)
  return `the newest ${items.length} of ${total} assets were read, and ${newest.length} deleted`
})
// #endregion

// #region uploads
const uploadFiles = Effect.fn(function* (project: string, names: ReadonlyArray<string>) {
  const uploads = yield* Uploads
  const rows = names.map((name) => ({
    source: FileSource.bytes(bytes, { name }), // FileSource.file("photos/1.jpg") for one on a disk
    externalId: name // also contextData, metadata, batches
  }))
  const options = { batches: ["Week 2"], priority: 0, duplicates } as const // also storage, bucket
  const { created } = yield* uploads.files(project, rows, options).pipe(Stream.run(RowOutcome.summarize))
  return `${created} files were uploaded`
})
// #endregion

// #region templates
const buildAssets = Effect.fn(function* (project: string) {
  const [assets, batches, projects] = yield* Effect.all([Assets, Batches, Projects])
  yield* projects.createAssetBuilderTemplate(project, {
    name: "Log book",
    template: "<p>{{text}}</p>",
    selectedExternalId: "number", // also description, batchColumn, preLabelConfig
    dataConfig: { number: { type: "text" }, text: { type: "text", includeInExport: true } }
  })
  const templates = yield* projects.assetBuilderTemplates(project)
  const rows = [{ externalId: "17", text: "Crane 4 stands still", week: "Week 3" }] // of your CSV reader
  const weeks = rows.map(({ week }) => week)
  yield* batches.createMany(project, weeks)
  const built = rows.map((row) => {
    const { externalId, text, week } = row
    return { data: `<p>${text}</p>`, externalId, contextData: row, batches: [week] }
  })
  yield* assets
    .importFromCloud(project, built, { uploadLocal: true, priority: 0, duplicates })
    .pipe(Stream.runForEach(failIfFailed))
  return `${templates.length} template, ${built.length} asset made of a row`
})
// #endregion

// #region tasks
const manageTasks = Effect.fn(function* (project: string) {
  const tasks = yield* Tasks
  const narrow = {
    status: "Completed",
    stage: "Complete",
    batches: ["June, morning"],
    includeAnswer: true
  } as const
  const completed = yield* Stream.runCount(tasks.stream(project, narrow))
  const open = {
    stage: "Label",
    status: ["TODO", "READY"],
    reviewStatus: { not: "Accepted" },
    priority: { min: -5, below: 100 },
    createdFrom: DateTime.unsafeMake("2024-01-01"),
    isSkipped: false,
    fields: ["stage"],
    sort: "-createdAt,priority"
  } as const
  const { items } = yield* tasks.page(project, { ...open, page: 1, limit: 100 })
  const [first = "", second = ""] = items.map(({ id }) => id)
  const { id } = yield* tasks.get(first, { includeAnswer: true })
  const history = yield* tasks.history(id)
  yield* Effect.forEach(history, (item) => tasks.historyItem(item.id))
  yield* tasks.assign(project, { tasks: [id], stage: "Label", user: "priya.raman@example.com" })
  yield* tasks.updatePriority(project, { priority: 10, filters: { taskIds: [id] } })
  yield* tasks.review(second, { status: "Rejected" }) // also pctDetails
  yield* tasks.setBenchmark(project, { tasks: [id], isBenchmark: true })
  const { modified } = yield* tasks.requeue(project, {
    toStage: "Label",
    filters: { fromStageIds: ["Complete"], batches: ["June, morning"] }, // all: true for every task
    removeAssignee: true // also removeAnnotations, removeStageHistory
  })
  return `${completed} tasks were complete, ${modified} were requeued`
})
// #endregion

// #region annotations
const annotate = Effect.fn(function* (project: string, task: string, externalId: string) {
  const [annotations, uploads] = yield* Effect.all([Annotations, Uploads])
  const data = new Uint8Array(640 * 480).fill(1, 0, 640) // a label per pixel: here the first line is drawn
  const brush = yield* PngMask.fromLabels({ width: 640, height: 480, data }) // also medicalBrush: NrrdMask.fromLabels
  const box = { title: "Vehicle", "bounding-box": { x: 10, y: 20, width: 30, height: 40 } }
  yield* annotations.annotate(task, { tools: [box] }, { merge: true, nextStage: true, brush }) // without merge it overwrites
  const { fileUrl } = yield* uploads.putMask(project, brush) // a mask alone, for the rows of an import
  const weather = { title: "Weather", answer: "Rain" }
  const row = { externalId, classifications: [weather], brushDataUrl: fileUrl } // an asset in Start
  const outcomes = annotations.importLabels(project, [row]) // one for each, checked against the ontology first
  const { rows, updated } = yield* outcomes.pipe(Stream.run(RowOutcome.summarize))
  return `one task was annotated, ${updated} of ${rows} pre-labelled`
})
// #endregion

// #region exports
const requestExport = Effect.fn(function* (project: string) {
  const exports = yield* Exports
  const link = yield* exports.request(project, {
    format: "ndjson",
    type: "task",
    stages: ["Complete"],
    batches: ["June, morning"],
    taskTypes: ["default"],
    updatedAfter: DateTime.unsafeMake("2024-01-01"), // also updatedBefore, createdAfter, createdBefore
    includeMetadata: true,
    includeHistory: true,
    includeOnlyKeyFrames: false,
    includeIdleBlurDurations: false,
    includeSegmentationPoints: true,
    sendEmail: false,
    doNotNotify: true,
    path: "/exportV3" // the older path; "/export" is the default
  })
  return `an archive is at ${new URL(Redacted.value(link)).host}, to be fetched without the key`
})
// #endregion

// #region issues
const discuss = Effect.fn(function* (project: string, task: string) {
  const issues = yield* Issues
  const { id } = yield* issues.create(task, {
    content: "The box should reach the edge",
    at: { position: [25, 15] }, // or textIndex, span, page, pageEnd, dataIndex, plane; objectId instead of at
    mentions: ["grace.adeyemi@example.com"],
    errorCodes: [{ category: "Geometry", name: "Too small" }] // also pctDetails
  })
  yield* issues.update(id, { content: "It should touch the edge", status: "Resolved" })
  const { comments } = yield* issues.comment(id, { content: "Done", mentions: [] })
  const all = yield* Stream.runCount(issues.stream({ project, task })) // also asset, stage, createdBy
  yield* issues.delete(project, id)
  return `${all} issue of a task, with ${comments?.length} comment`
})
// #endregion

// #region organization
const manageOrganization = Effect.fn(function* (organization: string, project: string) {
  const organizations = yield* Organizations
  yield* organizations.updateRoles(organization, [
    { email: "hana.kobayashi@example.com", organizationRole: "admin" }
  ])
  yield* organizations.removeMembers(organization, ["leila.haddad@example.com"])
  yield* organizations.invite(organization, {
    to: ["new@example.com"],
    organizationRole: "member",
    projectAssignments: [{ projectId: project, projectRole: "Labeler" }]
  })
  const members = yield* organizations.members(organization)
  const invites = yield* organizations.invites(organization)
  yield* organizations.revokeInvites(organization, ["new@example.com"])
  const notifications = yield* Notifications
  yield* notifications.send({
    receivers: ["hana.kobayashi@example.com"],
    message: "Week 1 is ready",
    title: "Labelling", // at most 200 characters
    link: "https://imerit.ango.ai"
  })
  return `${members.length} members, ${invites.length} pending invites`
})
// #endregion

// #region storages
const manageStorages = Effect.gen(function* () {
  const [storages, plugins] = yield* Effect.all([Storages, Plugins])
  const { id } = yield* storages.create({
    name: "Harbour",
    provider: "AWS",
    publicKey: Redacted.make("an access key's id"),
    privateKey: Redacted.make("the access key"),
    region: "eu-central-1" // also credentials
  })
  const all = yield* storages.list()
  const one = yield* storages.get(id)
  yield* storages.files(id, {
    bucketName: "cranes",
    path: "2025",
    getSignedUrls: true,
    retryOnSlowDown: true
  })
  yield* plugins.fileExplorer({ bucket: "cranes", storageId: id, folder: "2025" })
  yield* storages.delete(id)
  return `${one.name} was one of ${all.length} storages`
})
// #endregion

// #region llms
const manageLlms = Effect.gen(function* () {
  const llms = yield* Llms
  const apiKey = Redacted.make("the provider's key")
  yield* llms.create({ name: "Helper", provider: "openai", model: "gpt-4.1", apiKey, isStreamable: false }) // also baseUrl
  const all = yield* llms.list()
  const helper = yield* llms.get(all.find(({ name }) => name === "Helper")?.id ?? "")
  yield* llms.delete(helper.id)
  return `${helper.name} was one of ${all.length} language models`
})
// #endregion

// #region metrics
const measure = Effect.fn(function* (project: string) {
  const metrics = yield* Metrics
  const perStage = yield* metrics.overview(project, "LabelStageGroups")
  yield* metrics.performance(project, {
    interval: [DateTime.unsafeMake("2024-06-01"), DateTime.unsafeMake("2024-07-01")],
    batches: ["June, morning"]
  })
  return `tasks per stage: ${JSON.stringify(perStage)}`
})
// #endregion

const everything = Effect.gen(function* () {
  const [projects, tasks] = yield* Effect.all([Projects, Tasks])
  const [project = "", target = ""] = (yield* projects.collect({ limit: 10 })).map(({ id }) => id)
  const { organization } = yield* projects.get(project)
  const [storage] = yield* Effect.flatMap(Storages, (storages) => storages.list())
  const [asset] = yield* Effect.flatMap(Assets, (assets) => assets.collect(project, { limit: 1000 }))
  const [task] = yield* tasks.collect(project, { stage: "Label", limit: 1000 })
  const [waiting] = yield* tasks.collect(project, { stage: "Start", limit: 1000 })
  const lines = yield* Effect.all([
    manageProjects,
    setLabels(project, target),
    sortIntoBatches(project, asset?.id ?? ""),
    manageAssets(project, storage?.id ?? ""),
    uploadFiles(project, ["2.jpg", "3.jpg"]),
    buildAssets(project),
    annotate(project, task?.id ?? "", waiting?.externalId ?? ""),
    manageTasks(project),
    requestExport(project),
    discuss(project, task?.id ?? ""),
    manageOrganization(organization ?? "", project),
    manageStorages,
    manageLlms,
    measure(project)
  ])
  yield* Console.log(lines.join("\n"))
})

// A hub of one's own allows more requests than the plan of an organization.
Emulator.serve({ tasks: 60 }).pipe(
  Effect.flatMap(({ apiKey, baseUrl }) =>
    Effect.provide(everything, Layer.provide(client(apiKey, baseUrl), RateLimit.layerOff))
  ),
  Effect.provide(FetchHttpClient.layer),
  Effect.scoped,
  NodeRuntime.runMain
)
