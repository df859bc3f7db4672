// The content of a row as text, by which rows are compared and their length is known.

// Fields in the order of their names, at every depth. What is in order already is not copied.
const sortFields = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const json: unknown = value.toJSON()
    if (json !== value) return sortFields(json)
  }
  if (Array.isArray(value)) {
    const items = value.map(sortFields)
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const names = Object.keys(value)
  const fields = names.map((name) => sortFields((value as Readonly<Record<string, unknown>>)[name]))
  const isUnchanged = names.every(
    (name, index) =>
      fields[index] === (value as Readonly<Record<string, unknown>>)[name] &&
      (index === 0 || name > (names[index - 1] ?? ""))
  )
  if (isUnchanged) return value
  const entries = names.map((name, index) => [name, fields[index]] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The content of a row as text, whatever the order of its fields; `undefined` for what JSON cannot represent. */
export const canonicalText = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(sortFields(value)) ?? "undefined"
  } catch {
    return undefined
  }
}
