/**
 * Plays scripts of faults, and writes down what it played.
 */
import * as Effect from "effect/Effect"
import { PCGRandom } from "effect/Utils"
import type { RequestName } from "../server/requestRoute.js"
import { type Distribution, type Fault, ok } from "./Fault.js"
import type { FaultsService, Mix, Plan, PlayedFault, Script } from "./Faults.js"

const draw = (distribution: Distribution, random: PCGRandom): number =>
  distribution._tag === "Uniform"
    ? distribution.min + random.number() * (distribution.max - distribution.min)
    : -distribution.mean * Math.log(1 - random.number())

// A fault with nothing left to chance, as it is logged and replayed.
const settled = (fault: Fault, random: PCGRandom): Fault => {
  if (fault._tag !== "Latency") return fault
  const millis = typeof fault.millis === "number" ? fault.millis : Math.round(draw(fault.millis, random))
  return { ...fault, millis, fault: settled(fault.fault, random) }
}

const pick = ({ faults }: Mix, random: PCGRandom): Fault => {
  let left = random.number()
  for (const [share, fault] of faults) {
    left -= share
    if (left < 0) return fault
  }
  return ok
}

/** The faults of a script; `operation` is that of the request at hand. */
function* faultsOf(script: Script, random: PCGRandom, operation: () => string): Generator<Fault, void> {
  if ("length" in script) {
    for (const one of script) yield* faultsOf(one, random, operation)
    return
  }
  switch (script._tag) {
    case "Repeat": {
      for (let round = 0; round < script.times; round++) yield* faultsOf(script.script, random, operation)
      return
    }
    case "Mix": {
      const own = new PCGRandom(script.seed)
      while (true) yield settled(pick(script, own), own)
    }
    case "Replay": {
      const left = [...script.log]
      while (true) {
        const index = left.findIndex((played) => played.operation === operation())
        yield index < 0 ? ok : (left.splice(index, 1)[0]?.fault ?? ok)
      }
    }
    default:
      yield settled(script, random)
  }
}

// `*` is for the operations of the contract.
const isOutside = (operation: RequestName): boolean => operation === "unknown" || operation === "files"

/** Plays scripts: `next` is the fault of a request to an operation. */
export const make = (
  plan: Plan = {},
  seed = 1
): FaultsService & { readonly next: (operation: RequestName) => Fault } => {
  const playing = new Map<string, Generator<Fault, void>>()
  const played: Array<PlayedFault> = []
  let current = ""

  const start = (target: string, script: Script) =>
    playing.set(
      target,
      faultsOf(script, new PCGRandom(seed), () => current)
    )

  const take = (target: string): Fault | undefined => {
    const result = playing.get(target)?.next()
    return result === undefined || result.done === true ? undefined : result.value
  }

  for (const [target, script] of Object.entries(plan)) {
    if (script !== undefined) start(target, script)
  }

  return {
    on: (target, script) => Effect.sync(() => void start(target, script)),
    log: Effect.sync(() => [...played]),
    next: (operation) => {
      current = operation
      const fault = take(operation) ?? (isOutside(operation) ? undefined : take("*")) ?? ok
      played.push({ operation, fault })
      return fault
    }
  }
}
