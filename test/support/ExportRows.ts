// Rows of exports as a hub writes them, by hand from the documents.
import { readdirSync, readFileSync } from "node:fs"

export interface Entry {
  /** Where it is documented. */
  readonly source: string
  readonly row: unknown
}

const folder = new URL("../wire/exportRows/", import.meta.url)

/** The files that there are. */
export const exportFiles: ReadonlyArray<string> = readdirSync(folder).toSorted()

/** The rows of a file, by name: a kind, or a kind and what is special about it (`pdf/image`). */
export const exportRows = (file: string): ReadonlyArray<readonly [name: string, entry: Entry]> =>
  Object.entries(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, Entry>)

/** The kind that a row is of. */
export const kindOf = (name: string): string => name.split("/")[0] ?? ""

/** Each row of a file by its name, read by `read`. */
export const readAll = <A>(file: string, read: (row: unknown) => A): ReadonlyArray<readonly [string, A]> =>
  exportRows(file).map(([name, { row }]) => [name, read(row)])
