// The repeatability of every endpoint, and the read that shows each write.
import * as HttpApi from "@effect/platform/HttpApi"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { AngoApi, AngoTest } from "effect-ango/emulator"
import { operations } from "../../src/api/operations.js"
import { describeReconcile, Repeatability } from "../../src/api/Repeatability.js"
import { methodsOf } from "../support/Methods.js"
import { services } from "../support/Services.js"

const all = Object.values(operations)
const named = (repeat: string) =>
  all.filter((operation) => operation.repeat === repeat).map(({ name }) => name)

describe("repeatability", () => {
  it("is declared by every endpoint", () => {
    const undeclared: Array<string> = []
    HttpApi.reflect(AngoApi, {
      onGroup: () => {},
      onEndpoint: ({ endpoint, group }) => {
        if (Context.getOption(endpoint.annotations, Repeatability)._tag === "None") {
          undeclared.push(`${group.identifier}.${endpoint.name}`)
        }
      }
    })
    expect(undeclared).toEqual([])
  })

  it("is safe for reads: every GET, and one POST that only reads", () => {
    expect(all.filter(({ method, repeat }) => (method === "GET") !== (repeat === "safe"))).toMatchObject([
      { name: "metrics.performance", repeat: "safe" }
    ])
  })

  it("is idempotent for writes that set values or delete", () => {
    expect(named("idempotent").toSorted()).toEqual([
      "assets.delete",
      "batches.assign",
      "issues.delete",
      "issues.update",
      "llms.delete",
      "organizations.removeMembers",
      "organizations.revokeInvites",
      "organizations.updateRoles",
      "projects.delete",
      "projects.labelValidation",
      "projects.purge",
      "projects.update",
      "storages.delete",
      "tasks.assign",
      "tasks.setBenchmark",
      "tasks.updatePriority"
    ])
  })

  it("is never for writes that create, import, notify, move tasks, or replace a list that others may have changed", () => {
    expect(named("never").toSorted()).toEqual([
      "annotations.annotate",
      "annotations.importLabels",
      "assets.importChat",
      "assets.importFromCloud",
      "attachments.create",
      "batches.update",
      "issues.comment",
      "issues.create",
      "llms.create",
      "notifications.send",
      "organizations.invite",
      "plugins.fileExplorer",
      "plugins.log",
      "plugins.respond",
      "projects.addMembers",
      "projects.clone",
      "projects.create",
      "projects.createAssetBuilderTemplate",
      "projects.instructions",
      "projects.rerunWebhook",
      "storages.create",
      "tasks.requeue",
      "tasks.review"
    ])
  })

  it.effect("calls each read by the name of a method", () =>
    Effect.gen(function* () {
      const methods = methodsOf(yield* Effect.all(services)).map(({ name }) => name)
      const sentences = all.flatMap(({ reconcile }) =>
        reconcile === undefined ? [] : [describeReconcile(reconcile)]
      )
      expect(sentences.length).toBeGreaterThan(20)
      const called = sentences.map(
        (sentence) => /^To find out, call (\S+) and look for \S/.exec(sentence)?.[1]
      )
      expect(called.filter((name) => name === undefined || !methods.includes(name))).toEqual([])
    }).pipe(Effect.provide(AngoTest.layer({ tasks: 1 })))
  )

  it("names a safe read that shows the write, if there is one", () => {
    const writes = all.filter(({ repeat }) => repeat !== "safe")
    const reads = writes.flatMap(({ reconcile }) => (reconcile === undefined ? [] : [reconcile.read]))
    expect(
      reads.filter((read) => !all.some(({ name, repeat }) => name === read && repeat === "safe"))
    ).toEqual([])
    expect(
      writes
        .filter(({ reconcile }) => reconcile === undefined)
        .map(({ name }) => name)
        .toSorted()
    ).toEqual([
      "notifications.send",
      "plugins.fileExplorer",
      "plugins.log",
      "plugins.respond",
      "projects.rerunWebhook"
    ])
  })
})
