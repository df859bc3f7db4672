/**
 * Runs a client that returns how much it has read, and prints time, CPU and peak memory, with further figures of the
 * client.
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
