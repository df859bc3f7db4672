/**
 * The rows of an export, selected when it is requested and written when its archive is read. Later changes of tasks do
 * not change it.
 */
import type { ExportParameters } from "../../api/exports.js"
import { slotsOf } from "../seed/lazyCollections.js"
import { type ComputedProject, computedProjectOf } from "../seed/seed.js"
import * as SeedTasks from "../seed/tasks.js"
import { assetIdOf, type HubState, type StoredProject, type WireTask } from "../state/HubState.js"
import {
  isInTimeRanges,
  issueRows,
  makeRowBuilder,
  makeTaskFilter,
  matchesTimeRanges,
  type RowSource,
  rowSources
} from "./exportRows.js"
import {
  digitCount,
  makeTemplate,
  placeholderWriter,
  profileIndexOf,
  type RowTemplate,
  writeRow
} from "./rowTemplate.js"

/** The rows of an export. */
export interface Selection {
  readonly count: number
  /** The JSON of the `nth` row. */
  readonly text: (nth: number) => string
  /** Writes the JSON of the `nth` row at an offset; returns the offset after it, or -1 if there is no room. */
  readonly write: (nth: number, into: Uint8Array, at: number) => number
  /** Names for the file of the `nth` row: the external id of its asset (empty for issues), and the id of its task or issue. */
  readonly names: (nth: number) => readonly [external: string, task: string]
  /** Texts that are equal only for equal rows. */
  readonly identity: () => Iterable<string>
}

/** A selected task: the index of a computed task, or the source of its row. */
type SelectedTask = number | RowSource

const encoder = new TextEncoder()

/** Writes a text at an offset; returns the offset after it, or -1 if there is no room. */
export const writeText = (text: string, into: Uint8Array, at: number): number => {
  const { read, written } = encoder.encodeInto(text, into.subarray(at))
  return read === text.length ? at + written : -1
}

// The indexes of tasks that were changed in any way.
const changedIndexes = ({
  answers,
  seedProject,
  histories,
  stored
}: ComputedProject): ReadonlySet<number> => {
  const changed = new Set<number>()
  const add = (index: number | undefined) => index !== undefined && changed.add(index)
  for (const slot of slotsOf(stored.assets) ?? []) {
    if (typeof slot === "object") add(SeedTasks.indexOf(seedProject, "asset", slot._id))
  }
  for (const taskId of [...answers.changed(), ...histories.changed()]) {
    add(SeedTasks.indexOf(seedProject, "task", taskId))
  }
  return changed
}

const selectComputedTasks = (
  state: HubState,
  parameters: ExportParameters,
  computed: ComputedProject
): ReadonlyArray<SelectedTask> => {
  const { profileOf, seedProject, stored } = computed
  const isSelected = makeTaskFilter(stored, parameters)
  const changed = changedIndexes(computed)
  const assets = new Map(
    (slotsOf(stored.assets) ?? []).flatMap((slot) =>
      typeof slot === "object" ? [[slot._id as string, slot]] : []
    )
  )
  const assetFor = (task: WireTask) => {
    const id = assetIdOf(task) ?? ""
    const index = SeedTasks.indexOf(seedProject, "asset", id)
    return assets.get(id) ?? (index === undefined ? undefined : assetAt(computed, index))
  }
  // Apart from times, the filter gives the same result for all tasks with the same profile.
  const results = Array.from({ length: SeedTasks.profileCount }, (_, index) => {
    const profile = profileOf(index)
    return {
      isSelected: isSelected(taskAt(computed, index)),
      updated: SeedTasks.updatedAfter(seedProject, profile)
    }
  })
  const selected: Array<SelectedTask> = []
  for (const slot of slotsOf(stored.tasks) ?? []) {
    if (typeof slot === "number" && !changed.has(slot)) {
      const result = results[profileIndexOf(slot)]
      const created = SeedTasks.createdAtOf(seedProject, slot)
      if (result?.isSelected === true && isInTimeRanges(parameters, created, created + result.updated))
        selected.push(slot)
      continue
    }
    const task = typeof slot === "number" ? taskAt(computed, slot) : slot
    const asset = assetFor(task)
    if (asset === undefined || !isSelected(task) || !matchesTimeRanges(parameters, task)) continue
    selected.push({
      asset,
      task,
      answer: state.answers.get(task._id),
      history: state.histories.get(task._id) ?? []
    })
  }
  return selected
}

