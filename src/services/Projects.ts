/**
 * Projects: create, read and change them; their members, ontology, workflow, instructions and templates.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { operations } from "../api/operations.js"
import type { CallError, ListError, ListTooLong } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import { listing, type Source } from "../pagination/listing.js"
import * as List from "../pagination/listOptions.js"
import {
  type AssetBuilderTemplate,
  NewAssetBuilderTemplate,
  findTemplateProblem
} from "../schemas/AssetBuilderTemplate.js"
import type { CategorySchema } from "../schemas/CategorySchema.js"
import { fromInput, type IdInput, type ProjectId, type StageId, type StorageId } from "../schemas/ids.js"
import type { Project, ProjectMember, ProjectSummary } from "../schemas/Project.js"
import {
  InstructionsFile,
  type NewProject,
  type ProjectChanges,
  type ProjectRoleName
} from "../schemas/ProjectInput.js"
import { Stage, type StageInput, findWorkflowProblem } from "../schemas/Stage.js"
import { omitUndefined } from "../utils/omitUndefined.js"

/** @since 0.1.0 */
export interface ProjectsService {
  /**
   * One project with its workflow, ontology, members and batches (`GET /project/{projectId}`). Fails with
   * `NotFound` when there is none, or the key's user cannot see it.
   */
  readonly get: (projectId: IdInput<ProjectId>) => Effect.Effect<Project, CallError>

  /**
   * One page of the project list (`GET /listProjects`), newest first unless sorted otherwise. Its items carry
   * five fields; {@link ProjectsService.get} has the rest.
   */
  readonly page: <Policy extends List.RowPolicy = "fail">(
    options?: List.PageOptions & List.RowOptions<Policy>
  ) => Effect.Effect<List.Page<List.Row<ProjectSummary, Policy>>, CallError>

  /**
   * All projects, page by page, oldest first. Every project comes once; the stream ends in `IncompleteListing` when
   * the list, changed by others meanwhile, cannot be shown to be whole.
   */
  readonly pages: <Policy extends List.RowPolicy = "fail">(
    options?: List.ListOptions<Policy>
  ) => Stream.Stream<List.ResumablePage<List.Row<ProjectSummary, Policy>>, ListError>

  /** All projects, one by one, oldest first; as {@link ProjectsService.pages} otherwise. */
  readonly stream: <Policy extends List.RowPolicy = "fail">(
    options?: List.ListOptions<Policy>
  ) => Stream.Stream<List.Row<ProjectSummary, Policy>, ListError>

  /** All projects in an array of at most `limit`; a longer list fails with `ListTooLong` and is not read. */
  readonly collect: <Policy extends List.RowPolicy = "fail">(
    options: List.ListOptions<Policy> & { readonly limit: number }
  ) => Effect.Effect<ReadonlyArray<List.Row<ProjectSummary, Policy>>, ListError | ListTooLong>

  /**
   * Creates a project (`POST /project`) and returns it: by default with the workflow Start, Label, Complete and an
   * empty ontology. An empty name is refused before any request.
   */
  readonly create: (project: NewProject) => Effect.Effect<Project, CallError>

  /**
   * Changes the given fields of a project (`POST /project/{projectId}`) and returns it; the others stay. No field
   * at all is refused before any request, and so is a workflow that {@link ProjectsService.setStages} refuses.
   */
  readonly update: (
    projectId: IdInput<ProjectId>,
    changes: ProjectChanges
  ) => Effect.Effect<Project, CallError>

  /**
   * Deletes a project with its assets, tasks, issues and histories (`DELETE /project/{projectId}`). Stored files
   * stay. There is no way back.
   */
  readonly delete: (projectId: IdInput<ProjectId>) => Effect.Effect<void, CallError>

  /** The members of a project with their roles (read from `GET /project/{projectId}`). */
  readonly members: (projectId: IdInput<ProjectId>) => Effect.Effect<ReadonlyArray<ProjectMember>, CallError>

  /**
   * Adds people to a project in one role (`POST /project/{projectId}/assigned`). At least one e-mail address and a
   * known role, or it is refused before any request. {@link ProjectsService.members} tells who is there.
   */
  readonly addMembers: (
    projectId: IdInput<ProjectId>,
    members: { readonly emails: ReadonlyArray<string>; readonly role: ProjectRoleName }
  ) => Effect.Effect<void, CallError>

