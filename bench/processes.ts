// The processes of a measurement: one hub, and one client after the other.
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const node = (name: string, args: ReadonlyArray<string | number>): [string, ReadonlyArray<string>] => [
  process.execPath,
  [fileOf(name), ...args.map(String)]
]

/** Starts a server that prints its port, and runs `use` with its address. */
export const withServer = async (
  name: string,
  args: ReadonlyArray<string | number>,
  use: (baseUrl: string) => Promise<void>
): Promise<void> => {
  const hub = spawn(...node(name, args), { stdio: ["pipe", "pipe", "inherit"] })
  try {
    const [line] = (await once(hub.stdout, "data")) as [Buffer]
    await use(`http://127.0.0.1:${Number(line.toString())}`)
  } finally {
    hub.stdin.end()
    await once(hub, "exit")
  }
}

/** Starts a hub with a number of tasks and a latency, and runs `use` with its address. */
export const withHub = (
  tasks: number,
  latencyMillis: number,
  use: (baseUrl: string) => Promise<void>
): Promise<void> => withServer("hub.js", [tasks, latencyMillis], use)

/** What one client took; `cpu` and `wall` in milliseconds, `rss` (the most it ever had) in MB. */
export interface Taken {
  readonly count: number
  readonly wall: number
  readonly cpu: number
  readonly rss: number
}

/** Runs one client to its end. */
export const run = async (file: string, args: ReadonlyArray<string | number>): Promise<Taken> =>
  JSON.parse((await promisify(execFile)(...node(file, args))).stdout) as Taken

/** The one that took the least CPU: the others were disturbed by whatever else the machine did. */
export const best = (runs: ReadonlyArray<Taken>): Taken | undefined =>
  runs.toSorted((a, b) => a.cpu - b.cpu)[0]
