/**
 * Projects: create, copy, read, change and delete them, with their members, ontology, workflow, instructions and templates.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import { ProjectsApi } from "../api/projects.js"
import { documentIn } from "../decoding/responseDocument.js"
import type { CallError, ListError, ListTooLong } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { withLabelSetDefaults } from "../ontology/labelSetDefaults.js"
import { makeListMethods, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import {
  type AssetBuilderTemplate,
  findTemplateProblem,
  NewAssetBuilderTemplate
} from "../schemas/AssetBuilderTemplate.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import { fromInput, type IdInput, type ProjectId, type StageId, type StorageId } from "../schemas/ids.js"
import { Project, type ProjectMember, type ProjectSummary } from "../schemas/Project.js"
import {
  type CloneParts,
  InstructionsFile,
  type LabelValidation,
  type NewProject,
  type ProjectChanges,
  type ProjectRoleName
} from "../schemas/ProjectInput.js"
import { findWorkflowProblem, Stage, type StageInput } from "../schemas/Stage.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/**
 * The methods of {@link Projects}.
 *
 * @category services
 * @since 0.1.0
 */
export interface ProjectsService {
  /**
   * Reads one project with its workflow, ontology, members and batches (`GET /project/{projectId}`). Fails with
   * `NotFound` if it does not exist or the user of the key has no access to it.
   */
  readonly get: (projectId: IdInput<ProjectId>) => Effect.Effect<Project, CallError>

  /**
   * Reads one page of the list of projects (`GET /listProjects`), newest first unless `sort` is given. Its items have
   * five fields; {@link ProjectsService.get} returns all.
   */
  readonly page: <Policy extends List.RowPolicy = "fail">(
    options?: List.PageOptions & List.RowOptions<Policy>
  ) => Effect.Effect<List.Page<List.Row<ProjectSummary, Policy>>, CallError>

  /**
   * Streams all projects page by page (`GET /listProjects`), oldest first, each project once. If the list changed
   * during the scan, ranges that may be incomplete are read again. Fails with `IncompleteListing` if projects may
   * still be missing.
   */
  readonly pages: <Policy extends List.RowPolicy = "fail">(
    options?: List.ListOptions<Policy>
  ) => Stream.Stream<List.ResumablePage<List.Row<ProjectSummary, Policy>>, ListError>

  /** Streams all projects one by one, oldest first; like {@link ProjectsService.pages}. */
  readonly stream: <Policy extends List.RowPolicy = "fail">(
    options?: List.ListOptions<Policy>
  ) => Stream.Stream<List.Row<ProjectSummary, Policy>, ListError>

