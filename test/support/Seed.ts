// Every property draws from one seed, so that a run can be had again; `SEED=<number>` draws other values. A failure
// prints the seed and the path to the smallest value that fails.
import * as FastCheck from "effect/FastCheck"

FastCheck.configureGlobal({ seed: Number(process.env["SEED"] ?? 20_250_102) })
