// Writes: files and labels.
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { nodeClient, vendorClient } from "../processes.js"
import { byHand, onHub, ours, type Results, type Scale, type Suite, theirs } from "../suite.js"

const project = "65aa0000000000000000a001"

const write = (
  scale: Scale,
  given: { readonly folder: string } | { readonly labels: number },
  same: ReadonlyArray<string>
): Promise<Results> =>
  onHub(
    "writes.js",
    ["labels" in given ? given.labels : 0],
    scale.rounds,
    (baseUrl) => {
      const job = { baseUrl, project, ...given }
      const what = "labels" in given ? "labels" : "upload"
      return [
        ...ours(scale, (client) => nodeClient("write.js", { ...job, client })),
        ...theirs(scale, (python) => vendorClient(python, what, job)),
        { name: byHand, command: nodeClient("writeByHand.js", job) }
      ]
    },
    { same }
  )

const inFolder = async <A>({ folder }: Scale, use: (files: string) => Promise<A>): Promise<A> => {
  const files = join(folder, "files")
  mkdirSync(files)
  try {
    return await use(files)
  } finally {
    rmSync(files, { recursive: true })
  }
}

const uploads = ["files", "bytes", "content", "registered", "names"]

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251)

// Each different from the others, and so is each megabyte of a large one.
const writeFiles = (folder: string, count: number, size: number): void => {
  const bytes = pattern(size)
  for (let index = 0; index < count; index++) {
    new DataView(bytes.buffer).setUint32(0, index)
    writeFileSync(join(folder, `${index}.jpg`), bytes)
  }
}

const writeLarge = (path: string, megabytes: number): void => {
  const bytes = pattern(2 ** 20)
  const file = openSync(path, "w")
  for (let index = 0; index < megabytes; index++) {
    new DataView(bytes.buffer).setUint32(0, index)
    writeSync(file, bytes)
  }
  closeSync(file)
}

export const writes: ReadonlyArray<Suite> = [
  {
    name: "files",
    title: "1,000 files of 10 kB",
    measure: (scale) =>
      inFolder(scale, (folder) => {
        writeFiles(folder, 1000, 10_000)
        return write(scale, { folder }, uploads)
      })
  },
  {
    name: "large-file",
    title: "a file of 1 GB",
    measure: (scale) =>
      inFolder(scale, (folder) => {
        writeLarge(join(folder, "large.mp4"), 1024)
        return write(scale, { folder }, uploads)
      })
  },
  {
    name: "labels",
    title: "10,000 rows of labels in a project of 10,000 assets",
    measure: (scale) => write(scale, { labels: 10_000 }, ["labels", "labelSum"])
  }
]
