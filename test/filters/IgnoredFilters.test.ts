// A hub that ignores a parameter, or one condition of a filter: a list is right, or it fails; never too long or too short.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import {
  type Ango,
  type AssetFilter,
  Assets,
  type IssueFilter,
  Issues,
  Organizations,
  Storages,
  type TaskFilter,
  Tasks
} from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { stored } from "../support/FilterOracle.js"
import * as IgnoringHub from "../support/IgnoringHub.js"

const { projectId } = AngoTest

const options = { tasks: 40, pageSize: 15 }

type Ids = Effect.Effect<ReadonlyArray<string>, { readonly _tag: string }, Ango.Services | Emulator>

const idsOf = (items: Iterable<{ readonly id: string }>) => Array.from(items, ({ id }) => id)

const collected = (stream: Stream.Stream<{ readonly id: string }, { readonly _tag: string }>) =>
  Effect.map(Stream.runCollect(stream), (items) => idsOf(Chunk.toReadonlyArray(items)))

// Tasks with every field that can be filtered by.
const variedTasks = Effect.map(stored, (project) => {
  const batches = (project.project.batches ?? []).map(({ _id }) => _id)
  for (const [index, task] of project.tasks.entries()) {
    const isBenchmark = index % 4 === 0
    project.tasks[index] = {
      ...task,
      isBenchmark,
      type: isBenchmark ? "benchmark" : "default",
      openIssuesCount: index % 3,
      createdBy: index % 2 === 0 ? "pm@example.com" : "amara.okafor@example.com",
      updatedBy: index % 2 === 0 ? "rev@example.com" : "lab@example.com",
      ...(index % 7 === 0 ? { batches: batches.slice(0, 2) } : {})
    }
  }
  return project
})

const at = (seconds: number) => DateTime.unsafeMake(Date.UTC(2024, 5, 3, 9) + seconds * 1000)

const taskFilters: ReadonlyArray<TaskFilter> = [
  { status: "Completed" },
  { status: { not: "Completed" } },
  { stage: "Label" },
  { stage: ["Label", "Complete"] },
  { stage: { noneOf: ["Label"] } },
  { batches: ["June, morning"] },
  { batches: { noneOf: ["June, morning"] } },
  { assignee: "amara.okafor@example.com" },
  { assignee: { noneOf: ["amara.okafor@example.com"] } },
  { createdBy: "pm@example.com" },
  { updatedBy: { not: "rev@example.com" } },
  { reviewStatus: "Accepted" },
  { taskType: "benchmark" },
  { priority: 0 },
  { priority: { min: 1 } },
  { externalId: { pattern: "-0[12]/frame" } },
  { externalId: "intersection-03/frame-000009.jpg" },
  { duration: { above: 20_000 } },
  { totalDuration: { max: 50_000 } },
  { openIssuesCount: { above: 0, below: 2 } },
  { isDraft: true },
  { isSkipped: true },
  { isBenchmark: false },
  { createdAfter: at(70), createdTo: at(140) },
  { updatedBefore: at(86_400) },
  { filter: { isPreLabeled: { $eq: true } } },
  { stage: "Complete", batches: ["June, morning"], fields: ["priority"] }
]

const assetFilters: ReadonlyArray<AssetFilter> = [
  { externalId: "intersection-03/frame-000009.jpg" },
  { isPreLabeled: true },
  { batches: ["June, morning"] },
  { createdAfter: at(70), createdBefore: at(140) },
  { batches: ["July, night"], isPreLabeled: false }
]

const issueFilters: ReadonlyArray<IssueFilter> = [
  { project: projectId, status: "Open" },
  { project: projectId, stage: "Complete" },
  { createdBy: "tomasz.nowak@example.com" },
  { status: "Resolved" }
]

const lists: ReadonlyArray<readonly [string, Ids]> = [
  ...taskFilters.flatMap((filter) => [
    [
      `Tasks.collect ${JSON.stringify(filter)}`,
      Effect.flatMap(Tasks, (tasks) => Effect.map(tasks.collect(projectId, { ...filter, limit: 100 }), idsOf))
    ] as const,
    [
      `Tasks.page ${JSON.stringify(filter)}`,
      Effect.flatMap(Tasks, (tasks) =>
        Effect.map(tasks.page(projectId, { ...filter, limit: 1000, sort: "createdAt" }), ({ items }) =>
          idsOf(items)
        )
      )
    ] as const
  ]),
  ...assetFilters.map(
    (filter) =>
      [
        `Assets.stream ${JSON.stringify(filter)}`,
        Stream.unwrap(Effect.map(Assets, (assets) => assets.stream(projectId, filter))).pipe(
          Stream.runCollect,
          Effect.map(idsOf)
        )
      ] as const
  ),
  ...issueFilters.map(
    (filter) =>
      [
        `Issues.stream ${JSON.stringify(filter)}`,
        Effect.flatMap(Issues, (issues) => collected(issues.stream(filter)))
      ] as const
  ),
  [
    "Storages.page",
    Effect.gen(function* () {
      const storages = yield* Storages
      const [, second] = yield* storages.list()
      return idsOf(yield* storages.page({ id: second?.id }))
    })
  ],
  [
    "Organizations.invites",
    Effect.gen(function* () {
      const { state } = yield* Emulator
      const invite = state.organization.invites[0]?.invite
      if (invite !== undefined) {
        const accepted = { ...invite, _id: "65aa0000000000000000ab01", status: "Accepted" as const }
        state.organization.invites.push({ invite: accepted, projectAssignments: [] })
      }
      return idsOf(yield* (yield* Organizations).invites(state.organization.id))
    })
  ]
]

// Failures that say that the list is not what was asked for.
const honest = ["FilterNotApplied", "IncompleteListing", "PaginationError"]

describe("a hub that ignores a part of the query", () => {
  it.effect.each(lists)("gives the right rows or an error: %s", ([name, list]) =>
    Effect.gen(function* () {
      const run = (dropped: string | undefined) =>
        Effect.gen(function* () {
          yield* variedTasks
          const result = yield* Effect.either(list)
          const urls = (yield* (yield* Emulator).requests()).map(({ url }) => url)
          return { result, parts: IgnoringHub.droppable(urls) }
        }).pipe(Effect.provide(IgnoringHub.layer(dropped, options)))

      const { parts, result } = yield* run(undefined)
      const right = Either.getOrThrow(result)
      expect(right.length).toBeGreaterThan(0)
      let refused = 0
      for (const part of parts) {
        // A single page is what the hub gives for this number and size.
        if (name.startsWith("Tasks.page") && ["page", "limit", "sort"].includes(part)) continue
        const { result } = yield* run(part)
        if (Either.isRight(result)) expect([part, result.right.toSorted()]).toEqual([part, right.toSorted()])
        else expect(honest, `${part}: ${result.left._tag}`).toContain(result.left._tag)
        if (Either.isLeft(result) && result.left._tag === "FilterNotApplied") refused++
      }
      expect(refused).toBeGreaterThan(0)
    })
  )
})