  /**
   * Replaces the ontology of a project wholly (`POST /project/{projectId}`) and returns the project: lists that are
   * not given are empty afterwards. Ids in it are kept; `Ontology` builds one from a few words.
   */
  readonly setLabelSet: (
    projectId: IdInput<ProjectId>,
    labelSet: CategorySchema
  ) => Effect.Effect<Project, CallError>

  /**
   * Replaces the ontology of one project by that of another, ids and all, and returns the changed project. Fails with
   * `InvalidRequest` when the first has none.
   */
  readonly copyLabelSet: (projects: {
    readonly from: IdInput<ProjectId>
    readonly to: IdInput<ProjectId>
  }) => Effect.Effect<Project, CallError>

  /**
   * Replaces the workflow of a project wholly (`POST /project/{projectId}`) and returns the project. A workflow
   * without a `Start` or a `Complete`, with an id twice, or that leads to a stage it does not have is refused
   * before any request.
   */
  readonly setStages: (
    projectId: IdInput<ProjectId>,
    stages: ReadonlyArray<StageInput>
  ) => Effect.Effect<Project, CallError>

  /**
   * Uploads a file of instructions for annotators (`POST /project/{projectId}/instructions`); `instructions` of the
   * project is its URL afterwards. `name` is a base name (`guide.pdf`), `contentType` `application/octet-stream`
   * unless given, `content` at least one byte; with `storageId`, and a `bucket` of it, the file goes to a storage
   * of yours.
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

  /** Runs a webhook stage of a project again (`POST /project/{projectId}/rerun-webhook`). */
  readonly rerunWebhook: (
    projectId: IdInput<ProjectId>,
    stageId: IdInput<StageId>
  ) => Effect.Effect<void, CallError>

  /** The asset-builder templates of a project (read from `GET /project/{projectId}`). */
  readonly assetBuilderTemplates: (
    projectId: IdInput<ProjectId>
  ) => Effect.Effect<ReadonlyArray<AssetBuilderTemplate>, CallError>

  /**
   * Creates an asset-builder template (`POST /project/{projectId}/assetBuilderTemplates`);
   * {@link ProjectsService.assetBuilderTemplates} tells its id. Refused before any request: an empty name,
   * template, external-id column or table; a batch or external-id column that the table does not have; an image,
   * audio, video or pdf column without a storage.
   */
  readonly createAssetBuilderTemplate: (
    projectId: IdInput<ProjectId>,
    template: NewAssetBuilderTemplate
  ) => Effect.Effect<void, CallError>
}

const Workflow = Schema.Struct({ stages: Schema.Array(Stage) })

const checkedWorkflow = (stages: ReadonlyArray<StageInput>) =>
  validateInput(operations["projects.update"], Workflow, { stages }, (workflow) =>
    findWorkflowProblem(workflow.stages)
  )

const noLabels: CategorySchema = { tools: [], classifications: [], relations: [] }

