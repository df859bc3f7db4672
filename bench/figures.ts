// The rows of the table, and what they are to show.
import type { Taken } from "./processes.js"
import { byHand, vendor } from "./suite.js"

export interface Aim {
  /** What the figure is divided by: a client of the suite; nothing for a figure that is limited itself. */
  readonly to?: string
  readonly most: number
  /** Further than the aim. */
  readonly moonshot?: number
  /** What it was in November 2026, before this yardstick. */
  readonly before: number
}

export interface Figure {
  readonly name: string
  /** The suite that measures it. */
  readonly suite: string
  readonly value: (taken: Taken) => number | undefined
  readonly unit: "ms" | "MB" | ""
  readonly aims: ReadonlyArray<Aim>
}

const of =
  (key: string) =>
  (taken: Taken): number | undefined =>
    taken[key]

export const figures: ReadonlyArray<Figure> = [
  {
    name: "requests for 1,000,000 tasks, defaults",
    suite: "list",
    // By the 100,000 that were read.
    value: ({ requests = Number.NaN, rows = 1 }) => Math.ceil((requests * 1_000_000) / rows),
    unit: "",
    aims: [{ most: 1010, before: 10_000 }]
  },
  {
    name: "list, 100 a page, warm CPU per page",
    suite: "list-100",
    value: of("warm"),
    unit: "ms",
    aims: [{ to: vendor, most: 1.4, moonshot: 1, before: 3.1 }]
  },
  {
    name: "list, 1,000 a page, warm CPU per page",
    suite: "list-1000",
    value: of("warm"),
    unit: "ms",
    aims: [{ to: vendor, most: 1.25, moonshot: 1, before: 2.5 }]
  },
  {
    name: "list of 100,000 at defaults, wall",
    suite: "list",
    value: of("wall"),
    unit: "ms",
    aims: [{ to: vendor, most: 1, before: 4.6 }]
  },
  {
    name: "list at 50 ms latency, wall",
    suite: "latency",
    value: of("wall"),
    unit: "ms",
    aims: [
      { to: vendor, most: 0.2, before: 0.2 },
      { to: byHand, most: Number.POSITIVE_INFINITY, moonshot: 1.15, before: 1.3 }
    ]
  },
  {
    name: "list of 100,000 at defaults, peak RSS",
    suite: "list",
    value: of("rss"),
    unit: "MB",
    aims: [{ most: 150, moonshot: 110, before: 265 }]
  }
]
