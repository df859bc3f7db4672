/**
 * Runs a client, which tells how much it has read, and prints what that took: time, CPU, and memory at most; and what
 * else is to be told of it.
 */
export const measured = async (
  client: () => Promise<number>,
  more: () => Readonly<Record<string, unknown>> = () => ({})
): Promise<void> => {
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  const count = await client()
  const wall = performance.now() - before
  const { system, user } = process.cpuUsage(cpuBefore)
  const rss = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ count, wall, cpu: (user + system) / 1000, rss, ...more() }))
}
