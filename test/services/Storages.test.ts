// Storages against the emulator; their keys are sent and never returned.
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type NewStorage, Storage, Storages } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const hub = AngoTest.layer({ tasks: 5 })

const setup = Effect.all({ storages: Storages, emulator: Emulator })

const archive: NewStorage = {
  name: "Night shift",
  provider: "AZURE",
  publicKey: Redacted.make("secret-public"),
  privateKey: Redacted.make("secret-private"),
  credentials: Redacted.make("secret-credentials"),
  region: "westeurope"
}

describe("storages", () => {
  it.effect("are connected, read, listed and disconnected", () =>
    Effect.gen(function* () {
      const { storages } = yield* setup
      const before = yield* storages.list()
      expect(before.map(({ provider }) => provider)).toEqual(["GCP", "AWS"])
      const created = yield* storages.create(archive)
      expect(created).toMatchObject({ name: "Night shift", provider: "AZURE", region: "westeurope" })
      expect(yield* storages.get(created.id)).toEqual(created)
      expect(yield* storages.list()).toHaveLength(before.length + 1)
      expect(yield* storages.page({ page: 1, limit: 1 })).toEqual([created])
      yield* storages.delete(created.id)
      expect(yield* storages.list()).toEqual(before)
      expect(yield* Effect.flip(storages.get(created.id))).toMatchObject({ _tag: "NotFound" })
    }).pipe(Effect.provide(hub))
  )

  it.effect("are connected in eu-central-1 unless a region is given", () =>
    Effect.gen(function* () {
      const { storages } = yield* setup
      const { region: _, ...withoutRegion } = archive
      for (const storage of [withoutRegion, { ...archive, region: undefined }]) {
        expect((yield* storages.create(storage)).region).toBe("eu-central-1")
      }
    }).pipe(Effect.provide(hub))
  )

  it.effect("never show a key: not in responses, state or errors", () =>
    Effect.gen(function* () {
      const { emulator, storages } = yield* setup
      const created = yield* storages.create(archive)
      const refused = yield* Effect.flip(storages.create({ ...archive, provider: "MARS" }))
      yield* emulator.faults.on("storages.create", [
        Faults.fail(500, "broken"),
        Faults.fail(400, "no access with secret-private of secret-public and secret-credentials")
      ])
      const failed = yield* Effect.flip(storages.create(archive))
      const repeated = yield* Effect.flip(storages.create(archive))
      expect(repeated.message).toContain("no access with <redacted> of <redacted> and <redacted>")
      const everything = [created, yield* storages.list(), refused, failed, repeated, emulator.state.storages]
      expect(inspect(everything, { depth: 9, showHidden: true })).not.toContain("secret-")
      expect(JSON.stringify([archive, refused, failed, repeated])).not.toContain("secret-")
    }).pipe(Effect.provide(hub))
  )

  it.effect("list their files by folder, with or without links", () =>
    Effect.gen(function* () {
      const { storages } = yield* setup
      const [, dashCams] = yield* storages.list()
      const id = String(dashCams?.id)
      const bucketName = String(dashCams?.bucket)
      const top = yield* storages.files(id, { bucketName, schema: Storage.StorageListing })
      expect(top.folders).toContain("intersection-01")
      expect(top.files).toEqual([])
      const inside = yield* storages.files(id, {
        bucketName,
        path: "intersection-01",
        schema: Storage.StorageListing
      })
      expect(inside.files[0]).toMatchObject({
        key: "intersection-01/frame-000001.jpg",
        name: "frame-000001.jpg"
      })
      expect(inside.files.every(({ url }) => url?.includes("X-Amz-Signature"))).toBe(true)
      const bare = yield* storages.files(id, { bucketName, path: "intersection-01/", getSignedUrls: false })
      expect(JSON.stringify(bare)).not.toContain("X-Amz")
    }).pipe(Effect.provide(hub))
  )
})

describe("invalid calls", () => {
  it.effect.each([
    [{ ...archive, name: "" }, "name", "a name that is not empty"],
    [{ ...archive, provider: "MARS" }, "provider", "a storage provider: AWS, GCP or AZURE"],
    [{ ...archive, provider: "aws" }, "provider", "a storage provider: AWS, GCP or AZURE"],
    [{ ...archive, privateKey: "plain text" }, "privateKey", "Redacted"]
  ] as const)("%# are refused before any request", ([storage, parameter, allowed]) =>
    Effect.gen(function* () {
      const { emulator, storages } = yield* setup
      const error = yield* Effect.flip(storages.create(storage as NewStorage))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter })
      expect(error.message).toContain(allowed)
      expect(error.message).not.toContain("plain text")
      expect(yield* emulator.requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect("are refused before any request without a bucket name", () =>
    Effect.gen(function* () {
      const { emulator, storages } = yield* setup
      const error = yield* Effect.flip(storages.files("65aa00000000000000005001", { bucketName: "" }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", parameter: "bucketName" })
      expect(yield* emulator.requests()).toEqual([])
    }).pipe(Effect.provide(hub))
  )

  it.effect(
    "fail with NotFound for unknown storages and buckets, and with Forbidden without permission",
    () =>
      Effect.gen(function* () {
        const { emulator, storages } = yield* setup
        const [first] = yield* storages.list()
        for (const call of [
          storages.get("nobody"),
          storages.delete("nobody"),
          storages.files("nobody", { bucketName: "x" }),
          storages.files(String(first?.id), { bucketName: "x" })
        ]) {
          expect(yield* Effect.flip(call as Effect.Effect<unknown, unknown>)).toMatchObject({
            _tag: "NotFound"
          })
        }
        yield* emulator.faults.on("storages.delete", [Faults.fail(403)])
        expect(yield* Effect.flip(storages.delete(String(first?.id)))).toMatchObject({ _tag: "Forbidden" })
        expect(yield* storages.list()).toHaveLength(2)
      }).pipe(Effect.provide(hub))
  )
})
