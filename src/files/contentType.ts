// Media types by file extension: the types that can be labelled (docs/api-notes.md#file-types), and JSON.

const types: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  tif: "image/tiff",
  tiff: "image/tiff",
  mp4: "video/mp4",
  ogg: "video/ogg",
  webm: "video/webm",
  mov: "video/quicktime",
  mkv: "video/x-matroska",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  txt: "text/plain",
  md: "text/markdown",
  pdf: "application/pdf",
  dcm: "application/dicom",
  json: "application/json"
}

/** The extension of a file name without the dot, in its original case; `undefined` if it has no extension. */
export const extensionOf = (name: string): string | undefined => {
  const base = name.split(/[\\/]/).at(-1) ?? ""
  // A name that begins with its only dot is a hidden file without extension.
  return /^.+\.([A-Za-z0-9]{1,16})$/s.exec(base)?.[1]
}

/** The media type for a file name; `application/octet-stream` for unknown extensions. */
export const contentTypeOf = (name: string): string =>
  types[extensionOf(name)?.toLowerCase() ?? ""] ?? "application/octet-stream"
