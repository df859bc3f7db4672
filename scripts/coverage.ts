// Writes docs/coverage.md: every endpoint of the API with its methods in this library, in the vendor's REST documents
// and in the vendor's Python SDK (`npm run docs`). With --check it fails when the file is stale. A test requires a
// method and wire texts for each row.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { operations } from "../src/api/operations.js"

/**
 * One endpoint: its row in our notes, the operation of the contract, our methods, the REST document's title, the
 * SDK's functions.
 */
export interface Row {
  readonly row: string
  readonly operation: string
  readonly methods: ReadonlyArray<string>
  readonly rest?: string
  readonly python?: string
}

export const rows: ReadonlyArray<Row> = [
  {
    row: "P1",
    operation: "projects.list",
    methods: ["Projects.page", "Projects.pages", "Projects.stream", "Projects.collect"],
    rest: "List All Projects",
    python: "list_projects"
  },
  {
    row: "P2",
    operation: "projects.create",
    methods: ["Projects.create"],
    rest: "Create new project",
    python: "create_project"
  },
  {
    row: "P3",
    operation: "projects.get",
    methods: [
      "Projects.get",
      "Projects.members",
      "Projects.copyLabelSet",
      "Projects.assetBuilderTemplates",
      "Annotations.validate",
      "Batches.list",
      "Batches.resolve",
      "Batches.create",
      "Batches.createMany",
      "Tasks.requeue",
      "Tasks.requeueMany",
      "Uploads.files"
    ],
    rest: "Get Project Information",
    python: "get_project, get_batches, get_asset_builder_templates"
  },
  {
    row: "P4",
    operation: "projects.update",
    methods: ["Projects.update", "Projects.setLabelSet", "Projects.copyLabelSet", "Projects.setStages"],
    rest: "Create Label Set",
    python: "create_label_set, update_workflow_stages, update_benchmark_settings"
  },
  { row: "P5", operation: "projects.delete", methods: ["Projects.delete"], python: "delete_project" },
  {
    row: "P6",
    operation: "projects.addMembers",
    methods: ["Projects.addMembers"],
    python: "add_members_to_project"
  },
  {
    row: "P7",
    operation: "projects.instructions",
    methods: ["Projects.uploadInstructions"],
    python: "upload_instructions"
  },
  {
    row: "P8",
    operation: "projects.rerunWebhook",
    methods: ["Projects.rerunWebhook"],
    python: "rerun_webhook"
  },
  {
    row: "P9",
    operation: "projects.createAssetBuilderTemplate",
    methods: ["Projects.createAssetBuilderTemplate"],
    python: "create_asset_builder_template"
  },
  { row: "P10", operation: "projects.clone", methods: ["Projects.clone"], python: "clone_project" },
  { row: "P11", operation: "projects.purge", methods: ["Projects.purge"], python: "purge_project" },
  {
    row: "P12",
    operation: "projects.labelValidation",
    methods: ["Projects.setLabelValidation"],
    python: "update_label_validation"
  },
  {
    row: "T1",
    operation: "tasks.list",
    methods: ["Tasks.page", "Tasks.pages", "Tasks.stream", "Tasks.collect"],
    rest: "Get Project Tasks",
    python: "get_tasks"
  },
  {
    row: "T2",
    operation: "tasks.get",
    methods: ["Tasks.get", "Annotations.annotate"],
    rest: "Get Task",
    python: "get_task"
  },
  {
    row: "T3",
    operation: "tasks.assign",
    methods: ["Tasks.assign", "Tasks.unassign", "Tasks.planAssignment", "Tasks.assignMany"],
    rest: "Assign Task to User",
    python: "assign_task"
  },
  { row: "T4", operation: "tasks.history", methods: ["Tasks.history"], python: "get_task_history(task_id)" },
  {
    row: "T5",
    operation: "tasks.historyItem",
    methods: ["Tasks.historyItem"],
    rest: "Get a task's history",
    python: "get_task_history(task_history_id)"
  },
  {
    row: "T6",
    operation: "tasks.requeue",
    methods: ["Tasks.requeue", "Tasks.requeueMany"],
    python: "requeue_tasks"
  },
  {
    row: "T7",
    operation: "tasks.updatePriority",
    methods: ["Tasks.updatePriority"],
    python: "update_tasks_priority"
  },
  {
    row: "T8",
    operation: "annotations.annotate",
    methods: ["Annotations.annotate"],
    rest: "Upload annotations for a single task",
    python: "annotate_task"
  },
  { row: "T9", operation: "tasks.review", methods: ["Tasks.review"], python: "review_task" },
  {
    row: "T10",
    operation: "tasks.setBenchmark",
    methods: ["Tasks.setBenchmark"],
    python: "set_tasks_as_benchmark"
  },
  {
    row: "A1",
    operation: "assets.list",
    methods: ["Assets.page", "Assets.pages", "Assets.stream", "Assets.collect", "Assets.planSync"],
    rest: "Get Project Assets",
    python: "get_assets"
  },
  {
    row: "A2",
    operation: "assets.delete",
    methods: ["Assets.delete", "Assets.sync"],
    python: "delete_assets"
  },
  {
    row: "A3",
    operation: "assets.importFromCloud",
    methods: ["Assets.importFromCloud", "Assets.sync", "Uploads.files"],
    rest: "Upload Assets from Storage",
    python: "upload_files_cloud, upload_files, upload_files_with_asset_builder"
  },
  { row: "A4", operation: "assets.importChat", methods: ["Assets.importChat"], python: "upload_chat_assets" },
  {
    row: "A5",
    operation: "uploads.uploadUrl",
    methods: ["Uploads.uploadUrl", "Uploads.put", "Uploads.putMask", "Uploads.files"],
    python: "upload_brush_array, inside upload_files"
  },
  {
    row: "A6",
    operation: "uploads.signedUrl",
    methods: ["Uploads.signedUrl", "Annotations.annotate"],
    python: "inside annotate_task"
  },
  {
    row: "B1",
    operation: "batches.list",
    methods: ["Batches.list", "Batches.resolve"],
    rest: "Get batches of project"
  },
  {
    row: "B2",
    operation: "batches.update",
    methods: ["Batches.create", "Batches.createMany", "Batches.replace"],
    rest: "Create batch in project",
    python: "create_batch, create_batches"
  },
  {
    row: "B3",
    operation: "batches.assign",
    methods: ["Batches.assign"],
    rest: "Assign assets to batch",
    python: "assign_batches"
  },
  {
    row: "X1",
    operation: "annotations.importLabels",
    methods: ["Annotations.importLabels"],
    rest: "Upload pre-labels in bulk",
    python: "import_labels"
  },
  {
    row: "X2",
    operation: "exports.request",
    methods: [
      "Exports.request",
      "Exports.stream",
      "Exports.rows",
      "Exports.toFile",
      "Exports.update",
      "Exports.changes"
    ],
    python: "export"
  },
  {
    row: "X3",
    operation: "exports.requestV3",
    methods: ["Exports.request", "Exports.stream", "Exports.toFile", "Exports.update", "Exports.changes"],
    rest: "Get export from project",
    python: "exportV3"
  },
  {
    row: "X4",
    operation: "attachments.create",
    methods: ["Attachments.create"],
    rest: "Create Attachment",
    python: "create_attachment"
  },
  {
    row: "I1",
    operation: "issues.list",
    methods: ["Issues.page", "Issues.pages", "Issues.stream", "Issues.collect"],
    python: "get_issues"
  },
  {
    row: "I2",
    operation: "issues.create",
    methods: ["Issues.create"],
    rest: "Create Issue",
    python: "create_issue"
  },
  { row: "I3", operation: "issues.update", methods: ["Issues.update"], python: "update_issue" },
  { row: "I4", operation: "issues.comment", methods: ["Issues.comment"], python: "add_comment_to_issue" },
  { row: "I5", operation: "issues.delete", methods: ["Issues.delete"], python: "delete_issue" },
  {
    row: "O1",
    operation: "organizations.members",
    methods: ["Organizations.members", "Organizations.membersPage"],
    python: "get_organization_members"
  },
  {
    row: "O2",
    operation: "organizations.updateRoles",
    methods: ["Organizations.updateRoles"],
    python: "update_organization_members_role"
  },
  {
    row: "O3",
    operation: "organizations.removeMembers",
    methods: ["Organizations.removeMembers"],
    python: "delete_organization_members"
  },
  {
    row: "O4",
    operation: "organizations.invites",
    methods: ["Organizations.invites", "Organizations.invitesPage"],
    python: "get_organization_invites"
  },
  {
    row: "O5",
    operation: "organizations.invite",
    methods: ["Organizations.invite"],
    python: "invite_members_to_org"
  },
  {
    row: "O6",
    operation: "organizations.revokeInvites",
    methods: ["Organizations.revokeInvites"],
    python: "delete_organization_invites"
  },
  {
    row: "O7",
    operation: "notifications.send",
    methods: ["Notifications.send"],
    python: "send_notification"
  },
  {
    row: "S1",
    operation: "storages.list",
    methods: ["Storages.list", "Storages.page", "Storages.get"],
    rest: "Get Organization Storages",
    python: "get_storages"
  },
  { row: "S2", operation: "storages.create", methods: ["Storages.create"], python: "create_storage" },
  { row: "S3", operation: "storages.delete", methods: ["Storages.delete"], python: "delete_storage" },
  { row: "S4", operation: "storages.files", methods: ["Storages.files"], python: "list_storage_files" },
  { row: "M1", operation: "llms.create", methods: ["Llms.create"], python: "create_llm" },
  { row: "M2", operation: "llms.list", methods: ["Llms.list", "Llms.get"], python: "get_llms" },
  { row: "M3", operation: "llms.delete", methods: ["Llms.delete"], python: "delete_llm" },
  {
    row: "N1",
    operation: "metrics.overview",
    methods: ["Metrics.overview"],
    rest: "Get a metric from a project",
    python: "get_metrics"
  },
  {
    row: "N2",
    operation: "metrics.performance",
    methods: ["Metrics.performance"],
    python: "get_project_performance"
  },
  { row: "G1", operation: "plugins.respond", methods: ["Plugins.respond"], python: "inside plugins" },
  { row: "G2", operation: "plugins.log", methods: ["Plugins.log"], python: "inside plugins" },
  { row: "G3", operation: "plugins.fileExplorer", methods: ["Plugins.fileExplorer"], python: "file_explorer" }
]

