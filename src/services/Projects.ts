/**
 * Projects: read one, list those that the key's user can see.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import type { CallError, ListError, ListTooLong } from "../AngoError.js"
import { operations } from "../api/Operations.js"
import { listing, oldestFirst, type Page, type PageOptions, type Read } from "../internal/paginate.js"
import { AngoClient } from "../layers/AngoClient.js"
import { AngoConfig } from "../layers/AngoConfig.js"
import { fromInput, type IdInput, type ProjectId } from "../schemas/Id.js"
import type { Project, ProjectSummary } from "../schemas/Project.js"

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
  readonly page: (options?: PageOptions) => Effect.Effect<Page<ProjectSummary>, CallError>

  /**
   * All projects, page by page, oldest first. Every project comes once; the stream ends in `IncompleteListing`
   * when the hub's total was not reached.
   */
  readonly pages: () => Stream.Stream<Page<ProjectSummary>, ListError>

  /** All projects, one by one, oldest first; as {@link ProjectsService.pages} otherwise. */
  readonly stream: () => Stream.Stream<ProjectSummary, ListError>

  /** All projects in an array of at most `limit`; a longer list fails with `ListTooLong` and is not read. */
  readonly collect: (options: {
    readonly limit: number
  }) => Effect.Effect<ReadonlyArray<ProjectSummary>, ListError | ListTooLong>
}

/** @since 0.1.0 */
export const make: Effect.Effect<ProjectsService, never, AngoClient | AngoConfig> = Effect.gen(function* () {
  const { projects: client } = yield* AngoClient
  const { pageSize } = yield* AngoConfig
  const list = listing("Projects", operations["projects.list"], pageSize)

  const read =
    (sort: string | undefined): Read<ProjectSummary> =>
    (page, limit) =>
      Effect.map(
        client.list({ urlParams: { page, limit, ...(sort === undefined ? {} : { sort }) } }),
        ({ data }) => ({ items: data.projects, total: data.total })
      )

  return {
    get: Effect.fn("Projects.get")(function* (projectId) {
      const { data } = yield* client.get({ path: { projectId: fromInput(projectId) } })
      return data.project
    }),

    page: (options = {}) => list.page(read(options.sort), options),
    pages: () => list.pages(read(oldestFirst)),
    stream: () => list.stream(read(oldestFirst)),
    collect: ({ limit }) => list.collect(read(oldestFirst), limit)
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
