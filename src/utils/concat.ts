/** Copies parts into one new buffer. */
export const concat = (parts: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** All parts in one array: a single part is returned as it is, without a copy. */
export const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [first] = parts
  return first !== undefined && parts.length === 1 ? first : concat(parts)
}
