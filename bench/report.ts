// The table of figures.
import type { Aim, Figure } from "./figures.js"
import { byHand, effectAlone, type Results, vendor } from "./suite.js"

const isOther = (name: string): boolean => name.startsWith("other ")
const isOurs = (name: string): boolean =>
  name !== vendor && name !== byHand && name !== effectAlone && !isOther(name)

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
  value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)

export const withUnit = (value: number, unit: string): string =>
  Number.isFinite(value) ? `${digits(value)}${unit && ` ${unit}`}` : ""

// What an aim limits: the figure itself, or its ratio.
const ratioOf = (
  { times = 1, to }: Aim,
  ours: number | undefined,
  medians: ReadonlyMap<string, number>
): number | undefined => {
  if (ours === undefined || to === undefined) return ours
  const base = medians.get(to)
  return base === undefined ? undefined : ours / (base * times)
}

const reached = (aim: Aim, got: number | undefined): string => {
  if (got === undefined) return "?"
  const reach = aim.most !== undefined ? [got <= aim.most ? "yes" : "**no**"] : []
  if (aim.moonshot !== undefined) reach.push(got <= aim.moonshot ? "moonshot" : "no moonshot")
  return reach.join(", ")
}

const aimText = ({ before, moonshot, most, times, to }: Aim): string => {
  const isLimited = most !== undefined || moonshot !== undefined
  const base = to === undefined ? "" : ` of ${times === undefined ? "" : `${times.toFixed(2)} × `}${to}`
  return [
    ...(most === undefined ? [] : [`≤ ${most}${base}`]),
    ...(moonshot === undefined ? [] : [`moonshot ≤ ${moonshot}${most === undefined ? base : ""}`]),
    `was ${before}${isLimited ? "" : base}`
  ].join(", ")
}

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
    const cell = (value: number | undefined) => (value === undefined ? "" : withUnit(value, figure.unit))
    const ratio = (to: string) => {
      const base = medians.get(to)
      return base === undefined || ours === undefined ? [] : [`${digits(ours / base)} of ${to}`]
    }
    return [
      [
        figure.name,
        ours === undefined ? "" : `${cell(ours)} (${name})`,
        ...(isCompared ? [cell(other?.[1])] : []),
        cell(medians.get(vendor)),
        cell(medians.get(byHand)),
        [...ratio(vendor), ...ratio(byHand), ...ratio(effectAlone)].join("; "),
        figure.aims.map(aimText).join("; "),
        figure.aims.map((aim) => reached(aim, ratioOf(aim, ours, medians))).join("; ")
      ]
    ]
  })
  return markdown(titles, rows)
}

/** In what ours is ahead of the vendor's client, level with it and behind it; and how many aims are reached. */
export const headlineOf = (figures: ReadonlyArray<Figure>, results: ReadonlyMap<string, Results>): string => {
  const ahead: Array<string> = []
  const level: Array<string> = []
  const behind: Array<string> = []
  let [met, all] = [0, 0]
  for (const figure of figures) {
    const medians = mediansOf(figure, results.get(figure.suite) ?? new Map())
    const [, ours] = least(medians, isOurs) ?? []
    if (ours === undefined) continue
    for (const aim of figure.aims) {
      const got = ratioOf(aim, ours, medians)
      if (aim.most === undefined || got === undefined) continue
      all++
      if (got <= aim.most) met++
    }
    const theirs = medians.get(vendor)
    if (theirs === undefined) continue
    const ratio = ours / theirs
    if (Math.abs(ratio - 1) < 0.05) level.push(figure.name)
    else if (ratio < 1) ahead.push(`${figure.name} (${digits(1 / ratio)} times)`)
    else behind.push(`${figure.name} (${digits(ratio)} times)`)
  }
  const list = (title: string, of: ReadonlyArray<string>) =>
    of.length === 0 ? [] : [`**${title} the vendor's client** in: ${of.join("; ")}.`]
  return [
    ...list("Ahead of", ahead),
    ...list("Level with", level),
    ...list("Behind", behind),
    `Of ${all} aims ${met} are reached.`
  ].join("\n\n")
}

/** Every client of the figures that have several. */
export const clientsTable = (
  figures: ReadonlyArray<Figure>,
  results: ReadonlyMap<string, Results>
): string => {
  const all = figures.flatMap((figure) => {
    const medians = mediansOf(figure, results.get(figure.suite) ?? new Map())
    return medians.size > 0 ? [{ figure, medians }] : []
  })
  const names = [...new Set(all.flatMap(({ medians }) => [...medians.keys()]))].filter(
    (name) => !isOurs(name) || all.filter(({ medians }) => medians.has(name)).length > 1
  )
  return markdown(
    ["figure", ...names],
    all.map(({ figure, medians }) => [
      figure.name,
      ...names.map((name) => withUnit(medians.get(name) ?? Number.NaN, figure.unit))
    ])
  )
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

/** A page with these figures between its two marks. */
export const fill = (page: string, figures: string): string => {
  const [start, end] = ["<!-- figures -->", "<!-- end of figures -->"]
  const [before, after] = [page.indexOf(start), page.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`The page has no ${start} before an ${end}.`)
  return `${page.slice(0, before)}${start}\n\n${figures}\n\n${page.slice(after)}`
}
