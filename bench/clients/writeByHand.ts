// Uploads files as assets by hand, or sends labels in one request.
import { createReadStream, statSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { pipeline } from "node:stream/promises"
import { concurrently, open, readJson, readText, upload } from "./http.js"
import { job, measure } from "./measure.js"
import { filesOf, labelsOf } from "./work.js"

const { baseUrl, folder, labels, project } = job<{
  readonly baseUrl: string
  readonly project: string
  readonly folder?: string
  readonly labels?: number
}>()

const rows = labelsOf(labels ?? 0)

interface Link {
  readonly data: { readonly uploadUrl: string }
}

// Larger files are read while they are sent.
const maxWhole = 1_000_000

const uploadAll = async (folder: string) => {
  const files = filesOf(folder)
  const assets: Array<{ readonly data: string; readonly externalId: string }> = []
  await concurrently(1, files.length, async (number) => {
    const { name, path } = files[number - 1] ?? { name: "", path: "" }
    const link = await readJson<Link>(
      `${baseUrl}/v2/getUploadUrl?name=${name}&project=${project}&type=assets`
    )
    const { uploadUrl } = link.data
    const { size } = statSync(path)
    await upload(uploadUrl, size, async (request) => {
      if (size <= maxWhole) request.end(await readFile(path))
      else await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), request)
    })
    assets.push({ data: uploadUrl.replace(/\?.*/, ""), externalId: name })
  })
  await readText(
    await open(`${baseUrl}/v2/project/${project}/cloud`, { method: "POST", body: JSON.stringify({ assets }) })
  )
  return { rows: assets.length }
}

const sendLabels = async () => {
  const body = JSON.stringify({ project, jsonContent: rows })
  await readText(await open(`${baseUrl}/v2/import/labels`, { method: "POST", body }))
  return { rows: rows.length }
}

await measure(() => (folder === undefined ? sendLabels() : uploadAll(folder)))
