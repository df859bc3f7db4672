/**
 * What an export holds: the rows that were asked for, as they are when it is asked for. Rows are written when they are
 * read; what others change in between does not change them.
 */
import type { ExportParameters } from "../../api/exports.js"
import { slotsOf } from "../seed/lazyCollections.js"
import { type ComputedProject, computedProjectOf } from "../seed/seed.js"
import * as Drawn from "../seed/tasks.js"
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
  /** A row as JSON. */
  readonly text: (nth: number) => string
  /** Writes a row as JSON; the place after it, or -1 when there is no room. */
  readonly write: (nth: number, into: Uint8Array, at: number) => number
  /** The external id of a row's asset (or the id of the issue), and the id of its task. */
  readonly names: (nth: number) => readonly [external: string, task: string]
  /** Text that is the same for the same rows alone. */
  readonly identity: () => Iterable<string>
}

/** Keeps what the writer reads in one place: a task that is computed is a number. */
type Chosen = number | RowSource

const encoder = new TextEncoder()

/** Writes a text; the place after it, or -1 when there is no room. */
export const writeText = (text: string, into: Uint8Array, at: number): number => {
  const { read, written } = encoder.encodeInto(text, into.subarray(at))
  return read === text.length ? at + written : -1
}

// The tasks of which anything was changed, by their numbers.
const changedIndexes = ({
  answers,
  seedProject: frame,
  histories,
  stored
}: ComputedProject): ReadonlySet<number> => {
  const changed = new Set<number>()
  const add = (index: number | undefined) => index !== undefined && changed.add(index)
  for (const slot of slotsOf(stored.assets) ?? []) {
    if (typeof slot === "object") add(Drawn.indexOf(frame, "asset", slot._id))
  }
  for (const taskId of [...answers.changed(), ...histories.changed()]) {
    add(Drawn.indexOf(frame, "task", taskId))
  }
  return changed
}

const selectComputedTasks = (
  state: HubState,
  parameters: ExportParameters,
  computation: ComputedProject
): ReadonlyArray<Chosen> => {
  const { profileOf: drawOf, seedProject: frame, stored } = computation
  const isWanted = makeTaskFilter(stored, parameters)
  const changed = changedIndexes(computation)
  const assets = new Map(
    (slotsOf(stored.assets) ?? []).flatMap((slot) =>
      typeof slot === "object" ? [[slot._id as string, slot]] : []
    )
  )
  const assetFor = (task: WireTask) => {
    const id = assetIdOf(task) ?? ""
    const index = Drawn.indexOf(frame, "asset", id)
    return assets.get(id) ?? (index === undefined ? undefined : assetAt(computation, index))
  }
  // All tasks of a draw are wanted, or none, but for their times.
  const answers = Array.from({ length: Drawn.profileCount }, (_, index) => {
    const drawn = drawOf(index)
    return { isWanted: isWanted(taskAt(computation, index)), updated: Drawn.updatedAfter(frame, drawn) }
  })
  const chosen: Array<Chosen> = []
  for (const slot of slotsOf(stored.tasks) ?? []) {
    if (typeof slot === "number" && !changed.has(slot)) {
      const known = answers[profileIndexOf(slot)]
      const created = Drawn.createdAtOf(frame, slot)
      if (known?.isWanted === true && isInTimeRanges(parameters, created, created + known.updated))
        chosen.push(slot)
      continue
    }
    const task = typeof slot === "number" ? taskAt(computation, slot) : slot
    const asset = assetFor(task)
    if (asset === undefined || !isWanted(task) || !matchesTimeRanges(parameters, task)) continue
    chosen.push({
      asset,
      task,
      answer: state.answers.get(task._id),
      history: state.histories.get(task._id) ?? []
    })
  }
  return chosen
}

const taskAt = ({ profileOf: drawOf, seedProject: frame }: ComputedProject, index: number): WireTask =>
  Drawn.taskOf(frame, drawOf(index), Drawn.taskWriter(frame, index))

const assetAt = ({ profileOf: drawOf, seedProject: frame }: ComputedProject, index: number) =>
  Drawn.assetOf(frame, drawOf(index), Drawn.taskWriter(frame, index))

const sourceOf = (
  { profileOf: drawOf, seedProject: frame }: ComputedProject,
  index: number,
  hand: Drawn.TaskWriter
): RowSource => {
  const drawn = drawOf(index)
  const answer = Drawn.isLabelled(drawn) ? Drawn.answerOf(drawn, hand) : undefined
  return {
    asset: Drawn.assetOf(frame, drawn, hand),
    task: Drawn.taskOf(frame, drawn, hand),
    answer,
    history: answer === undefined ? [] : Drawn.historyOf(frame, drawn, hand, answer)
  }
}

/** The tasks that an export holds. */
export const selectTasks = (
  state: HubState,
  stored: StoredProject,
  parameters: ExportParameters
): Selection => {
  const rowOf = makeRowBuilder(stored.project, parameters)
  const computation = computedProjectOf(state)
  const isComputed =
    computation?.stored === stored &&
    slotsOf(stored.tasks) !== undefined &&
    slotsOf(stored.assets) !== undefined
  const chosen = isComputed
    ? selectComputedTasks(state, parameters, computation)
    : [...rowSources(state, parameters)]

  const templates = new Map<number, RowTemplate>()
  const templateFor = (computation: ComputedProject, index: number): RowTemplate => {
    const first = profileIndexOf(index)
    const key = digitCount(index) * Drawn.profileCount + first
    const known = templates.get(key)
    if (known !== undefined) return known
    const made = makeTemplate(
      computation.seedProject,
      rowOf(sourceOf(computation, first, placeholderWriter)),
      index
    )
    templates.set(key, made)
    return made
  }
  const sourceAt = (nth: number): RowSource | undefined => {
    const one = chosen[nth]
    if (typeof one !== "number") return one
    return computation && sourceOf(computation, one, Drawn.taskWriter(computation.seedProject, one))
  }
  const text = (nth: number): string => {
    const source = sourceAt(nth)
    return source === undefined ? "" : JSON.stringify(rowOf(source))
  }
  return {
    count: chosen.length,
    text,
    write: (nth, into, at) => {
      const one = chosen[nth]
      if (typeof one !== "number" || computation === undefined) return writeText(text(nth), into, at)
      return writeRow(templateFor(computation, one), into, at, one)
    },
    names: (nth) => {
      const source = sourceAt(nth)
      return [source?.asset.externalId ?? "", source?.task._id ?? ""]
    },
    *identity() {
      for (const [nth, one] of chosen.entries()) {
        yield typeof one === "number" && nth >= Drawn.profileCount ? `${one} ` : text(nth)
      }
    }
  }
}

/** The issues that an export holds. */
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
