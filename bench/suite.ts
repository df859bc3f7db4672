// A suite: one piece of work that several clients do in turns, each in a process of its own.
import type { Command, Taken } from "./processes.js"
import { counted, run, withHub } from "./processes.js"

/**
 * The clients of a suite that are not ours: the vendor's, the work by hand, and what ours cannot do without: the packages
 * of Effect alone.
 */
export const [vendor, byHand, effectAlone] = ["vendor", "by hand", "Effect alone"] as const

/** How much is measured. */
export interface Scale {
  readonly long: boolean
  readonly rounds: number
  /** The HTTP clients that ours runs over: in lists by the page, and in all else. */
  readonly httpClients: { readonly pages: ReadonlyArray<string>; readonly others: ReadonlyArray<string> }
  /** Python with the vendor's client, if there is one. */
  readonly python: string | undefined
  /** For the files of this run. */
  readonly folder: string
  /** The entry of another build of ours, which is measured too. */
  readonly other: string | undefined
}

/** A client of a suite, called as in the tables. */
export interface Entrant {
  readonly name: string
  readonly command: Command
  readonly env?: NodeJS.ProcessEnv
}

/** What each client took, by its name. */
export type Results = ReadonlyMap<string, ReadonlyArray<Taken>>

export interface Suite {
  readonly name: string
  /** What it does, for the log. */
  readonly title: string
  readonly measure: (scale: Scale) => Promise<Results>
}

/** Ours over each HTTP client, and the same of the other build. */
export const ours = (
  { httpClients, other }: Scale,
  command: (client: string) => Command,
  which: keyof typeof httpClients = "others"
): ReadonlyArray<Entrant> =>
  httpClients[which].flatMap((client) => [
    { name: client, command: command(client) },
    ...(other === undefined
      ? []
      : [{ name: `other ${client}`, command: command(client), env: { BENCH_PACKAGE: other } }])
  ])

/** The vendor's client, where there is one. */
export const theirs = ({ python }: Scale, command: (python: string) => Command): ReadonlyArray<Entrant> =>
  python === undefined ? [] : [{ name: vendor, command: command(python) }]

/**
 * Lets the clients take turns. Fails unless all have seen, or left behind, the same; `call` runs one of them.
 */
export const takeTurns = async (
  entrants: ReadonlyArray<Entrant>,
  rounds: number,
  same: ReadonlyArray<string>,
  call: (entrant: Entrant) => Promise<Taken>
): Promise<Results> => {
  const results = new Map(entrants.map(({ name }) => [name, [] as Array<Taken>]))
  let first: { readonly name: string; readonly taken: Taken } | undefined
  for (let round = 0; round < rounds; round++) {
    // A busy minute of the machine, and what a client leaves behind, fall on all of them.
    for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
      const { name } = entrant
      const taken = await call(entrant)
      first ??= { name, taken }
      for (const key of same) {
        if (taken[key] === undefined || taken[key] !== first.taken[key]) {
          throw new Error(
            `${name}: ${key} is ${taken[key]}, but ${first.taken[key]} of ${first.name}. They did not do the same.`
          )
        }
      }
      results.get(name)?.push(taken)
    }
  }
  return results
}

/** Turns of clients on a hub. `latency`: the milliseconds before each response. */
export const onHub = (
  file: string,
  args: ReadonlyArray<string | number>,
  rounds: number,
  entrants: (baseUrl: string) => ReadonlyArray<Entrant>,
  {
    latency = 0,
    same = ["rows", "sum"]
  }: { readonly latency?: number; readonly same?: ReadonlyArray<string> } = {}
): Promise<Results> =>
  withHub(file, args, (baseUrl) =>
    takeTurns(entrants(baseUrl), rounds, same, async ({ command, env }) => {
      await counted(baseUrl, latency)
      return { ...(await run(command, env)), ...(await counted(baseUrl)) }
    })
  )
