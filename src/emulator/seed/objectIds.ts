/**
 * ObjectIds in the format of the real hub: seconds since 1970, five bytes for the kind of document, and a counter. They
 * do not depend on the seed, so that examples can use them.
 */

const kinds = {
  organization: "c0ffee0001",
  project: "a1a1a1a1a1",
  batch: "ba7cba7c01",
  asset: "a55e7a55e7",
  task: "7a5c7a5c01",
  history: "b157b157b1",
  object: "0b1ec70b1e",
  issue: "155ce155ce",
  comment: "c0337c0337",
  user: "05e205e205",
  invite: "1171e1171e",
  storage: "5704a6e5d5",
  llm: "11a5e11a5e",
  template: "7e37a7e37a",
  schema: "5c4e5a5c4e",
  conversation: "c4a7c4a701",
  export: "e8b04fe8b0"
} as const

/** The kind of document that an id is for. */
export type IdKind = keyof typeof kinds

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0").slice(-digits)

/** The ObjectId of the `counter`-th document of a kind, created at a time in epoch milliseconds. */
export const objectId = (kind: IdKind, counter: number, at: number): string =>
  `${hex(Math.floor(at / 1000), 8)}${kinds[kind]}${hex(counter, 6)}`

/** An id of an ontology class (`schema`) or of an annotation (`object`). These have 23 hex characters. */
export const shortId = (kind: "schema" | "object", counter: number): string =>
  `${kinds[kind]}${hex(counter, 13)}`

/** The UUID of a stage that was added in the workflow editor. */
export const stageUuid = (counter: number): string => `206f2f63-0c4d-4b8e-9a51-${hex(counter, 12)}`

/** Makes a function that writes `index + plus` with at least `width` digits. */
export const digitsFrom =
  (index: number) =>
  (plus: number, width: number): string =>
    String(index + plus).padStart(width, "0")
