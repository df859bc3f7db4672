// Files with unusual names: from the link to the asset and back over a socket, byte for byte.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, Assets, FileSource, RateLimit, Uploads } from "effect-ango"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { drawn } from "../../support/Uploads.js"

const { projectId } = AngoTest

const awkward = [
  "a&b.jpg",
  "a#b.jpg",
  "1+1=2.png",
  "100 %.tif",
  "50%20off.jpg",
  "a b.jpg",
  " a ",
  "noextension",
  ".hidden",
  "käfer 猫🐈.jpeg",
  `"quoted" 'name'.pdf`,
  "what?.mp4",
  "semi;colon,comma.wav",
  "back\\slash.txt",
  "folder/file.dcm",
  "..jpg",
  "<b>.md",
  `${"long ".repeat(60)}.nrrd`
]

const pieces = FastCheck.constantFrom(
  "&",
  "#",
  "+",
  "%",
  " ",
  ".",
  "?",
  "=",
  '"',
  "'",
  "ä",
  "猫",
  "🐈",
  "~",
  "%2F",
  "a"
)
const names = FastCheck.oneof(
  { weight: 2, arbitrary: FastCheck.constantFrom(...awkward) },
  {
    weight: 3,
    arbitrary: FastCheck.array(pieces, { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(""))
      .filter((name) => !/^\.{1,2}$/.test(name))
  }
)

const content = drawn(300)

const served = <A, E>(program: Effect.Effect<A, E, Ango.Services>) =>
  Effect.gen(function* () {
    const { apiKey, baseUrl } = yield* Emulator.serve({ tasks: 1 })
    const client = Ango.layer({ apiKey, baseUrl }).pipe(
      Layer.provide(Layer.merge(FetchHttpClient.layer, RateLimit.layerOff))
    )
    return yield* Effect.provide(program, client)
  })

const read = (link: Redacted.Redacted) =>
  Effect.promise(async () => {
    const response = await fetch(Redacted.value(link))
    return [response.status, Buffer.compare(Buffer.from(await response.arrayBuffer()), content)]
  })

/** The bytes of the file of the asset with this external id. */
const roundTrip = (name: string, fileUrl: string) =>
  Effect.gen(function* () {
    const [assets, uploads] = yield* Effect.all([Assets, Uploads])
    const rows = [{ data: fileUrl, externalId: name }]
    yield* Stream.runDrain(assets.importFromCloud(projectId, rows, { uploadLocal: true }))
    const { items } = yield* assets.page(projectId, { externalId: name, limit: 1000 })
    const data = items.map((asset) => asset.data)
    expect(data).toContain(fileUrl)
    expect(yield* read(yield* uploads.signedUrl(projectId, { url: fileUrl, type: "assets" }))).toEqual([
      200, 0
    ])
  })

describe("a file with any name", () => {
  it.scopedLive("is stored under a unique name, found by its external id, and read byte for byte", () =>
    served(
      Effect.gen(function* () {
        const uploads = yield* Uploads
        const urls = new Set<string>()
        const drawnNames = new Set([...awkward, ...FastCheck.sample(names, { numRuns: 20 })])
        for (const name of drawnNames) {
          const { externalId, fileUrl } = yield* uploads.put(projectId, FileSource.bytes(content, { name }))
          expect(externalId).toBe(name)
          expect(fileUrl).toMatch(/\/assets\/[0-9a-f]{32}(\.[A-Za-z0-9]{1,16})?$/)
          urls.add(fileUrl)
          yield* roundTrip(name, fileUrl)
        }
        expect(urls.size).toBe(drawnNames.size)
      })
    )
  )

  it.scopedLive("can be stored under its own name too, through a link", () =>
    served(
      Effect.gen(function* () {
        const uploads = yield* Uploads
        for (const name of new Set([...awkward, ...FastCheck.sample(names, { numRuns: 20 })])) {
          const { fileUrl, uploadUrl } = yield* uploads.uploadUrl(projectId, { name, type: "assets" })
          const put = yield* Effect.promise(() =>
            fetch(Redacted.value(uploadUrl), { method: "PUT", body: new Uint8Array(content) })
          )
          expect([name, put.status]).toEqual([name, 200])
          yield* roundTrip(name, fileUrl)
        }
      })
    )
  )
})
