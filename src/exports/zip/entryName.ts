// The names of entries, as text to display. They must not be used as paths of files.
import * as Option from "effect/Option"

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

// The upper half of code page 437, the encoding of names that are not flagged as UTF-8.
const upper =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"

const cp437 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : upper.charAt(byte - 0x80))).join("")

const asUtf8 = Option.liftThrowable((bytes: Uint8Array) => strictUtf8.decode(bytes))

/**
 * Decodes a name. Names that are not flagged as UTF-8 are decoded as such if they are valid UTF-8, because many
 * programs omit the flag and other text is hardly ever valid UTF-8; otherwise as code page 437.
 */
export const entryName = (bytes: Uint8Array, isFlaggedUtf8: boolean): string =>
  isFlaggedUtf8 ? utf8.decode(bytes) : Option.getOrElse(asUtf8(bytes), () => cp437(bytes))

const maxQuoted = 80

/** A name for a message: quoted, on one line, and at most 80 characters long. */
export const quoted = (name: string): string =>
  JSON.stringify(name.length > maxQuoted ? `${name.slice(0, maxQuoted)}…` : name)
