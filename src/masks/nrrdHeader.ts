// The header of an NRRD file (https://teem.sourceforge.net/nrrd/format.html): lines of text, then an empty line.
import * as Either from "effect/Either"
import { fail, type Result } from "./maskError.js"
import { byteCount } from "./sides.js"

/** How the data of an NRRD follow its header. */
export type Encoding = "raw" | "gzip"

/** The header of an NRRD. */
export interface NrrdHeader {
  /** The sides along x, y and z. */
  readonly size: readonly [number, number, number]
  readonly encoding: Encoding
  /** The whole header, with the empty line at its end. */
  readonly bytes: Uint8Array
}

const newLine = 10
const carriageReturn = 13

/** The index after the empty line that ends the header, if there is one. */
const headerEnd = (bytes: Uint8Array): number | undefined => {
  for (let at = bytes.indexOf(newLine); at >= 0; at = bytes.indexOf(newLine, at + 1)) {
    const next = bytes[at + 1] === carriageReturn ? at + 2 : at + 1
    if (bytes[next] === newLine) return next + 1
  }
  return undefined
}

/** The fields by name; comments and key/value pairs (`key:=value`) are left out. */
const fieldsIn = (lines: ReadonlyArray<string>): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(":")
      return at < 0 || line.startsWith("#") || line[at + 1] === "="
        ? []
        : [[line.slice(0, at).trim().toLowerCase().replaceAll(" ", ""), line.slice(at + 1).trim()] as const]
    })
  )

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ["raw", "raw"],
  ["gzip", "gzip"],
  ["gz", "gzip"]
])

const byteTypes = ["uchar", "unsigned char", "uint8", "uint8_t"]

const unsupported = (what: string, advice: string): Result<never> =>
  fail("unsupported", `The NRRD ${what}. ${advice}`)

const readFields = (fields: ReadonlyMap<string, string>, bytes: Uint8Array): Result<NrrdHeader> => {
  const field = (name: string) => fields.get(name) ?? ""
  if (fields.has("datafile")) {
    return unsupported(
      "has its data in another file",
      "Save it as one file (.nrrd), not as a header (.nhdr)."
    )
  }
  if (!["", "0"].includes(field("byteskip")) || !["", "0"].includes(field("lineskip"))) {
    return unsupported("skips bytes before its data", "Save it again without byte skip and line skip.")
  }
  const type = field("type").toLowerCase()
  if (!byteTypes.includes(type)) {
    return unsupported(`has values of the type ${JSON.stringify(type)}`, "Save it with the type uint8.")
  }
  const sides = field("sizes").split(/\s+/).map(Number)
  const [x, y, z] = sides
  if (
    field("dimension") !== "3" ||
    x === undefined ||
    y === undefined ||
    z === undefined ||
    sides.length !== 3
  ) {
    return unsupported(
      `has the dimension ${JSON.stringify(field("dimension"))} and the sizes ${JSON.stringify(field("sizes"))}`,
      "Save it as one volume, with three dimensions."
    )
  }
  const encoding = encodings.get(field("encoding").toLowerCase())
  if (encoding === undefined) {
    return unsupported(`has the encoding ${JSON.stringify(field("encoding"))}`, "Save it as raw or gzip.")
  }
  return Either.map(byteCount(sides, 1), () => ({ size: [x, y, z], encoding, bytes }))
}

/** Reads the header at the start of a file. Fails for a volume that is too large, before anything is allocated for it. */
export const readNrrdHeader = (file: Uint8Array): Result<NrrdHeader> => {
  const magic = new TextDecoder().decode(file.subarray(0, 8))
  if (!/^NRRD000[1-5]$/.test(magic)) {
    return fail(
      "format",
      "The mask is not an NRRD: its first bytes are others. Give the bytes of an NRRD file."
    )
  }
  const end = headerEnd(file)
  const bytes = file.subarray(0, end ?? file.length)
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/).slice(1)
  // A header without data needs no empty line.
  return end === undefined && !fieldsIn(lines).has("datafile")
    ? fail("damaged", "The NRRD ends within its header. Get the complete file.")
    : readFields(fieldsIn(lines), bytes)
}

/** The header of a volume of bytes, compressed with gzip. */
export const makeNrrdHeader = (size: NrrdHeader["size"]): NrrdHeader => ({
  size,
  encoding: "gzip",
  bytes: new TextEncoder().encode(
    `NRRD0005\ntype: uint8\ndimension: 3\nsizes: ${size.join(" ")}\nencoding: gzip\n\n`
  )
})
