// What kind of file a name speaks of: the kinds that can be labelled (docs/api-notes.md#file-types), and those beside
// them.

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

/** The extension of a file's name in its own case, without the dot; nothing when it has none that could be one. */
export const extensionOf = (name: string): string | undefined => {
  const base = name.split(/[\\/]/).at(-1) ?? ""
  // What a dot begins is hidden, not an extension.
  return /^.+\.([A-Za-z0-9]{1,16})$/s.exec(base)?.[1]
}

/** The media type of a file by its name; what is not known is a stream of bytes. */
export const contentTypeOf = (name: string): string =>
  types[extensionOf(name)?.toLowerCase() ?? ""] ?? "application/octet-stream"
