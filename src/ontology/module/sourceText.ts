// Escapes texts of an ontology for TypeScript source: no text can become code.

const escape = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`
  ).join("")

/** A string literal. Invisible characters (controls, direction marks, fillers, line separators) are escaped. */
export const stringLiteral = (text: string): string =>
  JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, escape)

/** A string literal for use inside of a block comment, which it cannot end. */
export const commentLiteral = (text: string): string => stringLiteral(text).replaceAll("*/", "*\\/")

/** A JSON value as an expression, indented by two spaces per level. Its keys must be identifiers. */
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
  return typeof value === "string" ? stringLiteral(value) : String(value)
}