/** What only the predecessor of the SDK called, or old exports point to. */
export const legacy: ReadonlyArray<{
  readonly row: string
  readonly endpoint: string
  readonly python?: string
}> = [
  { row: "L1", endpoint: "POST /project/{projectId}/upload" },
  { row: "L2", endpoint: "POST /task/{taskId}/status", python: "set_task_status" },
  { row: "L3", endpoint: "POST /priority/{projectId}", python: "set_asset_priority" },
  { row: "L4", endpoint: "POST /webhook", python: "create_webhook" },
  { row: "L5", endpoint: "GET /integrations", python: "get_integrations" },
  { row: "L6", endpoint: "GET /mask" }
]

const known: Readonly<Record<string, { readonly method: string; readonly route: string }>> = operations

const root = new URL("../", import.meta.url)

const read = (path: string): string => readFileSync(new URL(path, root), "utf8")

// As GitHub derives it from a heading.
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-")

/** The sections of a page: anchors and texts. */
const sectionsOf = (path: string): ReadonlyArray<readonly [anchor: string, text: string]> =>
  Array.from(read(path).matchAll(/^#{2,3} (.+)\n((?:(?!#{2,3} ).*\n)*)/gm), ([, heading = "", text = ""]) => [
    slugOf(heading),
    text
  ])

