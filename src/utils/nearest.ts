// The name that somebody may have meant.

// So many changes are a slip; more make it another word.
const slips = (length: number): number => Math.max(1, Math.floor(length / 3))

const longest = 100

/** How many letters to add, leave out, replace or swap with their neighbour; nothing when it is more than `most`. */
export const distance = (a: string, b: string, most: number): number | undefined => {
  if (Math.abs(a.length - b.length) > most) return undefined
  let before: ReadonlyArray<number> = []
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
          isSwapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
        )
      )
    }
    if (Math.min(...next) > most) return undefined
    before = last
    last = next
  }
  const total = last[b.length] ?? 0
  return total > most ? undefined : total
}

/** The nearest of these names; of equally near ones the first; nothing when none is near. Case counts for nothing. */
export const nearest = (text: string, names: Iterable<string>): string | undefined => {
  if (text.length > longest) return undefined
  const wanted = text.trim().toLowerCase()
  let best: string | undefined
  let most = slips(wanted.length)
  for (const name of names) {
    if (name.length > longest) continue
    const away = distance(wanted, name.trim().toLowerCase(), most)
    if (away === undefined || (best !== undefined && away >= most)) continue
    best = name
    if (away === 0) return best
    most = away
  }
  return best
}
