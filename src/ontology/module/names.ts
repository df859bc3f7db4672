// Turns titles into identifiers.

// Characters of identifiers in Unicode ranges that are complete, so that compilers with older tables accept them, without
// invisible ones such as the Hangul fillers.
const wordPattern =
  /(?:(?=[A-Za-z0-9_\u00aa-\u086a\u08a0-\u0c5b\u0c5d-\u0cdb\u0cdd-\u1abe\u1b00-\u1c7f\u1c90-\u1fff\u3041-\u318e\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3])(?!\p{Default_Ignorable_Code_Point})\p{ID_Continue})+/gu

const startPattern = /^\p{ID_Start}/u

const maxLength = 40

// Some capital letters are newer in Unicode than their lower-case letters.
const capitalize = (word: string): string => {
  const capital = word.charAt(0).toUpperCase()
  return capital.replace(wordPattern, "") === "" ? `${capital}${word.slice(1)}` : word
}

/** Turns a title into a part of an identifier: `Vehicle type` to `VehicleType`. Empty when it has no letters. */
export const toIdentifier = (title: string): string => {
  const words = title.normalize("NFC").match(wordPattern) ?? []
  const joined = words.map(capitalize).join("")
  return Array.from(joined).slice(0, maxLength).join("")
}

/** Makes a function that returns unique identifiers: a repeated or reserved name gets a number. */
export const makeNamer = (reserved: Iterable<string>): ((preferred: string) => string) => {
  const used = new Set(reserved)
  return (preferred) => {
    const name = startPattern.test(preferred) ? preferred : `_${preferred}`
    let unique = name
    for (let number = 2; used.has(unique); number++) unique = `${name}${number}`
    used.add(unique)
    return unique
  }
}
