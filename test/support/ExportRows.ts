// Rows of exports, written by hand from the documentation.
import { readdirSync, readFileSync } from "node:fs"

export interface Entry {
  /** The documentation of the row. */
  readonly source: string
  readonly row: unknown
}

const folder = new URL("../wire/exportRows/", import.meta.url)

/** The names of the files. */
export const exportFiles: ReadonlyArray<string> = readdirSync(folder).toSorted()

/** The rows of a file by name: a kind, or a kind and a variant (`pdf/image`). */
export const exportRows = (file: string): ReadonlyArray<readonly [name: string, entry: Entry]> =>
  Object.entries(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, Entry>)

/** The kind of a row, from its name. */
export const kindOf = (name: string): string => name.split("/")[0] ?? ""

/** Each row of a file by its name, decoded by `read`. */
export const readAll = <A>(file: string, read: (row: unknown) => A): ReadonlyArray<readonly [string, A]> =>
  exportRows(file).map(([name, { row }]) => [name, read(row)])
