// Texts of an ontology as TypeScript: whatever they hold, they stay texts.

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`
  ).join("")

/**
 * A string literal. What nobody would see (controls, marks of direction, fillers, separators of lines) is escaped, so
 * that the literal reads as what it is.
 */
export const literal = (text: string): string =>
  JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, escaped)

/** The same for a comment, which it cannot end. */
export const inComment = (text: string): string => literal(text).replaceAll("*/", "*\\/")

/** JSON as an expression, indented by two spaces a level; its keys must be identifiers. */
export const expression = (value: unknown, indent = ""): string => {
  const inner = `${indent}  `
  const block = (open: string, lines: ReadonlyArray<string>, close: string): string =>
    lines.length === 0
      ? `${open}${close}`
      : `${open}\n${lines.map((line) => `${inner}${line}`).join(",\n")}\n${indent}${close}`
  if (Array.isArray(value)) {
    return block(
      "[",
      value.map((one) => expression(one, inner)),
      "]"
    )
  }
  if (typeof value === "object" && value !== null) {
    return block(
      "{",
      Object.entries(value).map(([name, one]) => `${name}: ${expression(one, inner)}`),
      "}"
    )
  }
  return typeof value === "string" ? literal(value) : String(value)
}
