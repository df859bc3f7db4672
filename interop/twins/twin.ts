// What a twin is: one job, done by the vendor's client and by ours, on equal hubs.
import * as Effect from "effect/Effect"
import type { Ango } from "effect-ango"
import { AngoTest, type Emulator } from "effect-ango/emulator"

/** Ids of the seeded project that both sides use. */
export interface Seeds {
  readonly project: string
  readonly organization: string
  /** Tasks in the stage Label. */
  readonly tasks: ReadonlyArray<string>
  readonly task: string
  readonly asset: string
  readonly externalId: string
  /** The external id of an asset in the stage Start. */
  readonly waiting: string
  readonly batch: string
  readonly batchName: string
  readonly otherBatch: string
  readonly review: string
  readonly storage: string
  readonly history: string
  /** A folder that both sides may read. */
  readonly folder: string
}

/** The seeds of a hub of {@link hubOptions}; equal for all of them. */
export const seedsOf = (hub: Emulator["Type"], folder: string): Seeds => {
  const stored = hub.state.projects.get(AngoTest.projectId)
  if (stored === undefined) throw new Error("the hub has no seeded project")
  const tasks = stored.tasks.filter(({ stage }) => stage === "Label").map(({ _id }) => _id)
  const [task = ""] = tasks
  const asset = stored.assets.find(({ labelTasks }) => labelTasks?.some(({ _id }) => _id === task))
  const [batch, other] = stored.project.batches ?? []
  const complete = stored.tasks.find(({ stage }) => stage === "Complete")?._id ?? ""
  return {
    project: AngoTest.projectId,
    organization: hub.state.organization.id,
    tasks,
    task,
    asset: asset?._id ?? "",
    externalId: asset?.externalId ?? "",
    waiting: stored.tasks.find(({ stage }) => stage === "Start")?.externalId ?? "",
    batch: batch?._id ?? "",
    batchName: batch?.name ?? "",
    otherBatch: other?._id ?? "",
    review: stored.project.stages?.find(({ type }) => type === "Review")?.id ?? "",
    storage: [...hub.state.storages.keys()][0] ?? "",
    history: hub.state.histories.get(complete)?.[0]?.id ?? "",
    folder
  }
}

/** The content of each hub. */
export const hubOptions = { tasks: 60 }

/** Calls the function of the twin: arguments by position, then by name. */
export type PythonCall = (
  args: ReadonlyArray<unknown>,
  kwargs?: Readonly<Record<string, unknown>>
) => Effect.Effect<unknown, unknown>

export interface Twin {
  readonly function: string
  /** What is special about the job, when a function has several. */
  readonly variant?: string
  /** What has to be there first; not recorded. Its result, an id, is what both sides get. */
  readonly arrange: (seeds: Seeds) => Effect.Effect<string, unknown, Ango.Services>
  readonly python: (call: PythonCall, seeds: Seeds, made: string) => Effect.Effect<unknown, unknown>
  readonly ours: (seeds: Seeds, made: string) => Effect.Effect<unknown, unknown, Ango.Services>
  /** Each difference, as `differences` writes it, and the row of docs/api-notes.md that says why. */
  readonly differs: Readonly<Record<string, string>>
}

type Options = Pick<Twin, "python" | "ours"> & Partial<Pick<Twin, "arrange" | "differs" | "variant">>

export const twin = (name: string, { arrange, differs, ...rest }: Options): Twin => ({
  function: name,
  arrange: arrange ?? (() => Effect.succeed("")),
  differs: differs ?? {},
  ...rest
})
