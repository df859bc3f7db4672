// What a client of the measurements prints when it has ended: one line of JSON.
import { readFileSync, rmSync } from "node:fs"
import { crc32 } from "node:zlib"

/** What a client has seen, or written: the same for all clients, or the measurement fails. */
export interface Seen {
  readonly rows: number
  /** Of the ids of the rows. */
  readonly sum: number
}

/** The argument of the process. */
export const job = <A>(): A => JSON.parse(process.argv[2] ?? "{}") as A

/** A part of an id as a number, to be summed. */
export const numberOf = (id: string): number => Number.parseInt(id.slice(-8), 16)

const cpuMillis = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}

// `maxRSS` may be that of the process which started this one.
const peakMegabytes = (): number => {
  try {
    const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? []
    return Number(kilobytes) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}

/**
 * Marks a point within the work: what comes after it is the warm part. `step` is called once for each page; the part
 * begins after `from` of them.
 */
export const warmMeter = (from: number) => {
  let steps = 0
  let start = 0
  return {
    step: () => {
      steps++
      if (steps === from) start = cpuMillis()
    },
    report: () => (steps > from ? { warm: (cpuMillis() - start) / (steps - from) } : {})
  }
}

/** The milliseconds from now to the first row. */
export const firstMeter = () => {
  const start = performance.now()
  let first = Number.NaN
  return {
    first: () => {
      first = performance.now() - start
    },
    report: () => ({ first })
  }
}

/** What a written file holds, which is removed: its length and a checksum. */
export const seenOfFile = (path: string): { readonly rows: number; readonly sum: number } => {
  const bytes = readFileSync(path)
  rmSync(path)
  return { rows: bytes.length, sum: crc32(bytes) }
}

/** Prints what the process has taken since it was started. */
export const measureProcess = (): void =>
  console.log(JSON.stringify({ cpu: cpuMillis(), rss: peakMegabytes() }))

/** Runs the work, and prints wall and CPU in milliseconds, the peak memory in MB and what `more` returns. */
export const measure = async (
  work: () => Promise<unknown>,
  more: () => Readonly<Record<string, number>> = () => ({})
): Promise<void> => {
  const cpuBefore = cpuMillis()
  const before = performance.now()
  const seen = (await work()) as Partial<Seen> | undefined
  const wall = performance.now() - before
  const cpu = cpuMillis() - cpuBefore
  const { rows, sum } = seen ?? {}
  const rss = peakMegabytes()
  console.log(JSON.stringify({ rows, sum, wall, cpu, rss, ...more() }))
}
