// Imports something, and prints what the whole process has taken.
import { job, measureProcess } from "./measure.js"

const { modules } = job<{ readonly modules: ReadonlyArray<string> }>()

for (const module of modules) await import(module)
measureProcess()
