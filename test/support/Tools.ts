// Archives written by other programs: Info-ZIP, Python and 7-Zip.
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** Files to pack, by name. */
export type Sources = Readonly<Record<string, string | Uint8Array>>

const python = `
import io, sys, zipfile
method, streamed, zip64, target, *names = sys.argv[1:]
class Unseekable(io.RawIOBase):
    def __init__(self, file): self.file = file
    def writable(self): return True
    def write(self, data): return self.file.write(data)
with open(target, "wb") as file:
    out = Unseekable(file) if streamed == "yes" else file
    with zipfile.ZipFile(out, "w", int(method)) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=zip64 == "yes") as entry:
                with open(name, "rb") as source: entry.write(source.read())
`

const pythonCall = (method: 0 | 8, streamed: "yes" | "no", zip64: "yes" | "no") => ({
  tool: "python3",
  call: (names: ReadonlyArray<string>) => ["-c", python, String(method), streamed, zip64, "out.zip", ...names]
})

const zipCall = (...options: ReadonlyArray<string>) => ({
  tool: "zip",
  call: (names: ReadonlyArray<string>) => ["-q", ...options, "out.zip", ...names]
})

const sevenZipCall = (...options: ReadonlyArray<string>) => ({
  tool: "7z",
  call: (names: ReadonlyArray<string>) => ["a", "-bd", "-bso0", "-tzip", ...options, "out.zip", ...names]
})

interface Way {
  readonly tool: string
  readonly call: (names: ReadonlyArray<string>) => ReadonlyArray<string>
  /** Whether the archive is written to stdout, with only the first file, which is read from stdin. */
  readonly isPiped?: boolean
  readonly input?: string
}

/** The ways to make archives, by name. */
export const ways: Readonly<Record<string, Way>> = {
  "zip, deflated": zipCall(),
  "zip, stored": zipCall("-0"),
  "zip, best, without extra fields": zipCall("-9", "-X"),
  "zip, data descriptors": zipCall("-fd"),
  "zip, data descriptors, zip64": zipCall("-fd", "-fz"),
  "zip, zip64": zipCall("-fz"),
  "zip, with a comment": { ...zipCall("-z"), input: "a comment\n.\n" },
  "zip, from a pipe to a pipe": { tool: "zip", call: () => ["-q", "-", "-"], isPiped: true },
  "zip, from a pipe to a pipe, zip64": { tool: "zip", call: () => ["-q", "-fz", "-", "-"], isPiped: true },
  "python, stored": pythonCall(0, "no", "no"),
  "python, deflated": pythonCall(8, "no", "no"),
  "python, stored, streamed": pythonCall(0, "yes", "no"),
  "python, deflated, streamed": pythonCall(8, "yes", "no"),
  "python, stored, zip64": pythonCall(0, "no", "yes"),
  "python, deflated, zip64": pythonCall(8, "no", "yes"),
  "python, stored, streamed, zip64": pythonCall(0, "yes", "yes"),
  "python, deflated, streamed, zip64": pythonCall(8, "yes", "yes"),
  "7z, deflated": sevenZipCall(),
  "7z, stored": sevenZipCall("-mx=0"),
  "7z, best, names in UTF-8": sevenZipCall("-mx=9", "-mcu=on")
}

const debian: Record<string, string> = { zip: "zip", python3: "python3", "7z": "p7zip-full" }

/** Packs files in one of the ways. */
export const packedBy = (name: string, sources: Sources): Uint8Array => {
  const way = ways[name]
  if (way === undefined) throw new Error(`No such way to make an archive: ${name}`)
  const folder = mkdtempSync(join(tmpdir(), "archives-"))
  try {
    for (const [path, content] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    const names = Object.keys(sources)
    const printed = execFileSync(way.tool, way.call(names), {
      cwd: folder,
      maxBuffer: 2 ** 30,
      ...(way.isPiped === true ? { input: Buffer.from(sources[names[0] ?? ""] ?? "") } : {}),
      ...(way.input === undefined ? {} : { input: way.input })
    })
    return way.isPiped === true ? printed : readFileSync(join(folder, "out.zip"))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    throw new Error(`This test needs ${way.tool}: apt-get install ${debian[way.tool]}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