const notes = sectionsOf("docs/api-notes.md")

const migration = sectionsOf("docs/from-python.md")

const cases = readdirSync(new URL("interop/cases", root)).map((name) => read(`interop/cases/${name}`))

/** Functions of the SDK in a row; `inside upload_files` says which function uses the endpoint, and is none. */
export const functionsOf = ({ python = "" }: Row): ReadonlyArray<string> =>
  python
    .split(", ")
    .flatMap((name) => (name === "" || name.startsWith("inside ") ? [] : [name.replace(/\(.*$/, "")]))

/** All functions of the SDK. */
export const functions: ReadonlyArray<string> = [...new Set(rows.flatMap(functionsOf))]

/** Where an operation is tested and described; `undefined` where it is not. */
export const proofsOfOperation = ({ operation, row }: Row) => ({
  test: existsSync(new URL(`test/wire/${operation}.http`, root)) ? `test/wire/${operation}.http` : undefined,
  anchor: notes.find(([, text]) => new RegExp(`\\(${row}[,;:)]`).test(text))?.[0]
})

/** Where a function is tested and described; `undefined` where it is not. */
export const proofsOfFunction = (name: string) => ({
  test: cases.some((text) => new RegExp(`^(?: {2}|.*[{,] )${name}: `, "m").test(text)) ? name : undefined,
  anchor: migration.find(([, text]) => new RegExp(`\\bhub\\.${name}\\(`).test(text))?.[0]
})

const countProven = (all: ReadonlyArray<{ readonly [Proof in "test" | "anchor"]: string | undefined }>) =>
  `${all.filter(({ anchor, test }) => anchor !== undefined && test !== undefined).length} of ${all.length}`

const link = (text: string, target: string | undefined): string =>
  target === undefined ? text : `[${text}](${target})`

const linkFunctions = (column: string): string =>
  column
    .split(", ")
    .map((name) => {
      const { anchor } = proofsOfFunction(name.replace(/\(.*$/, ""))
      return link(name, anchor && `from-python.md#${anchor}`)
    })
    .join(", ")

export const coverage = (): string => {
  const lines = rows.map((one) => {
    const { methods, operation, python, rest, row } = one
    const { anchor, test } = proofsOfOperation(one)
    const endpoint = known[operation]
    const at = endpoint === undefined ? "missing" : `\`${endpoint.method} ${endpoint.route}\``
    const names = methods.map((name) => `\`${name}\``).join(", ")
    const note = link(row, anchor && `api-notes.md#${anchor}`)
    return `| ${note} | ${link(at, test && `../${test}`)} | ${names} | ${rest ?? ""} | ${linkFunctions(python ?? "")} |`
  })
  return `# Coverage

Every current endpoint of the API and the methods that call it, with the operation of the vendor's REST document and the function of the vendor's Python SDK (1.4.10). Paths are relative to \`/v2\`. This table is generated (\`npm run docs\`) and tested.

Where to look: the number of a row leads to its entry in the API notes, the endpoint to its wire texts (\`test/wire/<operation>.http\`, which the tests of that folder play), and a function to its section for users of Python. The test of a function is the case of its name in [interop/cases](../interop/cases), which runs the vendor's client against the hub.

| | Endpoint | Methods | REST document | Python SDK |
| --- | --- | --- | --- | --- |
${lines.join("\n")}

- ${countProven(rows.map(proofsOfOperation))} operations have methods, wire texts that test them, and an entry in the notes.
- ${countProven(functions.map(proofsOfFunction))} functions have a method, a case that tests them, and a section for users of Python.

B1 is on one old page alone, and no SDK calls it: the methods read the project (P3), and B1 only if the project's response has no batches.

${legacy.length} legacy endpoints are out of scope: no current document describes them.

| | Endpoint | Python package \`ango\` |
| --- | --- | --- |
${legacy.map(({ endpoint, python, row }) => `| ${row} | \`${endpoint}\` | ${python ?? ""} |`).join("\n")}
`
}

const file = new URL("../docs/coverage.md", import.meta.url)

if (process.argv[1]?.endsWith("coverage.ts")) {
  if (process.argv.includes("--check")) {
    if (readFileSync(file, "utf8") !== coverage()) {
      throw new Error("docs/coverage.md is stale: run `npm run docs`")
    }
    console.log("docs/coverage.md is up to date")
  } else {
    mkdirSync(new URL(".", file), { recursive: true })
    writeFileSync(file, coverage())
  }
}
