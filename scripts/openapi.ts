// Writes docs/openapi.json from the contract (`npm run docs`). With --check it fails when the file is stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import * as OpenApi from "@effect/platform/OpenApi"
import { AngoApi } from "../src/api/AngoApi.js"
import { regions } from "../src/layers/AngoConfig.js"

const file = new URL("../docs/openapi.json", import.meta.url)

type Json = { [name: string]: Json | undefined } | ReadonlyArray<Json> | string | number | boolean | null

const isRecord = (value: Json | undefined): value is { [name: string]: Json | undefined } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// The platform's decode error is known to the router of the embedded hub only; it is never on the wire.
const decodeError = "#/components/schemas/HttpApiDecodeError"
const platformSchemas = ["HttpApiDecodeError", "Issue", "PropertyKey"]

const withoutDecodeError = (value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) {
    return value
      .filter((one) => !(isRecord(one) && one["$ref"] === decodeError))
      .map((one) => withoutDecodeError(one) ?? null)
  }
  if (!isRecord(value)) return value
  const { anyOf } = value
  const members = Array.isArray(anyOf)
    ? anyOf.filter((one) => !(isRecord(one) && one["$ref"] === decodeError))
    : undefined
  if (members?.length === 1 && members.length !== (anyOf as ReadonlyArray<Json>).length) {
    return withoutDecodeError(members[0])
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withoutDecodeError(field)]))
}

// The platform writes an empty security list at every endpoint of an API that is secured as a whole: it would mean
// "no security".
const withoutEmptySecurity = (value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) return value.map((one) => withoutEmptySecurity(one) ?? null)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, field]) => !(name === "security" && Array.isArray(field) && field.length === 0))
      .map(([name, field]) => [name, withoutEmptySecurity(field)])
  )
}

const document = OpenApi.fromApi(
  AngoApi.annotateContext(
    OpenApi.annotations({
      title: "Ango Hub",
      version: "2.0.0",
      description:
        "iMerit's data-labelling platform, REST API v2, as effect-ango reads it from the vendor's documents. Unofficial.",
      servers: Object.entries(regions).map(([description, url]) => ({ url: `${url}/v2`, description }))
    })
  ),
  { additionalPropertiesStrategy: "allow" }
)

const spec = withoutEmptySecurity(withoutDecodeError(JSON.parse(JSON.stringify(document))))
if (!isRecord(spec)) throw new Error("the contract gives no OpenAPI document")
const { components } = spec
if (isRecord(components) && isRecord(components["schemas"])) {
  for (const name of platformSchemas) delete components["schemas"][name]
}

const text = `${JSON.stringify({ ...spec, security: [{ apikey: [] }] }, null, 2)}\n`

if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== text) throw new Error("docs/openapi.json is stale: run `npm run docs`")
  console.log("docs/openapi.json is up to date")
} else {
  mkdirSync(new URL(".", file), { recursive: true })
  writeFileSync(file, text)
}
