// What an answer holds that this version does not know, though it could read all of it.

/**
 * An unknown field of an object, or an unknown value of a field that has a list of known ones.
 *
 * @since 0.1.0
 */
export interface DriftFinding {
  readonly kind: "field" | "value"
  /** What holds it: a schema (`LabelTask`), or an operation (`tasks.list`) for what is around the documents. */
  readonly schema: string
  /** The place of the object or the value in that: `review.status`, or `""` for itself. An item of a list is `[]`. */
  readonly path: string
  /** The name of the unknown field, or the unknown value. */
  readonly name: string
}

// A hub can invent more names than anybody wants to keep.
const mostNames = 100

/** Findings at one place. The same name is the same finding, so that a thousand rows with it can be told from many. */
export const findingsAt = (
  kind: DriftFinding["kind"],
  { path, schema }: Pick<DriftFinding, "path" | "schema">
): ((name: string) => DriftFinding) => {
  const known = new Map<string, DriftFinding>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const finding = { kind, schema, path, name }
    if (known.size < mostNames) known.set(name, finding)
    return finding
  }
}

/** Adds a finding, once in a row: what one row has, the next one mostly has too. */
export const noteDrift = (findings: Array<DriftFinding>, finding: DriftFinding): void => {
  if (findings[findings.length - 1] !== finding) findings.push(finding)
}
