/**
 * Endpoints of metrics, computed from the hub's state.
 *
 * @remarks undocumented: every response shape here is invented, because no document shows one
 * (docs/api-notes.md#metrics-and-performance, #metric-shapes).
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { BadRequest } from "../../api/envelope.js"
import { PerformanceQuery } from "../../api/metrics.js"
import type { MetricName } from "../../schemas/Metric.js"
import { HubApi, success } from "../server/hubApi.js"
import type { HubState, StoredProject, WireAnswer } from "../state/HubState.js"
import { badRequest, unknownProject } from "../state/hubErrors.js"
import { Hub } from "../state/hubService.js"
import { isInBatches } from "./listFilter.js"

// Counts how often each name occurs.
const tally = (names: Iterable<string>): ReadonlyArray<{ readonly name: string; readonly count: number }> => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Array.from(counts, ([name, count]) => ({ name, count }))
}

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, one) => total + one, 0)

// Durations are milliseconds (docs/api-notes.md#duration-unit).
const summarizeDurations = (all: ReadonlyArray<number>) => {
  const sorted = all.toSorted((a, b) => a - b)
  return {
    tasks: sorted.length,
    total: sum(sorted),
    average: sorted.length === 0 ? 0 : Math.round(sum(sorted) / sorted.length),
    median: sorted[Math.floor(sorted.length / 2)] ?? 0
  }
}

const annotationTitles = (answer: WireAnswer): ReadonlyArray<string> => [
  ...(answer.tools ?? []).map((object) => object.title ?? object.schemaId ?? "unknown"),
  ...(answer.classifications ?? []).map((one) => `${one.title ?? one.schemaId}: ${String(one.answer)}`)
]

const metrics: Record<MetricName, (state: HubState, stored: StoredProject) => object> = {
  LabelStageGroups: (_, { project, tasks }) =>
    (project.stages ?? []).map(({ id, name }) => ({
      stage: id,
      name,
      count: tasks.filter((task) => task.stage === id).length
    })),
  TimePerTask: (_, { tasks }) =>
    summarizeDurations(tasks.map((task) => task.duration ?? 0).filter((duration) => duration > 0)),
  AnnotationStatus: (_, { tasks }) => tally(tasks.map((task) => task.status ?? "unknown")),
  AnswerDistribution: (state, { tasks }) =>
    tally(
      tasks.flatMap((task) => {
        const answer = state.answers.get(task._id)
        return answer === undefined ? [] : annotationTitles(answer)
      })
    ),
  // The hub has no consensus stages, so every range is empty.
  ConsensusRanges: () =>
    Array.from({ length: 10 }, (_, timeRange) => ({
      from: timeRange * 10,
      to: timeRange * 10 + 10,
      count: 0
    })),
  AssetSize: (_, { assets }) =>
    tally(
      assets.map(({ metadata }) => (metadata == null ? "unknown" : `${metadata.width}x${metadata.height}`))
    )
}

type Query = typeof PerformanceQuery.Type

const millisOr = (instant: DateTime.DateTime | undefined, otherwise: number): number =>
  instant === undefined ? otherwise : DateTime.toEpochMillis(instant)

// The body has one of two forms (docs/api-notes.md#performance-body).
const range = ({ endDate, interval, startDate }: Query): readonly [number, number] => [
  millisOr(interval?.[0] ?? startDate, 0),
  millisOr(interval?.[1] ?? endDate, Number.POSITIVE_INFINITY)
]

const computePerformance = (state: HubState, { project, tasks }: StoredProject, query: Query) => {
  const [from, to] = range(query)
  const { batches = [], users } = query
  const byUser = new Map<string, Array<number>>()
  for (const task of tasks) {
    if (!isInBatches(task.batches ?? [], batches, project.batches ?? [])) continue
    for (const { completedAt, completedBy, duration } of state.histories.get(task._id) ?? []) {
      const at = Date.parse(completedAt)
      if (completedBy === undefined || at < from || at > to) continue
      if (users !== undefined && !users.includes(completedBy)) continue
      byUser.set(completedBy, [...(byUser.get(completedBy) ?? []), duration])
    }
  }
  return { users: Array.from(byUser, ([user, all]) => ({ user, ...summarizeDurations(all) })) }
}

// The body is optional: an empty one means no conditions.
const readQuery = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<Query, BadRequest> =>
  Effect.gen(function* () {
    const body = yield* request.text
    return body.trim() === "" ? {} : yield* Schema.decode(Schema.parseJson(PerformanceQuery))(body)
  }).pipe(Effect.catchAll(() => badRequest("Invalid parameters.")))

/** The handlers of the group. */
export const layer = HttpApiBuilder.group(HubApi, "metrics", (handlers) =>
  Effect.map(Hub, ({ state }) =>
    handlers
      .handle("overview", ({ path }) =>
        Effect.suspend(() => {
          const stored = state.projects.get(path.projectId)
          return stored === undefined
            ? unknownProject(path.projectId)
            : Effect.succeed(success({ [path.metric]: metrics[path.metric](state, stored) }))
        })
      )
      .handleRaw("performance", ({ path, request }) =>
        Effect.gen(function* () {
          const stored = state.projects.get(path.projectId)
          if (stored === undefined) return yield* unknownProject(path.projectId)
          const query = yield* readQuery(request)
          return success({ performance: computePerformance(state, stored, query) })
        })
      )
  )
)
