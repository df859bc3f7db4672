// Drift: what a response holds that this version does not know, though it decoded all of it.

/**
 * An unknown field of an object, or an unknown value of a field that has a list of known ones.
 *
 * @category models
 * @since 0.1.0
 */
export interface DriftFinding {
  readonly kind: "field" | "value"
  /** The schema that holds it (`LabelTask`), or the operation (`tasks.list`) for the envelope around the documents. */
  readonly schema: string
  /** The path of the object or the value in it: `review.status`, or `""` for itself. An item of a list is `[]`. */
  readonly path: string
  /** The name of the unknown field, or the unknown value. */
  readonly name: string
}

// A hub could send new names without end.
const maxNames = 100

/** Makes the findings of one path. The same name gives the same object, so that a set counts it once for all rows. */
export const findingsAt = (
  kind: DriftFinding["kind"],
  { path, schema }: Pick<DriftFinding, "path" | "schema">
): ((name: string) => DriftFinding) => {
  const byName = new Map<string, DriftFinding>()
  return (name) => {
    const existing = byName.get(name)
    if (existing !== undefined) return existing
    const finding = { kind, schema, path, name }
    if (byName.size < maxNames) byName.set(name, finding)
    return finding
  }
}

/** Appends a finding unless it equals the last one: consecutive rows mostly have the same findings. */
export const noteDrift = (findings: Array<DriftFinding>, finding: DriftFinding): void => {
  if (findings[findings.length - 1] !== finding) findings.push(finding)
}