/** @since 0.1.0 */
export const make: Effect.Effect<ProjectsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { budget, lists, projects: client } = yield* AngoClient
  const { pageSize } = yield* AngoConfig
  const operation = operations["projects.list"]
  const list = listing({ service: "Projects", operation, pageSize, budget })

  const source = (sort: string | undefined): Source<ProjectSummary> => ({
    ask: (page, limit) => lists.projects.ask({ urlParams: omitUndefined({ page, limit, sort }) }),
    decode: lists.projects.decode,
    changes: true,
    of: sort
  })

  const whole = <Policy extends List.RowPolicy>(options: List.ListOptions<Policy>) =>
    Effect.as(validateInput(operation, List.Listing, options), source(List.oldestFirst))

  const at = (projectId: IdInput<ProjectId>) => ({ projectId: fromInput(projectId) })
  const get = (projectId: IdInput<ProjectId>) =>
    Effect.map(client.get({ path: at(projectId) }), ({ data }) => data.project)

  const update = (projectId: IdInput<ProjectId>, { categorySchema, stages, ...changes }: ProjectChanges) =>
    Effect.gen(function* () {
      const payload = {
        ...changes,
        // All three lists, as the vendor's SDK sends them: nobody documents what an absent one means.
        ...(categorySchema === undefined ? {} : { categorySchema: { ...noLabels, ...categorySchema } }),
        ...(stages === undefined ? {} : yield* checkedWorkflow(stages))
      }
      const { data } = yield* client.update({ path: at(projectId), payload })
      return data.project
    })

  return {
    get: Effect.fn("Projects.get")(get),

    page: (options = {}) =>
      Effect.zipRight(
        validateInput(operation, List.Paging, options),
        list.page(source(options.sort), options)
      ),
    pages: (options = {}) => Stream.unwrap(Effect.map(whole(options), (all) => list.pages(all, options))),
    stream: (options = {}) => Stream.unwrap(Effect.map(whole(options), (all) => list.stream(all, options))),
    collect: (options) => Effect.flatMap(whole(options), (all) => list.collect(all, options)),

    create: Effect.fn("Projects.create")(function* (project) {
      const { data } = yield* client.create({
        payload: { ...project, description: project.description ?? "" }
      })
      return data.project
    }),

    update: Effect.fn("Projects.update")(update),

    delete: Effect.fn("Projects.delete")(function* (projectId) {
      yield* client.delete({ path: at(projectId) })
    }),

    members: Effect.fn("Projects.members")(function* (projectId) {
      return (yield* get(projectId)).assignedTo ?? []
    }),

    addMembers: Effect.fn("Projects.addMembers")(function* (projectId, { emails, role }) {
      yield* client.addMembers({ path: at(projectId), payload: { assignees: emails, role } })
    }),

    setLabelSet: Effect.fn("Projects.setLabelSet")((projectId, categorySchema) =>
      update(projectId, { categorySchema })
    ),

    copyLabelSet: Effect.fn("Projects.copyLabelSet")(function* ({ from, to }) {
      const { categorySchema } = yield* get(from)
      if (categorySchema == null) {
        const reason = "That project has no ontology. Take one that has, or set an empty one by setLabelSet."
        return yield* invalidRequest(operations["projects.update"], "from", reason)
      }
      // A list of null is an empty one to be read, and nobody knows what it is to be written.
      const { classifications, relations, tools, ...others } = categorySchema
      const lists = { tools: tools ?? [], classifications: classifications ?? [], relations: relations ?? [] }
      return yield* update(to, { categorySchema: { ...lists, ...others } })
    }),

    setStages: Effect.fn("Projects.setStages")((projectId, stages) => update(projectId, { stages })),

    uploadInstructions: Effect.fn("Projects.uploadInstructions")(function* (projectId, file) {
      const { bucket, content, contentType, name, storageId } = yield* validateInput(
        operations["projects.instructions"],
        InstructionsFile,
        file
      )
      const payload = new FormData()
      payload.append("file", new Blob([content.slice()], { type: contentType ?? "" }), name)
      yield* client.instructions({
        path: at(projectId),
        urlParams: omitUndefined({ storageId, bucket }),
        payload
      })
    }),

    rerunWebhook: Effect.fn("Projects.rerunWebhook")(function* (projectId, stageId) {
      yield* client.rerunWebhook({ path: at(projectId), payload: { stageId: fromInput(stageId) } })
    }),

    assetBuilderTemplates: Effect.fn("Projects.assetBuilderTemplates")(function* (projectId) {
      return (yield* get(projectId)).assetBuilderTemplates ?? []
    }),

    createAssetBuilderTemplate: Effect.fn("Projects.createAssetBuilderTemplate")(
      function* (projectId, template) {
        const operation = operations["projects.createAssetBuilderTemplate"]
        const payload = yield* validateInput(operation, NewAssetBuilderTemplate, template, findTemplateProblem)
        yield* client.createAssetBuilderTemplate({ path: at(projectId), payload })
      }
    )
  }
})

/**
 * The projects of Ango Hub.
 *
 * @since 0.1.0
 */
export class Projects extends Context.Tag("effect-ango/Projects")<Projects, ProjectsService>() {
  static readonly layer: Layer.Layer<Projects, never, AngoClient | AngoConfig> = Layer.effect(Projects, make)
}
