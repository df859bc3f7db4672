// Every documented response is decoded, and nothing in it is lost.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Assets, Batches, LabelTask, Projects, Tasks, Timestamp } from "effect-ango"
import { silent } from "../support/Batches.js"
import { block, bodyOf, golden, scripted, toResponse } from "../support/Wire.js"
import { reads } from "../support/WireCases.js"

const projectId = "65aa0000000000000000a001"
const taskId = "65aa0000000000000000b001"

const files = {
  "projects.list": {
    call: Effect.flatMap(Projects, (service) => service.page())
  },
  "projects.get": {
    call: Effect.flatMap(Projects, (service) => service.get(projectId))
  },
  "tasks.list": {
    call: Effect.flatMap(Tasks, (service) => service.page(projectId))
  },
  "tasks.get": {
    call: Effect.flatMap(Tasks, (service) => service.get(taskId))
  },
  "tasks.history": {
    call: Effect.flatMap(Tasks, (service) => service.history(taskId))
  },
  "tasks.historyItem": {
    call: Effect.flatMap(Tasks, (service) => service.historyItem(taskId))
  },
  "assets.list": {
    call: Effect.flatMap(Assets, (service) => service.page(projectId))
  },
  "batches.list": {
    call: Effect.flatMap(Batches, (service) => service.list(projectId))
  }
}

const leakedKey = "11111111-dead-beef-0000-leakleakleak1"

for (const [file, { call }] of Object.entries(files)) {
  reads(file, call, undefined, file === "batches.list" ? silent.answers.slice(0, 1) : [])
}

const read = <A, E, R>(file: keyof typeof files, name: string, call: Effect.Effect<A, E, R>) => {
  const hub = scripted([() => toResponse(block(golden(file).responses, name))])
  return Effect.provide(call, hub.layer)
}

describe("decoded responses", () => {
  it.effect.each([200, 201, 202, 206])("status %d is a success, since documents and hub differ", (status) =>
    Effect.gen(function* () {
      const body = bodyOf(block(golden("tasks.get").responses, "docs-v2"))
      const hub = scripted([() => new Response(body, { status })])
      const task = yield* Effect.provide(files["tasks.get"].call, hub.layer)
      expect(task.id).toMatch(/^[0-9a-f]{24}$/)
    })
  )

  it.effect("a leaked key in an old project is dropped", () =>
    Effect.gen(function* () {
      expect(block(golden("projects.get").responses, "old-embedded-user")).toContain(leakedKey)
      const project = yield* read("projects.get", "old-embedded-user", files["projects.get"].call)
      expect(JSON.stringify(project)).not.toContain(leakedKey)
      expect(project.user).toMatchObject({ email: expect.stringContaining("@") })
    })
  )

  it.effect("the asset id is read from both forms of a task's asset", () =>
    Effect.gen(function* () {
      const plain = yield* read("tasks.get", "docs-v2", files["tasks.get"].call)
      const populated = yield* read("tasks.get", "populated-asset", files["tasks.get"].call)
      expect(plain.asset).toBeTypeOf("string")
      expect(populated.asset).toBeTypeOf("object")
      expect(LabelTask.assetIdOf(plain)).toMatch(/^[0-9a-f]{24}$/)
      expect(LabelTask.assetIdOf(populated)).toMatch(/^[0-9a-f]{24}$/)
    })
  )

  it.effect("an undocumented task status is decoded unchanged", () =>
    Effect.gen(function* () {
      const page = yield* read("tasks.list", "every-status", files["tasks.list"].call)
      const statuses = page.items.map((task) => task.status)
      const known: ReadonlyArray<string> = LabelTask.TaskStatus.known
      expect(statuses).toEqual(expect.arrayContaining(["TODO", "Completed", "Reviewed", "READY"]))
      expect(statuses.some((status) => status != null && !known.includes(status))).toBe(true)
    })
  )

  it.effect("a history is an array, also when the hub returns a single item", () =>
    Effect.gen(function* () {
      const one = yield* read("tasks.history", "docs-v2-older-object", files["tasks.history"].call)
      const many = yield* read("tasks.history", "array-with-underscore-id", files["tasks.history"].call)
      expect(one).toHaveLength(1)
      expect(many.length).toBeGreaterThan(1)
      expect([...one, ...many].every(({ id }) => /^[0-9a-f]{24}$/.test(id))).toBe(true)
    })
  )

  it.effect("an instant is decoded as text and can be read as a DateTime", () =>
    Effect.gen(function* () {
      const project = yield* read("projects.get", "docs-v2", files["projects.get"].call)
      const createdAt = project.createdAt ?? Timestamp.Timestamp.make("1970-01-01")
      expect(DateTime.formatIso(Timestamp.toDateTime(createdAt))).toBe(createdAt)
    })
  )
})
