// The table of figures.
import type { Aim, Figure } from "./figures.js"
import { byHand, type Results, vendor } from "./suite.js"

const isOther = (name: string): boolean => name.startsWith("other ")
const isOurs = (name: string): boolean => name !== vendor && name !== byHand && !isOther(name)

export const medianOf = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [above = Number.NaN, below = above] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? above : (above + below) / 2
}

/** The medians of a figure by client. */
export const mediansOf = ({ value }: Figure, results: Results): ReadonlyMap<string, number> => {
  const medians = new Map<string, number>()
  for (const [name, taken] of results) {
    const values = taken.map(value).filter((one) => one !== undefined)
    if (values.length > 0) medians.set(name, medianOf(values))
  }
  return medians
}

const least = (medians: ReadonlyMap<string, number>, isMeant: (name: string) => boolean) =>
  [...medians].filter(([name]) => isMeant(name)).toSorted(([, a], [, b]) => a - b)[0]

const digits = (value: number): string =>
  value >= 100 || value === 0 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

export const withUnit = (value: number, unit: string): string =>
  Number.isFinite(value) ? `${digits(value)}${unit && ` ${unit}`}` : ""

const reached = (aim: Aim, got: number | undefined): string => {
  if (got === undefined) return "?"
  const reach = aim.most !== undefined ? [got <= aim.most ? "yes" : "**no**"] : []
  if (aim.moonshot !== undefined) reach.push(got <= aim.moonshot ? "moonshot" : "no moonshot")
  return reach.join(", ")
}

const aimText = ({ before, moonshot, most, to }: Aim): string =>
  [
    most !== undefined ? `≤ ${most}${to === undefined ? "" : ` of ${to}`}` : `of ${to}`,
    ...(moonshot === undefined ? [] : [`moonshot ≤ ${moonshot}`]),
    `was ${before}`
  ].join(", ")

/** Titles and cells of the table of one run. */
export const tableOf = (figures: ReadonlyArray<Figure>, results: ReadonlyMap<string, Results>): string => {
  const isCompared = [...results.values()].some((one) => [...one.keys()].some(isOther))
  const titles = [
    "figure",
    "ours",
    ...(isCompared ? ["other build"] : []),
    vendor,
    byHand,
    "ratio",
    "aim",
    "reached"
  ]
  const rows = figures.flatMap((figure) => {
    const measured = results.get(figure.suite)
    if (measured === undefined) return []
    const medians = mediansOf(figure, measured)
    const [name = "", ours] = least(medians, isOurs) ?? []
    const other = least(medians, isOther)
    const got = ({ to }: Aim): number | undefined => {
      if (ours === undefined || to === undefined) return ours
      const base = medians.get(to)
      return base === undefined ? undefined : ours / base
    }
    const cell = (value: number | undefined) => (value === undefined ? "" : withUnit(value, figure.unit))
    const ratio = (to: string) => {
      const base = medians.get(to)
      return base === undefined || ours === undefined ? [] : [`${(ours / base).toFixed(2)} of ${to}`]
    }
    return [
      [
        figure.name,
        ours === undefined ? "" : `${cell(ours)} (${name})`,
        ...(isCompared ? [cell(other?.[1])] : []),
        cell(medians.get(vendor)),
        cell(medians.get(byHand)),
        [...ratio(vendor), ...ratio(byHand)].join("; "),
        figure.aims.map(aimText).join("; "),
        figure.aims.map((aim) => reached(aim, got(aim))).join("; ")
      ]
    ]
  })
  return markdown(titles, rows)
}

/** A table whose columns after the first ones are numbers. */
export const markdown = (
  titles: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const width = (column: number) =>
    Math.max(...[titles, ...rows].map((cells) => [...(cells[column] ?? "")].length), 3)
  const widths = titles.map((_, column) => width(column))
  const line = (cells: ReadonlyArray<string>) =>
    `| ${widths.map((size, column) => (cells[column] ?? "").padEnd(size)).join(" | ")} |`
  return [line(titles), line(widths.map((size) => "-".repeat(size))), ...rows.map(line)].join("\n")
}
