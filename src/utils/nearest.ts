// Suggestions for misspelt names.

/** The edit distance up to which a name of this length counts as misspelt. */
const maxDistance = (length: number): number => Math.max(1, Math.floor(length / 3))

const maxLength = 100

/** The edit distance, a swap of neighbours counting as one edit; `undefined` if it is more than `limit`. */
export const distance = (a: string, b: string, limit: number): number | undefined => {
  if (Math.abs(a.length - b.length) > limit) return undefined
  let previous: ReadonlyArray<number> = []
  let last: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      next.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (previous[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    if (Math.min(...next) > limit) return undefined
    previous = last
    last = next
  }
  const total = last[b.length] ?? 0
  return total > limit ? undefined : total
}

/** The nearest name, the first of several; `undefined` if none is near. Ignores case and surrounding spaces. */
export const nearest = (text: string, names: Iterable<string>): string | undefined => {
  if (text.length > maxLength) return undefined
  const wanted = text.trim().toLowerCase()
  let best: string | undefined
  let limit = maxDistance(wanted.length)
  for (const name of names) {
    if (name.length > maxLength) continue
    const edits = distance(wanted, name.trim().toLowerCase(), limit)
    if (edits === undefined || (best !== undefined && edits >= limit)) continue
    best = name
    if (edits === 0) return best
    limit = edits
  }
  return best
}
