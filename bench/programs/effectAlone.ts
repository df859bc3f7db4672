// What any program over Effect's HTTP clients brings into a bundle for browsers, kept whole.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

console.log(FetchHttpClient, HttpApiClient, HttpClient, Effect, Schema)
