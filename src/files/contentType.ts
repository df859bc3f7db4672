// Media types by file extension: the types that can be labelled (docs/api-notes.md#file-types), JSON and compressed files.

const types: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  tif: "image/tiff",
  tiff: "image/tiff",
  bmp: "image/bmp",
  webp: "image/webp",
  mp4: "video/mp4",
  ogg: "video/ogg",
  webm: "video/webm",
  mov: "video/quicktime",
  mkv: "video/x-matroska",
  avi: "video/x-msvideo",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  flac: "audio/flac",
  txt: "text/plain",
  md: "text/markdown",
  markdown: "text/markdown",
  html: "text/html",
  pdf: "application/pdf",
  dcm: "application/dicom",
  json: "application/json",
  gz: "application/gzip",
  zip: "application/zip"
}

interface NameParts {
  readonly stem: string
  readonly extension: string
}

const splitName = (base: string): NameParts | undefined => {
  const [, stem, extension] = /^(.*)\.([A-Za-z0-9]{1,16})$/s.exec(base) ?? []
  return stem === undefined || extension === undefined ? undefined : { stem, extension }
}

// A name that begins with its only dot is a hidden file without extension.
const splitPath = (path: string): NameParts | undefined => {
  const parts = splitName(path.split(/[\\/]/).at(-1) ?? "")
  return parts?.stem === "" ? undefined : parts
}

/** The extension of a file name without the dot, in its original case; `undefined` if it has no extension. */
export const extensionOf = (name: string): string | undefined => splitPath(name)?.extension

// Extensions of compressed files: the one before says what is inside.
const compressions = /^(gz|bgz|bz2|xz|zst|lz4|z)$/i

// Extensions that say more about the one after them, with those that they occur with.
const qualifiers: Readonly<Record<string, RegExp>> = {
  seg: /^(nrrd|nii)$/i,
  ome: /^(tiff?|btf|tf2|tf8|zarr)$/i,
  zarr: /^zip$/i,
  copc: /^laz$/i
}

const belongsTo = (extension: string, next: string): boolean =>
  compressions.test(next)
    ? /^[A-Za-z]/.test(extension)
    : qualifiers[extension.toLowerCase()]?.test(next) === true

const withParts = ({ extension, stem }: NameParts): string => {
  const before = splitName(stem)
  return before !== undefined && belongsTo(before.extension, extension)
    ? `${withParts(before)}.${extension}`
    : extension
}

/**
 * The extension of a file name with all its parts, in their original case: `nii.gz`, `tar.gz`, `seg.nrrd`, `ome.tif`. A
 * name may have other dots, so that only these parts count: the extension before that of a compressed file, and one of a
 * known pair.
 */
export const wholeExtensionOf = (name: string): string | undefined => {
  const parts = splitPath(name)
  return parts === undefined ? undefined : withParts(parts)
}

/** The media type for a file name; `application/octet-stream` for unknown extensions. */
export const contentTypeOf = (name: string): string =>
  types[extensionOf(name)?.toLowerCase() ?? ""] ?? "application/octet-stream"
