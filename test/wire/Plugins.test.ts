import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type FileExplorerQuery, type Plugin, Plugins } from "effect-ango"
import { holdingBoth } from "../support/Batches.js"
import { scripted } from "../support/Wire.js"
import { reads, sends } from "../support/WireCases.js"

const pluginId = "65aa00000000000000004001"
const taskId = "65aa0000000000000000b001"
const session = "s-0001"

const respond = (response: Plugin.PluginResponse) => ({
  call: Effect.flatMap(Plugins, (service) => service.respond(response))
})
const log = (line: Plugin.PluginLog) => ({ call: Effect.flatMap(Plugins, (service) => service.log(line)) })
const explore = (query: Partial<FileExplorerQuery> = {}) => ({
  call: Effect.flatMap(Plugins, (service) =>
    service.fileExplorer({ bucket: "photos-eu", storageId: "65aa00000000000000005001", ...query })
  )
})

const line = {
  level: "INFO",
  organization: "65aa0000000000000000c001",
  pluginId,
  runBy: "65aa00000000000000009001",
  session,
  msg: "half way"
}

sends("plugins.respond", {
  "sdk-text": respond({ response: "done", session }),
  "sdk-object": respond({
    session,
    response: {
      objects: [{ schemaId: "aaaa456789abcdef0123401", "bounding-box": { x: 1, y: 2, width: 3, height: 4 } }],
      message: 'Käfer & "Co" 猫',
      score: null
    }
  }),
  "sdk-error": respond({ response: "no such file", session, error: true }),
  "sdk-export": respond({
    response: "https://files.example/x.zip?X-Amz-Expires=900&X-Amz-Signature=00ff",
    session,
    export: true
  }),
  "sdk-fullest": respond({ response: "", session, error: true, export: true }),
  "docs-v2": respond({ pluginId, taskId, response: { labels: 2 }, status: "success" }),
  "us-region": { ...respond({ response: "done", session }), region: "us" }
})
sends("plugins.log", {
  sdk: log(line),
  "sdk-awkward-message": log({ ...line, level: "ERROR", msg: 'Käfer & "Co" 50%+\n猫🐈 a/b\\c' }),
  "docs-v2-least": log({ pluginId, level: "info", message: "half way" }),
  "docs-v2-fullest": log({
    pluginId,
    taskId,
    level: "error",
    message: "no such file",
    metadata: { file: "cat & dog.jpg", tries: 3 }
  })
})
sends("plugins.fileExplorer", {
  least: explore(),
  folder: explore({ folder: '2025/Käfer & "Co"/猫' }),
  "next-page": explore({ folder: "2025", scrollToken: "t0k3n/+=" }),
  extensions: explore({ extensions: ["jpg", "png"] }),
  upload: explore({
    files: ["2025/cat.jpg", "2025/tom.jpg"],
    upload: true,
    projectId: "65aa0000000000000000a001"
  }),
  "false-and-empty-are-values": explore({
    folder: "",
    files: [],
    upload: false,
    batches: [],
    extensions: []
  }),
  fullest: {
    ...explore({
      folder: "2025",
      files: ["2025/cat.jpg"],
      upload: true,
      projectId: "65aa0000000000000000a001",
      scrollToken: "t0k3n",
      batches: ["Batch 1"],
      extensions: ["jpg"]
    }),
    ...holdingBoth
  }
})

reads("plugins.respond", respond({ response: "done", session }).call)
reads("plugins.log", log(line).call)
reads("plugins.fileExplorer", explore().call)

describe("a body of neither form (plugin-bodies)", () => {
  it.effect("is refused before any request", () =>
    Effect.gen(function* () {
      const hub = scripted([() => Response.json({ status: "success", data: {} })])
      for (const call of [
        respond({ response: "done" } as unknown as Plugin.PluginResponse).call,
        log({ pluginId, level: "info" } as unknown as Plugin.PluginLog).call
      ]) {
        expect(yield* Effect.flip(Effect.provide(call, hub.layer))).toMatchObject({ _tag: "InvalidRequest" })
      }
      expect(hub.requests).toHaveLength(0)
    })
  )
})
