// A whole answer, and a whole entry of an import.

import type { Walk } from "./classLookup.js"
import { at, type Fields, type Finding, isFields, isMaybe, kindOf, note } from "./finding.js"
import { checkObjects } from "./objectCheck.js"
import type { Classes } from "./ontologyIndex.js"
import { checkQuestions, checkRequired } from "./questionCheck.js"
import { checkRelations } from "./relationCheck.js"

/** Which asset an entry is for, as far as it says. */
export interface LabelledAsset {
  readonly externalId: string | undefined
  readonly data: string | undefined
}

/**
 * What is known beside the ontology, and how strict a check is.
 *
 * @since 0.1.0
 */
export interface CheckOptions {
  /** Whether required questions may be left to the annotators; default false. */
  readonly incomplete?: boolean | undefined
  /**
   * The size of an asset's image on a page (counted from 0) in pixels, for example from its metadata: no geometry
   * may be outside of it. Unless given, or where it gives nothing, that is not checked.
   */
  readonly sizeOf?:
    | ((
        asset: LabelledAsset,
        page: number
      ) => { readonly width: number; readonly height: number } | undefined)
    | undefined
}

/** What a check came to: the value as it is sent (the very same one where nothing changes), and every mistake. */
export interface Checked {
  readonly value: Fields
  readonly findings: ReadonlyArray<Finding>
}

const nobody: LabelledAsset = { externalId: undefined, data: undefined }

const notAnObject = (value: unknown, expected: string): Checked => ({
  value: {},
  findings: [
    {
      reason: "wrong-kind",
      place: undefined,
      expected,
      found: kindOf(value),
      says: `is ${kindOf(value)}; expected ${expected}`,
      suggestion: undefined
    }
  ]
})

const changed = (entry: Fields, fields: Fields): Fields => {
  const names = Object.keys(fields).filter((name) => fields[name] !== entry[name])
  return names.length === 0
    ? entry
    : { ...entry, ...Object.fromEntries(names.map((name) => [name, fields[name]])) }
}

const walkAnswer = (classes: Classes, entry: Fields, walk: Walk): Fields => {
  const { findings } = walk
  if (entry["tools"] != null && entry["objects"] != null) {
    note(findings, {
      reason: "two-lists",
      place: at(undefined, "objects"),
      expected: "objects under tools or under objects, not both",
      found: "both",
      says: "is there, and so is tools; expected one of them"
    })
  }
  const name = entry["objects"] == null && entry["tools"] != null ? "tools" : "objects"
  const objects = checkObjects(walk, classes.tools, entry, name)
  const replies = checkQuestions(walk, classes.questions, entry, undefined)
  checkRequired(walk, classes.questions, replies, [], at(undefined, "classifications"))
  const relations = checkRelations(walk, classes.relations, entry, objects)
  return changed(entry, {
    [name]: objects.items,
    ...(replies.items === undefined ? {} : { classifications: replies.items }),
    relations
  })
}

const walkOf = (classes: Classes, options: CheckOptions, asset: LabelledAsset): Walk => {
  const { incomplete = false, sizeOf } = options
  return {
    homes: classes.homes,
    findings: [],
    mayBeIncomplete: incomplete,
    sizeAt: (page) => sizeOf?.(asset, page)
  }
}

/** An answer, checked. */
export const checkAnswerOf = (classes: Classes, answer: unknown, options: CheckOptions): Checked => {
  if (!isFields(answer)) return notAnObject(answer, "an answer: an object")
  const walk = walkOf(classes, options, nobody)
  const value = walkAnswer(classes, answer, walk)
  return { value, findings: walk.findings }
}

const given = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

/** An entry of an import, checked: which asset, and its answer. */
export const checkEntry = (classes: Classes, entry: unknown, options: CheckOptions): Checked => {
  if (!isFields(entry)) return notAnObject(entry, "an entry: an object")
  const asset = { externalId: given(entry["externalId"]), data: given(entry["data"]) }
  const walk = walkOf(classes, options, asset)
  const { findings } = walk
  const isReadable = ["externalId", "data"].map((name) => isMaybe(entry, name, "string", undefined, findings))
  for (const name of ["brushDataUrl", "medicalBrushDataUrl"]) {
    isMaybe(entry, name, "string", undefined, findings)
  }
  if (asset.externalId === undefined && asset.data === undefined && !isReadable.includes(false)) {
    const expected = "an externalId, or data"
    const says = `names no asset; expected ${expected}`
    note(findings, { reason: "no-asset", place: undefined, expected, found: "neither", says })
  }
  return { value: walkAnswer(classes, entry, walk), findings }
}
