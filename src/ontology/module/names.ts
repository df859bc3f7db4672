// Identifiers made of titles.

// Letters, digits and marks that compilers take in identifiers, in the ranges to which Unicode added nothing that they
// do not know yet; none that are not seen, such as the fillers of Hangul.
const parts =
  /(?:(?=[A-Za-z0-9_\u00aa-\u086a\u08a0-\u0c5b\u0c5d-\u0cdb\u0cdd-\u1abe\u1b00-\u1c7f\u1c90-\u1fff\u3041-\u318e\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3])(?!\p{Default_Ignorable_Code_Point})\p{ID_Continue})+/gu

const mayBegin = /^\p{ID_Start}/u

const longest = 40

// Some capitals are younger than their letters.
const capitalised = (word: string): string => {
  const capital = word.charAt(0).toUpperCase()
  return capital.replace(parts, "") === "" ? `${capital}${word.slice(1)}` : word
}

/** A title as a part of an identifier: `Vehicle type` is `VehicleType`. Empty where it has no letters. */
export const wordsOf = (title: string): string => {
  const words = title.normalize("NFC").match(parts) ?? []
  const joined = words.map(capitalised).join("")
  return Array.from(joined).slice(0, longest).join("")
}

/** Gives every name that is asked for once, and numbers those that were given before. */
export const namer = (reserved: Iterable<string>): ((wanted: string) => string) => {
  const taken = new Set(reserved)
  return (wanted) => {
    const name = mayBegin.test(wanted) ? wanted : `_${wanted}`
    let free = name
    for (let number = 2; taken.has(free); number++) free = `${name}${number}`
    taken.add(free)
    return free
  }
}
