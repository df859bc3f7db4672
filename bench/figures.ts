// The rows of the table, and what they are to show.
import type { Taken } from "./processes.js"
import { byHand, effectAlone, vendor } from "./suite.js"

export interface Aim {
  /** What the figure is divided by: a client of the suite; nothing for a figure that is limited itself. */
  readonly to?: string
  /** So many times that client: what is compared with then is what ours was in November 2026. */
  readonly times?: number
  readonly most?: number
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
  readonly unit: "ms" | "MB" | "kB" | ""
  readonly aims: ReadonlyArray<Aim>
}

// The CPU of a page, with the part until the client is warm.
const perPage =
  (size: number) =>
  ({ cpu = Number.NaN, rows = Number.NaN }: Taken): number =>
    (cpu * size) / rows

const of =
  (key: string) =>
  (taken: Taken): number | undefined =>
    taken[key]

// What importing this package took then, by what Effect alone took in the same run.
const importThen = 478 / 418

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
    aims: [{ to: vendor, most: 1.4, moonshot: 1, before: 1.9 }]
  },
  {
    name: "list, 100 a page, CPU per page from the first on",
    suite: "list-100",
    value: perPage(100),
    unit: "ms",
    aims: [{ to: vendor, before: 3.1 }]
  },
  {
    name: "list, 1,000 a page, warm CPU per page",
    suite: "list-1000",
    value: of("warm"),
    unit: "ms",
    aims: [{ to: vendor, most: 1.25, moonshot: 1, before: 1.6 }]
  },
  {
    name: "list, 1,000 a page, CPU per page from the first on",
    suite: "list-1000",
    value: perPage(1000),
    unit: "ms",
    aims: [{ to: vendor, before: 2.5 }]
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
      { to: byHand, moonshot: 1.15, before: 1.3 }
    ]
  },
  {
    name: "list of 100,000 at defaults, peak RSS",
    suite: "list",
    value: of("rss"),
    unit: "MB",
    aims: [{ most: 150, moonshot: 110, before: 265 }]
  },
  {
    name: "export decoded, CPU",
    suite: "export",
    value: of("cpu"),
    unit: "ms",
    aims: [
      { to: vendor, most: 1, before: 1.25 },
      { to: byHand, moonshot: 1.5, before: 2.1 }
    ]
  },
  {
    name: "export undecoded, CPU",
    suite: "export-undecoded",
    value: of("cpu"),
    unit: "ms",
    aims: [{ to: byHand, most: 1.3, moonshot: 1.15, before: 1.75 }]
  },
  {
    name: "`toFile`, lines undecoded, CPU",
    suite: "file",
    value: of("cpu"),
    unit: "ms",
    aims: [{ to: byHand, most: 2, before: 6.9 }]
  },
  {
    name: "`toFile`, archive, CPU",
    suite: "archive",
    value: of("cpu"),
    unit: "ms",
    aims: [{ to: byHand, most: 1.3, before: 2 }]
  },
  {
    name: "1,000 files of 10 kB, CPU per file",
    suite: "files",
    value: ({ cpu = Number.NaN }) => cpu / 1000,
    unit: "ms",
    aims: [{ to: vendor, most: 1.6, moonshot: 1, before: 5.1 }]
  },
  {
    name: "a file of 1 GB, CPU",
    suite: "large-file",
    value: of("cpu"),
    unit: "ms",
    aims: [{ to: byHand, most: 1.6, before: 3.7 }]
  },
  {
    name: "a file of 1 GB, peak RSS",
    suite: "large-file",
    value: of("rss"),
    unit: "MB",
    aims: [{ most: 150, before: 205 }]
  },
  {
    name: "10,000 rows of labels, requests",
    suite: "labels",
    value: of("requests"),
    unit: "",
    aims: [{ most: 25, before: 155 }]
  },
  {
    name: "10,000 rows of labels, CPU",
    suite: "labels",
    value: of("cpu"),
    unit: "ms",
    aims: [{ to: byHand, most: 8, before: 41 }]
  },
  {
    name: "import of the package, wall of the process",
    suite: "start",
    value: of("life"),
    unit: "ms",
    aims: [{ to: effectAlone, times: importThen, most: 0.75, moonshot: 0.6, before: 1 }]
  },
  {
    name: "import of the package, peak RSS",
    suite: "start",
    value: of("rss"),
    unit: "MB",
    aims: [{ most: 105, before: 121 }]
  },
  {
    name: "a program as one file, all services, wall of the process",
    suite: "bundled",
    value: of("life"),
    unit: "ms",
    aims: [{ to: effectAlone, times: importThen, most: 0.36, before: 0.34 }]
  },
  {
    name: "a browser's bundle with `Tasks.stream` only",
    suite: "browser",
    value: of("kilobytes"),
    unit: "kB",
    aims: [{ to: effectAlone, most: 1.15, before: 1.43 }]
  }
]
