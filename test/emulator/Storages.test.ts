// Endpoints of cloud storages, called in every documented variant.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

describe("storage-fields: storages", () => {
  it.effect.each([
    [
      "/storages/",
      {
        name: "A",
        provider: "AWS",
        publicKey: "leak",
        privateKey: "leak",
        region: "eu-central-1",
        credentials: null
      },
      "AWS",
      "aws"
    ],
    [
      "/storages",
      {
        name: "G",
        provider: "GCP",
        publicKey: null,
        privateKey: null,
        region: null,
        credentials: '{"k":"leak"}'
      },
      "GCP",
      "gcs"
    ],
    [
      "/storages",
      {
        name: "D",
        type: "gcs",
        bucket: "b",
        region: "us-east-2",
        credentials: { accessKeyId: "leak", secretAccessKey: "leak" },
        privateKey: "leak"
      },
      "GCP",
      "gcs"
    ],
    ["/storages/", { name: "Z", type: "azure", bucket: "b", credentials: {} }, "AZURE", "azure"],
    ["/storages", { name: "L", provider: "aws" }, "AWS", "aws"]
  ] as const)(
    "%s accepts %j, and returns id, both names of the provider and no key",
    ([path, body, provider, type]) =>
      withHub(
        Effect.gen(function* () {
          const { data, status } = yield* askHub(`POST ${path}`, body)
          expect(status).toBe(200)
          expect(data.storage).toMatchObject({ _id: expect.stringMatching(/^[0-9a-f]{24}$/), provider, type })
          expect(data.storage.region).toBe("region" in body && body.region !== null ? body.region : undefined)
          const listed = yield* askHub(`GET ${path}?_id=${data.storage._id}`)
          expect(listed.data.storages).toEqual([data.storage])
          const { state } = yield* Emulator
          expect(JSON.stringify([data, listed.data, [...state.storages]])).not.toContain("leak")
        })
      )
  )

  it.effect("an unknown provider is rejected", () =>
    withHub(
      Effect.gen(function* () {
        for (const body of [{ name: "X", type: "ftp" }, { name: "X" }, { provider: "AWS" }]) {
          expect((yield* askHub("POST /storages", body)).status).toBe(400)
        }
      })
    )
  )

  it.effect("a trailing slash is accepted, and belongs to the same operation", () =>
    withHub(
      Effect.gen(function* () {
        yield* askHub("POST /storages", { name: "X", provider: "AWS" })
        yield* askHub("POST /storages/", { name: "X", provider: "AWS" })
        expect(yield* (yield* Emulator).requests("storages.create")).toHaveLength(2)
      })
    )
  )
})
