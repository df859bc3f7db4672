// What the contract says each operation answers.
import * as HttpApi from "@effect/platform/HttpApi"
import type * as Schema from "effect/Schema"
import { AngoApi } from "effect-ango/emulator"

/** The schema of each operation's answer, envelope and all, by the operation's name (`tasks.get`). */
export const answerSchemas: ReadonlyMap<string, Schema.Schema<unknown>> = (() => {
  const schemas = new Map<string, Schema.Schema<unknown>>()
  HttpApi.reflect(AngoApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group }) =>
      schemas.set(`${group.identifier}.${endpoint.name}`, endpoint.successSchema as Schema.Schema<unknown>)
  })
  return schemas
})()
