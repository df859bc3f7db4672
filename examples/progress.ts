// Progress on standard error: a bar on a terminal, a plain line elsewhere.
import { Effect } from "effect"
import { Progress } from "effect-ango"

const width = 30

const bar = ({ received, total }: Progress.Progress) => {
  const done = total === 0 ? width : Math.round((width * Math.min(received, total)) / total)
  return `${"█".repeat(done)}${"░".repeat(width - done)}`
}

/** Pass it to a list as `onProgress`. */
export const showProgress = (progress: Progress.Progress): Effect.Effect<void> =>
  Effect.sync(() => {
    const line = Progress.format(progress)
    const isOver = progress.received >= progress.total
    process.stderr.write(
      process.stderr.isTTY ? `\r\u001b[K${bar(progress)} ${line}${isOver ? "\n" : ""}` : `${line}\n`
    )
  })
