/**
 * Plays scripts of faults, one fault per request, and logs what it played.
 */
import * as Effect from "effect/Effect"
import { PCGRandom } from "effect/Utils"
import type { RequestName } from "../server/requestRoute.js"
import { type Distribution, type Fault, ok } from "./Fault.js"
import type { FaultsService, Mix, Plan, PlayedFault, Script } from "./Faults.js"

const sample = (distribution: Distribution, random: PCGRandom): number =>
  distribution._tag === "Uniform"
    ? distribution.min + random.number() * (distribution.max - distribution.min)
    : -distribution.mean * Math.log(1 - random.number())

// Replaces random latencies by fixed ones, as the log shows them.
const resolveLatency = (fault: Fault, random: PCGRandom): Fault => {
  if (fault._tag !== "Latency") return fault
  const millis = typeof fault.millis === "number" ? fault.millis : Math.round(sample(fault.millis, random))
  return { ...fault, millis, fault: resolveLatency(fault.fault, random) }
}

const pickFault = ({ faults }: Mix, random: PCGRandom): Fault => {
  let remaining = random.number()
  for (const [share, fault] of faults) {
    remaining -= share
    if (remaining < 0) return fault
  }
  return ok
}

/** The faults of a script; `currentOperation` is that of the request which takes the next fault. */
function* faultsOf(
  script: Script,
  random: PCGRandom,
  currentOperation: () => string
): Generator<Fault, void> {
  if ("length" in script) {
    for (const entry of script) yield* faultsOf(entry, random, currentOperation)
    return
  }
  switch (script._tag) {
    case "Repeat": {
      for (let round = 0; round < script.times; round++) {
        yield* faultsOf(script.script, random, currentOperation)
      }
      return
    }
    case "Mix": {
      const ownRandom = new PCGRandom(script.seed)
      while (true) yield resolveLatency(pickFault(script, ownRandom), ownRandom)
    }
    case "Replay": {
      const remaining = [...script.log]
      while (true) {
        const index = remaining.findIndex((played) => played.operation === currentOperation())
        yield index < 0 ? ok : (remaining.splice(index, 1)[0]?.fault ?? ok)
      }
    }
    default:
      yield resolveLatency(script, random)
  }
}

// `*` covers the operations of the contract only.
const isOutsideContract = (operation: RequestName): boolean =>
  operation === "unknown" || operation === "files"

/** Makes a player; `next` returns the fault for a request to an operation. */
export const make = (
  plan: Plan = {},
  seed = 1
): FaultsService & { readonly next: (operation: RequestName) => Fault } => {
  const scripts = new Map<string, Generator<Fault, void>>()
  const log: Array<PlayedFault> = []
  let currentOperation = ""

  const start = (target: string, script: Script) =>
    scripts.set(
      target,
      faultsOf(script, new PCGRandom(seed), () => currentOperation)
    )

  const nextOf = (target: string): Fault | undefined => {
    const result = scripts.get(target)?.next()
    return result === undefined || result.done === true ? undefined : result.value
  }

  for (const [target, script] of Object.entries(plan)) {
    if (script !== undefined) start(target, script)
  }

  return {
    on: (target, script) => Effect.sync(() => void start(target, script)),
    log: Effect.sync(() => [...log]),
    next: (operation) => {
      currentOperation = operation
      const fault = nextOf(operation) ?? (isOutsideContract(operation) ? undefined : nextOf("*")) ?? ok
      log.push({ operation, fault })
      return fault
    }
  }
}