const taskAt = ({ profileOf, seedProject }: ComputedProject, index: number): WireTask =>
  SeedTasks.taskOf(seedProject, profileOf(index), SeedTasks.taskWriter(seedProject, index))

const assetAt = ({ profileOf, seedProject }: ComputedProject, index: number) =>
  SeedTasks.assetOf(seedProject, profileOf(index), SeedTasks.taskWriter(seedProject, index))

const sourceOf = (
  { profileOf, seedProject }: ComputedProject,
  index: number,
  writer: SeedTasks.TaskWriter
): RowSource => {
  const profile = profileOf(index)
  const answer = SeedTasks.isLabelled(profile) ? SeedTasks.answerOf(profile, writer) : undefined
  return {
    asset: SeedTasks.assetOf(seedProject, profile, writer),
    task: SeedTasks.taskOf(seedProject, profile, writer),
    answer,
    history: answer === undefined ? [] : SeedTasks.historyOf(seedProject, profile, writer, answer)
  }
}

/** Selects the tasks of an export. */
export const selectTasks = (
  state: HubState,
  stored: StoredProject,
  parameters: ExportParameters
): Selection => {
  const rowOf = makeRowBuilder(stored.project, parameters)
  const computed = computedProjectOf(state)
  const isComputed =
    computed?.stored === stored && slotsOf(stored.tasks) !== undefined && slotsOf(stored.assets) !== undefined
  const selected = isComputed
    ? selectComputedTasks(state, parameters, computed)
    : [...rowSources(state, parameters)]

  const templates = new Map<number, RowTemplate>()
  const templateFor = (computed: ComputedProject, index: number): RowTemplate => {
    const first = profileIndexOf(index)
    const key = digitCount(index) * SeedTasks.profileCount + first
    const existing = templates.get(key)
    if (existing !== undefined) return existing
    const template = makeTemplate(
      computed.seedProject,
      rowOf(sourceOf(computed, first, placeholderWriter)),
      index
    )
    templates.set(key, template)
    return template
  }
  const sourceAt = (nth: number): RowSource | undefined => {
    const task = selected[nth]
    if (typeof task !== "number") return task
    return computed && sourceOf(computed, task, SeedTasks.taskWriter(computed.seedProject, task))
  }
  const text = (nth: number): string => {
    const source = sourceAt(nth)
    return source === undefined ? "" : JSON.stringify(rowOf(source))
  }
  return {
    count: selected.length,
    text,
    write: (nth, into, at) => {
      const task = selected[nth]
      if (typeof task !== "number" || computed === undefined) return writeText(text(nth), into, at)
      return writeRow(templateFor(computed, task), into, at, task)
    },
    names: (nth) => {
      const source = sourceAt(nth)
      return [source?.asset.externalId ?? "", source?.task._id ?? ""]
    },
    *identity() {
      for (const [nth, task] of selected.entries()) {
        yield typeof task === "number" && nth >= SeedTasks.profileCount ? `${task} ` : text(nth)
      }
    }
  }
}

/** Selects the issues of an export. */
export const selectIssues = (state: HubState, parameters: ExportParameters): Selection => {
  const rows = [...issueRows(state, parameters)]
  const text = (nth: number): string => JSON.stringify(rows[nth])
  return {
    count: rows.length,
    text,
    write: (nth, into, at) => writeText(text(nth), into, at),
    names: (nth) => ["", String(rows[nth]?._id)],
    identity: () => rows.map((_, nth) => text(nth))
  }
}
