// Exports: their rows, and files of them.
import { join } from "node:path"
import { nodeClient, vendorClient } from "../processes.js"
import { byHand, type Entrant, onHub, ours, type Results, type Scale, type Suite, theirs } from "../suite.js"

const project = "65aa0000000000000000a001"

type Job = { readonly baseUrl: string; readonly path: string; readonly project: string }

const onExport = (
  scale: Scale,
  rows: number,
  entrants: (job: Job) => ReadonlyArray<Entrant>
): Promise<Results> =>
  onHub("exports.js", [join(scale.folder, `${rows}.zip`), rows], scale.rounds, (baseUrl) =>
    entrants({ baseUrl, path: join(scale.folder, "out"), project })
  )

const rowsOf = ({ long }: Scale): number => (long ? 200_000 : 100_000)

export const exports: ReadonlyArray<Suite> = [
  {
    name: "export",
    title: "the rows of an export, decoded",
    measure: (scale) =>
      onExport(scale, rowsOf(scale), (job) => [
        ...ours(scale, (client) => nodeClient("export.js", { ...job, client, work: "decoded" })),
        ...theirs(scale, (python) => vendorClient(python, "export", { baseUrl: job.baseUrl, project })),
        { name: byHand, command: nodeClient("exportByHand.js", { ...job, work: "undecoded" }) }
      ])
  },
  {
    name: "export-undecoded",
    title: "the rows of an export, undecoded",
    measure: (scale) =>
      onExport(scale, rowsOf(scale), (job) => [
        ...ours(scale, (client) => nodeClient("export.js", { ...job, client, work: "undecoded" })),
        { name: byHand, command: nodeClient("exportByHand.js", { ...job, work: "undecoded" }) }
      ])
  },
  {
    name: "file",
    title: "an export to a file of lines, undecoded",
    measure: (scale) =>
      onExport(scale, rowsOf(scale), (job) => [
        ...ours(scale, (client) => nodeClient("export.js", { ...job, client, work: "rows" })),
        { name: byHand, command: nodeClient("exportByHand.js", { ...job, work: "rows" }) }
      ])
  },
  {
    name: "archive",
    title: "the archive of an export, checked but by the vendor's client",
    measure: (scale) =>
      onExport(scale, rowsOf(scale), (job) => [
        ...ours(scale, (client) => nodeClient("export.js", { ...job, client, work: "archive" })),
        ...theirs(scale, (python) => vendorClient(python, "save", job)),
        { name: byHand, command: nodeClient("exportByHand.js", { ...job, work: "archive" }) }
      ])
  }
]
