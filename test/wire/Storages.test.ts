import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type NewStorage, Storage, Storages } from "effect-ango"
import { block, golden, scripted, toResponse } from "../support/Wire.js"
import { reads, sends } from "../support/WireCases.js"

const id = "65aa00000000000000005001"

type Service = Storages["Type"]

const storages = <A>(f: (service: Service) => Effect.Effect<A, unknown>) => Effect.flatMap(Storages, f)

const page = (options?: Parameters<Service["page"]>[0]) => ({
  call: storages((service) => service.page(options))
})
const create = (storage: Partial<NewStorage> = {}) => ({
  call: storages((service) => service.create({ name: "Photos", provider: "AWS", ...storage }))
})
const files = (query: Partial<Parameters<Service["files"]>[1]> = {}) => ({
  call: storages((service) => service.files(id, { bucketName: "photos-eu", ...query }))
})
const remove = storages((service) => service.delete(id))

sends("storages.list", {
  default: page(),
  "by-id": { call: storages((service) => service.get(id)) },
  "page-and-limit": page({ page: 2, limit: 50 }),
  fullest: page({ id, page: 1, limit: 10 }),
  "us-region": { ...page(), region: "us" }
})
sends("storages.create", {
  least: create(),
  aws: create({
    publicKey: Redacted.make("public-0001"),
    privateKey: Redacted.make("private/0001+abc="),
    region: "eu-central-1"
  }),
  gcp: create({
    name: "Lidar",
    provider: "GCP",
    credentials: Redacted.make('{"type":"service_account","private_key":"line 1\\nline 2\\n"}')
  }),
  azure: create({
    name: "Papers",
    provider: "AZURE",
    publicKey: Redacted.make("public-0002"),
    privateKey: Redacted.make("private-0002")
  }),
  "awkward-name": create({ name: 'Käfer & "Co" #1+2 50% 猫' }),
  fullest: create({
    credentials: Redacted.make("credentials-0001"),
    region: "us-east-2",
    privateKey: Redacted.make("private-0001"),
    publicKey: Redacted.make("public-0001")
  })
})
sends("storages.delete", { default: { call: remove } })
sends("storages.files", {
  least: files(),
  path: files({ path: "2025/01/" }),
  "awkward-path": files({ bucketName: "photos & more", path: 'Käfer & "Co"/#1+2 50%/猫/' }),
  "without-signed-urls": files({ getSignedUrls: false }),
  "without-retry-on-slow-down": files({ retryOnSlowDown: false }),
  fullest: files({ path: "2025/01/", getSignedUrls: false, retryOnSlowDown: false })
})

const providers: Readonly<Record<string, string>> = { aws: "AWS", gcs: "GCP", azure: "AZURE" }
const secret = /^(publicKey|privateKey|credentials)$/

// One id, one name of the provider, and no keys (docs/api-notes.md#storage-fields).
const normal = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(normal)
  if (typeof body !== "object" || body === null) return body
  const { id: plain, _id = plain, provider, type, ...rest } = body as Record<string, unknown>
  const kind = provider ?? providers[String(type)] ?? type
  return {
    ...Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) => (secret.test(name) ? [] : [[name, normal(value)]]))
    ),
    ...(_id === undefined ? {} : { _id }),
    ...(type === undefined ? {} : { type }),
    ...(kind === undefined ? {} : { provider: kind })
  }
}

reads("storages.list", page().call, normal)
reads("storages.create", create().call, normal)
reads("storages.delete", remove, normal)
reads("storages.files", files().call)

describe("storages", () => {
  const answered = (file: string, name: string) =>
    scripted([() => toResponse(block(golden(file).responses, name))]).layer

  it.effect("storage-fields: every documented form is decoded to one id and one provider", () =>
    Effect.gen(function* () {
      const seen = new Set<unknown>()
      for (const name of ["docs-v2", "seed-sdk", "provider-with-underscore-id", "both-ids-and-both-kinds"]) {
        for (const storage of yield* Effect.provide(page().call, answered("storages.list", name))) {
          expect(storage.id).toMatch(/^[0-9a-f]{24}$/)
          seen.add(storage.provider)
        }
      }
      expect([...seen].toSorted()).toEqual(["AWS", "AZURE", "GCP"])
    })
  )

  it("no field with a secret's name is decoded, whatever its spelling", () => {
    const storage = {
      _id: "65aa00000000000000005001",
      accessKey: "leak",
      Access_Key: "leak",
      "secret-access-key": "leak"
    }
    const decoded = Schema.decodeUnknownSync(Storage.Storage)({
      ...storage,
      apiKey: "leak",
      endpoint: "s3.example"
    })
    expect(Object.keys(decoded).toSorted()).toEqual(["endpoint", "id"])
  })

  it.effect.each([
    ["storages.list", "leaked-keys"],
    ["storages.list", "leaked-credentials"],
    ["storages.create", "leaked-keys"],
    ["storages.create", "leaked-credentials-object"],
    ["storages.delete", "leaked-keys"]
  ] as const)("no key is decoded from a response of %s (%s)", ([file, name]) =>
    Effect.gen(function* () {
      expect(block(golden(file).responses, name)).toContain("leak-leak")
      const calls = {
        "storages.list": page().call,
        "storages.create": create().call,
        "storages.delete": remove
      }
      const seen = yield* Effect.provide(
        calls[file] as Effect.Effect<unknown, unknown, Storages>,
        answered(file, name)
      )
      expect(inspect(seen, { depth: 9 })).not.toContain("leak")
    })
  )

  it.effect("get finds the storage in a list of all storages, or fails with NotFound", () =>
    Effect.gen(function* () {
      const get = (wanted: string) =>
        Effect.provide(
          storages((service) => service.get(wanted)),
          answered("storages.list", "docs-v2")
        )
      expect((yield* get("65aa00000000000000005002")).provider).toBe("GCP")
      const error = yield* Effect.flip(get("65aa00000000000000005099"))
      expect(error).toMatchObject({ _tag: "NotFound", operation: "storages.list" })
    })
  )
})
