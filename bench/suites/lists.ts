// Lists of tasks.
import { nodeClient, vendorClient } from "../processes.js"
import { byHand, onHub, ours, type Scale, type Suite, theirs } from "../suite.js"

const project = "65aa0000000000000000a001"

interface Listing {
  readonly tasks: number
  /** Of ours; without one, its default. */
  readonly pageSize?: number
  /** Of the others; that of ours unless given. */
  readonly theirPageSize?: number
  /** The pages before the warm part. */
  readonly warmFrom?: number
  readonly latency?: number
  readonly rounds?: number
}

const list = (
  scale: Scale,
  { latency = 0, pageSize, rounds = scale.rounds, tasks, theirPageSize = pageSize ?? 1000, warmFrom }: Listing
) =>
  onHub(
    "lists.js",
    [tasks],
    rounds,
    (baseUrl) => {
      const job = { baseUrl, project, warmFrom }
      return [
        ...ours(
          scale,
          (client) => nodeClient("list.js", { ...job, client, pageSize }),
          warmFrom === undefined ? "others" : "pages"
        ),
        ...theirs(scale, (python) => vendorClient(python, "list", { ...job, pageSize: theirPageSize })),
        { name: byHand, command: nodeClient("listByHand.js", { ...job, pageSize: theirPageSize }) }
      ]
    },
    { latency }
  )

export const lists: ReadonlyArray<Suite> = [
  {
    name: "list-100",
    title: "lists, 100 tasks a page",
    measure: (scale) =>
      list(scale, {
        ...(scale.long ? { tasks: 300_000, warmFrom: 1000 } : { tasks: 100_000, warmFrom: 600 }),
        pageSize: 100
      })
  },
  {
    name: "list-1000",
    title: "lists, 1,000 tasks a page",
    measure: (scale) =>
      list(scale, {
        ...(scale.long ? { tasks: 500_000, warmFrom: 150 } : { tasks: 200_000, warmFrom: 80 }),
        pageSize: 1000
      })
  },
  {
    name: "list",
    title: "a list of 100,000 tasks at defaults, to 1,000 a page",
    measure: (scale) => list(scale, { tasks: 100_000 })
  },
  {
    name: "latency",
    title: "a list of 10,000 tasks, 100 a page, 50 ms away",
    measure: (scale) =>
      list(scale, { tasks: 10_000, pageSize: 100, latency: 50, rounds: scale.long ? scale.rounds : 1 })
  }
]
