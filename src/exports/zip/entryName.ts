// The name of an entry, as text to show. It is never a path: whoever writes files chooses their names.
import * as Option from "effect/Option"

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

// The upper half of code page 437, the encoding of names without a mark.
const upper =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
  "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"

const cp437 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : upper.charAt(byte - 0x80))).join("")

const asUtf8 = Option.liftThrowable((bytes: Uint8Array) => strictUtf8.decode(bytes))

/** Many write UTF-8 without marking it, and hardly any other text can be read as UTF-8 by chance. */
export const entryName = (bytes: Uint8Array, isMarkedUtf8: boolean): string =>
  isMarkedUtf8 ? utf8.decode(bytes) : Option.getOrElse(asUtf8(bytes), () => cp437(bytes))

const maxQuoted = 80

/** A name inside a message: on one line, and short. */
export const quoted = (name: string): string =>
  JSON.stringify(name.length > maxQuoted ? `${name.slice(0, maxQuoted)}…` : name)