  /**
   * Collects all projects in an array, oldest first. Fails with `ListTooLong` as soon as the first response shows that
   * there are more than `limit` projects.
   */
  readonly collect: <Policy extends List.RowPolicy = "fail">(
    options: List.ListOptions<Policy> & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<List.Row<ProjectSummary, Policy>>, ListError | ListTooLong>

  /**
   * Creates a project (`POST /project`) and returns it. By default its workflow is Start, Label, Complete and its
   * ontology is empty. Fails with `InvalidRequest` before any request if the name is empty.
   */
  readonly create: (project: NewProject) => Effect.Effect<Project, CallError>

  /**
   * Changes the given fields of a project (`POST /project/{projectId}`) and returns it; other fields stay. Fails with
   * `InvalidRequest` before any request without a field, with an invalid workflow
   * (see {@link ProjectsService.setStages}), or with a `benchmarkRatio` that is not a whole percentage from 0 to 100.
   *
   * Settings of benchmarks are fields like the others: `benchmarkEnabled`, `benchmarkRatio`, `benchmarkCutoff`;
   * `Tasks.setBenchmark` selects the tasks.
   *
   * @example
   * ```ts
   * import { Projects } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const benchmarked = Effect.flatMap(Projects, (projects) =>
   *   projects.update("65aa0000000000000000a001", { benchmarkEnabled: true, benchmarkRatio: 10 })
   * )
   * ```
   */
  readonly update: (
    projectId: IdInput<ProjectId>,
    changes: ProjectChanges
  ) => Effect.Effect<Project, CallError>

  /**
   * Copies a project (`POST /project/{projectId}/clone`): the copy is named `<name> copy` and has the parts that are not
   * `false`, all by default; a part that is `false` starts as in a new project. Assets, tasks and annotations are never
   * copied. The key's user has to be a manager of the project.
   *
   * Returns the copy if the response contains it, else `undefined`: the response is undocumented, and the list of projects
   * shows the copy in any case. A copy that may have been made is not made again: the call fails with
   * `AmbiguousOutcome`, and {@link ProjectsService.stream} shows whether there is a project `<name> copy`.
   *
   * @example
   * ```ts
   * import { Projects } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const nextMonth = Effect.flatMap(Projects, (projects) =>
   *   projects.clone("65aa0000000000000000a001", { batches: false })
   * )
   * ```
   *
   * @remarks undocumented: that a part starts as in a new project; the status for a user who is no manager (`Forbidden` on
   * the embedded hub).
   */
  readonly clone: (
    projectId: IdInput<ProjectId>,
    parts?: { readonly [Part in keyof CloneParts]?: boolean | undefined }
  ) => Effect.Effect<Project | undefined, CallError>

  /**
   * Deletes a project with its assets, tasks, issues and histories (`DELETE /project/{projectId}`). This cannot be
   * undone. Its files stay, in every storage; {@link ProjectsService.purge} removes those in the hub's own.
   */
  readonly delete: (projectId: IdInput<ProjectId>) => Effect.Effect<void, CallError>

  /**
   * Deletes a project like {@link ProjectsService.delete}, and removes everything below `{projectId}/` in the hub's own
   * storage for good: uploaded files, masks, exports, instructions (`POST /project/{projectId}/purge`). **This cannot be
   * undone by anybody.** Files in storages of the organization stay.
   *
   * `confirmName` is the exact name of the project. Write it down where the purge is decided: it is a confirmation by a
   * person, and this library never fills it in from the project that it reads. Fails with `InvalidRequest` before any
   * request if it is empty. If it is another name, the API refuses and nothing is deleted; the status of that error is
   * undocumented (`BadRequest` on the embedded hub).
   *
   * @example
   * ```ts
   * import { Projects } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const purged = Effect.flatMap(Projects, (projects) =>
   *   projects.purge("65aa0000000000000000a001", { confirmName: "Street scenes" })
   * )
   * ```
   */
  readonly purge: (
    projectId: IdInput<ProjectId>,
    confirmation: { readonly confirmName: string }
  ) => Effect.Effect<void, CallError>

  /** Reads the members of a project and their roles (`GET /project/{projectId}`). */
  readonly members: (projectId: IdInput<ProjectId>) => Effect.Effect<ReadonlyArray<ProjectMember>, CallError>

  /**
   * Adds users to a project with one role (`POST /project/{projectId}/assigned`); {@link ProjectsService.members} lists
   * them. Fails with `InvalidRequest` before any request without an e-mail address or with an unknown role.
   */
  readonly addMembers: (
    projectId: IdInput<ProjectId>,
    members: { readonly emails: ReadonlyArray<string>; readonly role: ProjectRoleName }
  ) => Effect.Effect<void, CallError>

  /**
   * Replaces the whole ontology of a project (`POST /project/{projectId}`) and returns the project. A list that is not
   * given becomes empty. A classification without `treeOptions`, `frameSpecific`, `richText` or `showDropdown` is written
   * with `[]` and `false` (docs/api-notes.md#label-set-keys); your object is not changed. Ids in it are kept. `Ontology`
   * helps to build one.
   */
  readonly setLabelSet: (
    projectId: IdInput<ProjectId>,
    labelSet: CategorySchema
  ) => Effect.Effect<Project, CallError>

  /**
   * Copies the ontology of the project `from`, with its ids and exactly its keys, to the project `to`, and returns that
   * project (`GET /project/{projectId}`, then `POST /project/{projectId}`). Fails with `InvalidRequest` if `from` has no
   * ontology.
   */
  readonly copyLabelSet: (projects: {
    readonly from: IdInput<ProjectId>
    readonly to: IdInput<ProjectId>
  }) => Effect.Effect<Project, CallError>

  /**
   * Replaces the whole workflow of a project (`POST /project/{projectId}`) and returns the project. Fails with
   * `InvalidRequest` before any request if the workflow has no `Start` or no `Complete` stage, repeats an id, or
   * leads to a stage that does not exist.
   */
  readonly setStages: (
    projectId: IdInput<ProjectId>,
    stages: ReadonlyArray<StageInput>
  ) => Effect.Effect<Project, CallError>

  /**
   * Changes the validation of answers in the editor (`POST /project/{projectId}/labelValidation`); fields that are not
   * given are unchanged. `customValidationEnabled` turns it on and off, `validationFunction` is the text of a JavaScript
   * function from the answers to an array of errors, `externalValidation` is an object whose keys are undocumented. Fails
   * with `InvalidRequest` before any request without a field.
   *
   * @example
   * ```ts
   * import { Projects } from "effect-ango"
   * import { Effect } from "effect"
   *
   * const validated = Effect.flatMap(Projects, (projects) =>
   *   projects.setLabelValidation("65aa0000000000000000a001", {
   *     customValidationEnabled: true,
   *     validationFunction: 'function validate(answers) { return answers.tools.length > 0 ? [] : ["Draw a box."] }'
   *   })
   * )
   * ```
   *
   * @remarks undocumented: that missing fields are unchanged, and that {@link ProjectsService.get} shows the three fields.
   */
  readonly setLabelValidation: (
    projectId: IdInput<ProjectId>,
    changes: LabelValidation
  ) => Effect.Effect<void, CallError>

  /**
   * Uploads instructions for annotators (`POST /project/{projectId}/instructions`). The URL of the file becomes the
   * field `instructions` of the project. `name` is a base name (`guide.pdf`), `content` has at least one byte,
   * `contentType` is `application/octet-stream` by default. `storageId` and `bucket` select a storage of the
   * organization instead of the vendor's.
   */
  readonly uploadInstructions: (
    projectId: IdInput<ProjectId>,
    file: {
      readonly name: string
      readonly contentType?: string | undefined
      readonly content: Uint8Array
      readonly storageId?: IdInput<StorageId> | undefined
      readonly bucket?: string | undefined
    }
  ) => Effect.Effect<void, CallError>

  /** Reruns a webhook stage of a project (`POST /project/{projectId}/rerun-webhook`). */
  readonly rerunWebhook: (
    projectId: IdInput<ProjectId>,
    stageId: IdInput<StageId>
  ) => Effect.Effect<void, CallError>

  /** Reads the asset-builder templates of a project (`GET /project/{projectId}`). */
  readonly assetBuilderTemplates: (
    projectId: IdInput<ProjectId>
  ) => Effect.Effect<ReadonlyArray<AssetBuilderTemplate>, CallError>

  /**
   * Creates an asset-builder template (`POST /project/{projectId}/assetBuilderTemplates`); {@link
   * ProjectsService.assetBuilderTemplates} returns its id. Fails with `InvalidRequest` before any request if the
   * name, the template, the external-id column or the table is empty, if the table lacks the batch or external-id
   * column, or if an image, audio, video or pdf column has no storage.
   */
  readonly createAssetBuilderTemplate: (
    projectId: IdInput<ProjectId>,
    template: NewAssetBuilderTemplate
  ) => Effect.Effect<void, CallError>
}

const Workflow = Schema.Struct({ stages: Schema.Array(Stage) })

const validateWorkflow = (stages: ReadonlyArray<StageInput>) =>
  validateInput(ProjectsApi.operations.update, Workflow, { stages }, (workflow) =>
    findWorkflowProblem(workflow.stages)
  )

const emptyOntology: CategorySchema = { tools: [], classifications: [], relations: [] }

// All three lists and the keys of each classification, as the vendor's SDK sends them: what it means if one is absent is
// undocumented.
const withFullLabelSet = <A extends { readonly categorySchema?: CategorySchema | undefined }>(
  changes: A
): A =>
  changes.categorySchema === undefined
    ? changes
    : { ...changes, categorySchema: { ...emptyOntology, ...withLabelSetDefaults(changes.categorySchema) } }

/**
 * Makes the service from the client and the configuration of the context.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<ProjectsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { budget, lists, projects: client } = (yield* AngoClient).use(ProjectsApi)
  const { pageSize } = yield* AngoConfig
  const operation = ProjectsApi.operations.list

  const source = (sort: string | undefined): Source<ProjectSummary> => ({
    fetchPage: (page, limit) => lists.projects.ask({ urlParams: omitUndefined({ page, limit, sort }) }),
    decode: lists.projects.decode,
    membershipChanges: true,
    key: sort
  })

  const methods = makeListMethods<void, object, ProjectSummary, never>(
    { service: "Projects", operation, pageSize, budget },
    {
      page: (_, { sort }) => Effect.succeed(source(sort)),
      all: () => Effect.succeed(source(List.oldestFirst))
    }
  )

  const pathOf = (projectId: IdInput<ProjectId>) => ({ projectId: fromInput(projectId) })
  const get = (projectId: IdInput<ProjectId>) =>
    Effect.map(client.get({ path: pathOf(projectId) }), ({ data }) => data.project)

  const update = (projectId: IdInput<ProjectId>, { stages, ...changes }: ProjectChanges) =>
    Effect.gen(function* () {
      const payload = {
        ...changes,
        ...(stages === undefined ? {} : yield* validateWorkflow(stages))
      }
      const { data } = yield* client.update({ path: pathOf(projectId), payload })
      return data.project
    })

  return {
    get: Effect.fn("Projects.get")(get),

    page: (options) => methods.page(undefined, options),
    pages: (options) => methods.pages(undefined, options),
    stream: (options) => methods.stream(undefined, options),
    collect: (options) => methods.collect(undefined, options),

    create: Effect.fn("Projects.create")(function* (project) {
      const { data } = yield* client.create({
        payload: { ...withFullLabelSet(project), description: project.description ?? "" }
      })
      return data.project
    }),

    update: Effect.fn("Projects.update")((projectId, changes) =>
      update(projectId, withFullLabelSet(changes))
    ),

    delete: Effect.fn("Projects.delete")(function* (projectId) {
      yield* client.delete({ path: pathOf(projectId) })
    }),

    clone: Effect.fn("Projects.clone")(function* (projectId, parts = {}) {
      const {
        assignedTo = true,
        batches = true,
        categorySchema = true,
        pluginPresets = true,
        projectGeneralSettings = true,
        workflow = true
      } = parts
      const { data } = yield* client.clone({
        path: pathOf(projectId),
        payload: { categorySchema, assignedTo, batches, workflow, pluginPresets, projectGeneralSettings }
      })
      return documentIn(data, "project", Project)
    }),

    purge: Effect.fn("Projects.purge")(function* (projectId, { confirmName }) {
      yield* client.purge({ path: pathOf(projectId), payload: { confirmName } })
    }),

    setLabelValidation: Effect.fn("Projects.setLabelValidation")(function* (projectId, changes) {
      yield* client.labelValidation({ path: pathOf(projectId), payload: changes })
    }),

    members: Effect.fn("Projects.members")(function* (projectId) {
      return (yield* get(projectId)).assignedTo ?? []
    }),

    addMembers: Effect.fn("Projects.addMembers")(function* (projectId, { emails, role }) {
      yield* client.addMembers({ path: pathOf(projectId), payload: { assignees: emails, role } })
    }),

    setLabelSet: Effect.fn("Projects.setLabelSet")((projectId, categorySchema) =>
      update(projectId, withFullLabelSet({ categorySchema }))
    ),

    copyLabelSet: Effect.fn("Projects.copyLabelSet")(function* ({ from, to }) {
      const { categorySchema } = yield* get(from)
      if (categorySchema == null) {
        const reason =
          "The project has no ontology. Choose another, or set an empty ontology with setLabelSet."
        return yield* invalidRequest(ProjectsApi.operations.update, "from", reason)
      }
      // A list that is null is read as empty; what writing null does is undocumented.
      const { classifications, relations, tools, ...otherFields } = categorySchema
      const lists = { tools: tools ?? [], classifications: classifications ?? [], relations: relations ?? [] }
      return yield* update(to, { categorySchema: { ...lists, ...otherFields } })
    }),

    setStages: Effect.fn("Projects.setStages")((projectId, stages) => update(projectId, { stages })),

    uploadInstructions: Effect.fn("Projects.uploadInstructions")(function* (projectId, file) {
      const { bucket, content, contentType, name, storageId } = yield* validateInput(
        ProjectsApi.operations.instructions,
        InstructionsFile,
        file
      )
      const payload = new FormData()
      payload.append("file", new Blob([content.slice()], { type: contentType ?? "" }), name)
      yield* client.instructions({
        path: pathOf(projectId),
        urlParams: omitUndefined({ storageId, bucket }),
        payload
      })
    }),

    rerunWebhook: Effect.fn("Projects.rerunWebhook")(function* (projectId, stageId) {
      yield* client.rerunWebhook({ path: pathOf(projectId), payload: { stageId: fromInput(stageId) } })
    }),

    assetBuilderTemplates: Effect.fn("Projects.assetBuilderTemplates")(function* (projectId) {
      return (yield* get(projectId)).assetBuilderTemplates ?? []
    }),

    createAssetBuilderTemplate: Effect.fn("Projects.createAssetBuilderTemplate")(
      function* (projectId, template) {
        const operation = ProjectsApi.operations.createAssetBuilderTemplate
        const payload = yield* validateInput(
          operation,
          NewAssetBuilderTemplate,
          template,
          findTemplateProblem
        )
        yield* client.createAssetBuilderTemplate({ path: pathOf(projectId), payload })
      }
    )
  }
})

/**
 * The projects of an organization: create, copy, read, change and delete them.
 *
 * @category services
 * @since 0.1.0
 */
export class Projects extends Context.Tag("effect-ango/Projects")<Projects, ProjectsService>() {
  /** Provides the service. */
  static readonly layer: Layer.Layer<Projects, never, AngoClient | AngoConfig> = Layer.effect(Projects, make)
}
