// Recorded requests as the blocks of a file of test/wire. What a client makes up is written the same in each recording.
import type { RecordedRequest } from "./recorder.js"

const constant = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{32}\b/g, "0".repeat(32))
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, "https://hub.ango.test")
    // The client writes them in any order.
    .replace(/(?<=[?&]fields=)[\w,]+/, (fields) => fields.split(",").toSorted().join(","))

/** The name of a job as the name of its blocks. */
export const slugOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]+/g, "-")

/** The requests to the API as blocks, by name; those of one job are numbered. Requests for files are left out. */
export const literals = (
  name: string,
  requests: ReadonlyArray<RecordedRequest>
): ReadonlyArray<readonly [name: string, text: string]> => {
  const slug = slugOf(name)
  const toApi = requests.filter(({ target }) => target.startsWith("/v2/"))
  return toApi.map(({ body, headers, method, target }, index) => {
    const type = headers["content-type"]
    const [, boundary] = /boundary=(\S+)/.exec(type ?? "") ?? []
    const text = new TextDecoder().decode(body).replaceAll("\r\n", "\n").trimEnd()
    const block = [
      `${method} ${target} HTTP/1.1`,
      "apikey: {{apikey}}",
      ...(type === undefined ? [] : [`content-type: ${type}`]),
      ...(text === "" ? [] : ["", text])
    ].join("\n")
    return [
      toApi.length === 1 ? slug : `${slug}-${index + 1}`,
      constant(boundary === undefined ? block : block.replaceAll(boundary, "boundary"))
    ]
  })
}
