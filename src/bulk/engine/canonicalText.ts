// The content of a row as text, by which rows are compared and their length is known.

type Fields = Readonly<Record<string, unknown>>

// The same value, with fields in the order of their names at every depth.
const sortFields = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const json: unknown = value.toJSON()
    if (json !== value) return sortFields(json)
  }
  if (Array.isArray(value)) return value.map(sortFields)
  const sorted: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    const field = sortFields((value as Fields)[name])
    // An assignment would set the prototype.
    if (name === "__proto__") Object.defineProperty(sorted, name, { value: field, enumerable: true })
    else sorted[name] = field
  }
  return sorted
}

/** The content of a row as text, whatever the order of its fields; `undefined` for what JSON cannot represent. */
export const canonicalText = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(sortFields(value)) ?? "undefined"
  } catch {
    return undefined
  }
}
