// The processes of a measurement: one hub, and one client after the other.
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const compiled = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/**
 * What one client took: `rows` and `sum` of what it has seen, `wall` and `cpu` in milliseconds, `rss` (the most it ever
 * had) in MB, the `life` of its process, what the hub has counted, such as `requests`, and what its work adds.
 */
export type Taken = Readonly<Record<string, number>>

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: ReadonlyArray<string>]

/** A client in Node; `job` reaches it as JSON. */
export const nodeClient = (file: string, job: object): Command => [
  process.execPath,
  compiled(`clients/${file}`),
  JSON.stringify(job)
]

/** The vendor's client. */
export const vendorClient = (python: string, what: string, job: object): Command => [
  python,
  "bench/clients/vendor.py",
  what,
  JSON.stringify(job)
]

const started = async (file: string, args: ReadonlyArray<string | number>) => {
  const hub = spawn(process.execPath, [compiled(`hubs/${file}`), ...args.map(String)], {
    stdio: ["pipe", "pipe", "inherit"]
  })
  const [line] = (await once(hub.stdout, "data")) as [Buffer]
  const end = async () => {
    hub.stdin.end()
    await once(hub, "exit")
  }
  return { baseUrl: `http://127.0.0.1:${Number(line.toString())}`, end }
}

/** Starts a hub, and runs `use` with its address. */
export const withHub = async <A>(
  file: string,
  args: ReadonlyArray<string | number>,
  use: (baseUrl: string) => Promise<A>
): Promise<A> => {
  const { baseUrl, end } = await started(file, args)
  try {
    return await use(baseUrl)
  } finally {
    await end()
  }
}

/** What a hub has counted since it was last asked; from now on it waits so many milliseconds before each response. */
export const counted = async (baseUrl: string, latency = 0): Promise<Taken> =>
  (await (await fetch(`${baseUrl}/bench?latency=${latency}`)).json()) as Taken

/** Runs one client to its end. */
export const run = async ([program, ...args]: Command, env: NodeJS.ProcessEnv = {}): Promise<Taken> => {
  try {
    const start = performance.now()
    const { stdout } = await promisify(execFile)(program, args, { env: { ...process.env, ...env } })
    return { life: performance.now() - start, ...(JSON.parse(stdout) as Taken) }
  } catch (failure) {
    const { stderr = "" } = failure as { readonly stderr?: string }
    throw new Error(`${program} ${args.join(" ")} failed: ${stderr.slice(0, 1000)}`)
  }
}
