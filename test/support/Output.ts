// Fails a test that passed but printed: a test captures what it logs (`Logs.ts`), and asserts it where it matters.
// A test that fails for another reason may print, which helps to find the reason.
import { format } from "node:util"
import { beforeEach, vi } from "vitest"

beforeEach(({ task }) => {
  // The spies pass on what they record.
  const consoleSpies = (["debug", "error", "info", "log", "table", "trace", "warn"] as const).map((method) =>
    vi.spyOn(console, method)
  )
  const streamSpies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write"))
  return () => {
    const printed = [
      ...consoleSpies.flatMap((spy) => spy.mock.calls.map((args) => format(...args))),
      // `execFileSync` passes on what its process wrote to standard error, though it be nothing.
      ...streamSpies
        .flatMap((spy) => spy.mock.calls.map(([text]) => String(text)))
        .filter((text) => text !== "")
    ]
    for (const spy of [...consoleSpies, ...streamSpies]) spy.mockRestore()
    const [first] = printed
    if (first !== undefined && task.result?.state !== "fail") {
      throw new Error(
        `This test printed ${printed.length} times. Capture its logs (test/support/Logs.ts). The first: ${first}`
      )
    }
  }
})
