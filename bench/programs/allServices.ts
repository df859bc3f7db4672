// A program with all services, to be bundled: it is started, and prints what that took.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Ango } from "effect-ango"
import { measureProcess } from "../clients/measure.js"

const layer = Ango.layer({ apiKey: Redacted.make("key") }).pipe(Layer.provide(FetchHttpClient.layer))

await Effect.runPromise(Effect.scoped(Layer.build(layer)))
measureProcess()
