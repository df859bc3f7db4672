// What the vendor's Python client sends, as recorded by interop/Twins.test.ts: the hub accepts each request, one job
// after the other on hubs of their own.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { slugOf } from "../../interop/twins/literals.js"
import { hubOptions, seedsOf } from "../../interop/twins/twin.js"
import { nameOf, twins } from "../../interop/twins/twins.js"
import { golden } from "../support/Wire.js"

const { requests } = golden("python-1.4.10")

const blocksOf = (name: string): ReadonlyArray<string> => {
  const slug = slugOf(name)
  return Array.from(requests).flatMap(([block, text]) =>
    block.replace(/-\d+$/, "") === slug || block === slug ? [text] : []
  )
}

/** A block as a request to the hub of this test. */
const toRequest = (text: string, baseUrl: string, key: string): Request => {
  const end = text.indexOf("\n\n")
  const [first = "", ...lines] = (end < 0 ? text : text.slice(0, end)).split("\n")
  const [method = "", target = ""] = first.split(" ")
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":")
    return [
      line.slice(0, colon),
      line
        .slice(colon + 1)
        .trim()
        .replace("{{apikey}}", key)
    ]
  })
  const body = end < 0 ? undefined : text.slice(end + 2)
  const isForm = headers.some(([, value]) => value.startsWith("multipart/form-data"))
  return new Request(`${baseUrl.replace(/\/v2$/, "")}${target}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: isForm ? `${body.replaceAll("\n", "\r\n")}\r\n` : body })
  })
}

// | <a id="one-slash"></a>… | `rerun_webhook` | … |
const listed = new Map(
  Array.from(
    readFileSync(new URL("../../docs/api-notes.md", import.meta.url), "utf8")
      .replace(/^.*?^### Differences from the vendor's client$/ms, "")
      .replace(/^##.*/ms, "")
      .matchAll(/^\| <a id="([^"]+)"><\/a>[^|]*\| ([^|]*?) *\|/gm),
    ([, anchor = "", functions = ""]) => [anchor, functions.replaceAll("`", "").split(", ")] as const
  )
)

describe("the differences between the vendor's client and ours", () => {
  it("are listed with their reasons, and no others", () => {
    const found = new Map<string, Set<string>>()
    for (const twin of twins) {
      for (const anchor of Object.values(twin.differs)) {
        found.set(anchor, (found.get(anchor) ?? new Set()).add(twin.function))
      }
    }
    const sorted = (entries: Iterable<readonly [string, Iterable<string>]>) =>
      Object.fromEntries(Array.from(entries, ([anchor, names]) => [anchor, [...names].toSorted()]))
    expect(sorted(listed)).toEqual(sorted(found))
    expect(listed.size).toBeGreaterThan(5)
  })
})

describe("the hub accepts from the vendor's Python client", () => {
  it("every recorded request", () => {
    const used = twins.flatMap((twin) => blocksOf(nameOf(twin)))
    expect(used).toHaveLength(requests.size)
    expect(requests.size).toBeGreaterThan(60)
  })

  it.effect.each(twins.map((twin) => [nameOf(twin), twin] as const))("%s", ([name, { arrange }]) =>
    Effect.gen(function* () {
      const hub = yield* Emulator
      yield* arrange(seedsOf(hub, ""))
      const blocks = blocksOf(name)
      expect(blocks.length).toBeGreaterThan(0)
      for (const text of blocks) {
        const request = toRequest(text, hub.baseUrl, Redacted.value(hub.apiKey))
        const response = yield* Effect.promise(() => hub.fetch(request))
        const body = yield* Effect.promise(() => response.text())
        expect(response.ok, `${response.status} ${body}`).toBe(true)
      }
    }).pipe(Effect.provide(AngoTest.layer(hubOptions)))
  )
})
