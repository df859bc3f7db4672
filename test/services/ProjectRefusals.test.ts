// Errors of methods that change a project.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Projects } from "effect-ango"
import { AngoTest, Faults } from "effect-ango/emulator"
import { withHub } from "../support/Projects.js"

const { projectId } = AngoTest

describe("a method that changes a project", () => {
  const calls = {
    create: (projects: Projects["Type"]) => projects.create({ name: "x" }),
    update: (projects: Projects["Type"]) => projects.update("x1", { name: "x" }),
    delete: (projects: Projects["Type"]) => projects.delete("x1"),
    clone: (projects: Projects["Type"]) => projects.clone("x1"),
    purge: (projects: Projects["Type"]) => projects.purge("x1", { confirmName: "x" }),
    labelValidation: (projects: Projects["Type"]) =>
      projects.setLabelValidation("x1", { customValidationEnabled: true }),
    addMembers: (projects: Projects["Type"]) =>
      projects.addMembers("x1", { emails: ["a@x.example"], role: "Lead" }),
    instructions: (projects: Projects["Type"]) =>
      projects.uploadInstructions("x1", {
        name: "a.txt",
        contentType: "text/plain",
        content: Uint8Array.of(1)
      }),
    rerunWebhook: (projects: Projects["Type"]) => projects.rerunWebhook("x1", "hook"),
    createAssetBuilderTemplate: (projects: Projects["Type"]) =>
      projects.createAssetBuilderTemplate("x1", {
        name: "n",
        template: "<p>{{a}}</p>",
        selectedExternalId: "a",
        dataConfig: { a: { type: "text" } }
      })
  }
  const names = Object.keys(calls) as Array<keyof typeof calls>

  it.effect.each(names.filter((name) => name !== "create"))(
    "fails with NotFound for an unknown project: %s",
    (name) =>
      withHub((projects) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(calls[name](projects) as Effect.Effect<unknown, unknown>)
          expect(error).toMatchObject({
            _tag: "NotFound",
            status: 400,
            operation: `projects.${name}`,
            vendorMessage: "Invalid project: x1."
          })
        })
      )
  )

  it.effect.each(names)("fails with Forbidden without permission: %s", (name) =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on(`projects.${name}`, [Faults.fail(403, "Only managers.")])
        const error = yield* Effect.flip(calls[name](projects) as Effect.Effect<unknown, unknown>)
        expect(error).toMatchObject({ _tag: "Forbidden", vendorMessage: "Only managers." })
      })
    )
  )

  it.effect.each([
    ["Forbidden", '{"status":"fail","error":{"statusCode":403},"message":"Only managers."}'],
    ["Forbidden", '{"error":{"statusCode":403},"message":"Only managers."}'],
    ["BadRequest", '{"status":"fail","message":"Only managers."}']
  ] as const)("fails on an error in a response with status 200: %s %s", ([tag, body]) =>
    withHub((projects, hub) =>
      Effect.gen(function* () {
        yield* hub.faults.on("projects.delete", [Faults.respond(200, body)])
        const error = yield* Effect.flip(projects.delete(projectId))
        expect(error).toMatchObject({ _tag: tag, vendorMessage: "Only managers." })
      })
    )
  )
})
