// What a client observes under every fault, as short texts; the same for all clients and servers.
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Ango, RateLimit, RetryPolicy, Tasks } from "effect-ango"
import { AngoTest, Emulator, type EmulatorService, Faults } from "effect-ango/emulator"
import { captureLogs } from "./Logs.js"

type Hub = Pick<EmulatorService, "apiKey" | "baseUrl" | "state">
type Name = keyof typeof Faults.all

// The response to a request for the second page with two tasks per page, oldest first; tasks count from 0.
const observations: Record<Exclude<Name, "latency">, string> = {
  refuse: "Transport ECONNREFUSED",
  reset: "Transport ECONNRESET",
  resetAfter: "Transport ECONNRESET",
  hang: "silence",
  hangAfter: "silence",
  tooManyRequests: "429 fail",
  tooManyRequestsWithHint: "429 fail, wait 2",
  json500: "500 error",
  json502: "502 error",
  json503: "503 error",
  json504: "504 error",
  html500: "500 html",
  html502: "502 html",
  html503: "503 html",
  html504: "504 html",
  empty500: "500 empty",
  empty502: "502 empty",
  empty503: "503 empty",
  empty504: "504 empty",
  badGatewayAfter: "502 error",
  html200: "200 html",
  empty200: "200 empty",
  noContent: "204 empty",
  redirect: "302 empty, to https://elsewhere.example/v2/",
  cut: "200, 20 bytes, Decode UND_ERR_SOCKET",
  stall: "200, 20 bytes, silence",
  truncated: "200 no JSON",
  malformed: "200 no JSON",
  duplicatePage: "200 tasks 0 1",
  shiftedPage: "200 tasks 1 2",
  shiftedPageBack: "200 tasks 3 4"
}

/** The expected observation of each fault. */
export const expectedObservations: Readonly<Record<string, string>> = observations

const errorOf = (name: string): string => {
  if (name === "refuse") return "ConnectionFailed connect"
  if (/^(reset|resetAfter)$/.test(name)) return "ConnectionFailed request"
  if (name === "cut") return "ConnectionFailed body"
  if (/^(hang|hangAfter|stall)$/.test(name)) return "DeadlineExceeded"
  if (/^tooMany/.test(name)) return "RateLimited"
  if (/50\d$|^badGateway/.test(name)) return "ServerError"
  if (name === "redirect") return "OriginMismatch redirect"
  if (name === "html200") return "MalformedResponse html"
  if (/^(empty200|noContent)$/.test(name)) return "MalformedResponse empty"
  if (name === "truncated") return "MalformedResponse truncated"
  if (name === "malformed") return "MalformedResponse not-json"
  return expectedObservations[name]?.replace("200 ", "") ?? "nothing"
}

/** The expected error of this library for each fault; or the tasks, if it causes no error. */
export const expectedErrors = Record.map(expectedObservations, (_, name) => errorOf(name))

/** Every fault except the latency. */
export const names = Record.keys(observations)

// Long enough for every response, and short for faults without one.
const timeLimit = (name: Name) => (/^(hang|stall)/.test(name) ? "300 millis" : "5 seconds")

const decoder = new TextDecoder()

const describeTasks = (hub: Hub, ids: ReadonlyArray<string>) => {
  const all = Array.from(hub.state.projects.get(AngoTest.projectId)?.tasks ?? [], ({ _id }) => _id)
  return `tasks ${ids.map((id) => all.indexOf(id)).join(" ")}`
}

const describeBody = (hub: Hub, text: string): string => {
  if (text === "") return "empty"
  if (text.startsWith("<")) return "html"
  try {
    const { data, status } = JSON.parse(text)
    return data?.tasks === undefined
      ? status
      : describeTasks(
          hub,
          data.tasks.map((task: { readonly _id: string }) => task._id)
        )
  } catch {
    return "no JSON"
  }
}

const codeOf = (error: unknown): string => {
  const { cause, code } = Object(error)
  return code ?? (cause === undefined ? "no code" : codeOf(cause))
}

const observe = (hub: Hub, name: Name, request: HttpClientRequest.HttpClientRequest) =>
  Effect.suspend(() => {
    let status = ""
    let headerText = ""
    let text = ""
    const received = () => (status === "" ? "" : `${status}, ${text.length} bytes, `)
    return Effect.gen(function* () {
      const response = yield* HttpClient.execute(
        HttpClientRequest.setHeader(request, "apikey", Redacted.value(hub.apiKey))
      )
      status = String(response.status)
      const { location, "retry-after": retryAfter } = response.headers
      headerText = `${location === undefined ? "" : `, to ${location}`}${retryAfter === undefined ? "" : `, wait ${retryAfter}`}`
      yield* Stream.runForEach(response.stream, (bytes) =>
        Effect.sync(() => {
          text += decoder.decode(bytes)
        })
      )
      return `${status} ${describeBody(hub, text)}${headerText}`
    }).pipe(
      Effect.catchAll((error) =>
        Effect.succeed(
          error.reason === "EmptyBody"
            ? `${status} empty${headerText}`
            : `${received()}${error.reason} ${codeOf(error.cause)}`
        )
      ),
      Effect.timeoutTo({
        duration: timeLimit(name),
        onSuccess: (text) => text,
        onTimeout: () => `${received()}silence`
      })
    )
  })

/** Observes a list request under every fault. */
export const observeEveryFault = (hub: Hub, { on }: Faults.FaultsService) =>
  Effect.map(
    Effect.forEach(names, (name) =>
      Effect.gen(function* () {
        yield* on("tasks.list", Faults.all[name])
        const url = `${hub.baseUrl}/project/${AngoTest.projectId}/tasks?page=2&limit=2&sort=createdAt`
        return [name, yield* observe(hub, name, HttpClientRequest.get(url))] as const
      })
    ),
    Record.fromEntries
  )

/** The same through this library, without retries: the error, or the tasks of the page. */
export const errorOfEveryFault = (hub: Hub, { on }: Faults.FaultsService) => {
  const logs = captureLogs()
  return Effect.forEach(names, (name) =>
    Effect.gen(function* () {
      yield* on("tasks.list", Faults.all[name])
      const tasks = yield* Tasks
      const result = yield* tasks.page(AngoTest.projectId, { page: 2, limit: 2, sort: "createdAt" }).pipe(
        Ango.withDeadline(timeLimit(name)),
        Effect.map(({ items }) =>
          describeTasks(
            hub,
            items.map(({ id }) => id)
          )
        ),
        Effect.catchAll((error) => {
          const { _tag, phase, reason } = error as typeof error & { phase?: string; reason?: string }
          return Effect.succeed([_tag, phase ?? reason].join(" ").trim())
        })
      )
      return [name, result] as const
    })
  ).pipe(
    Effect.map(Record.fromEntries),
    Effect.provide(
      Ango.layer({ apiKey: hub.apiKey, baseUrl: hub.baseUrl }).pipe(
        Layer.provide(RetryPolicy.layer({ attempts: 1 })),
        // A 429 without Retry-After costs a sixth of the window, in real time.
        Layer.provide(RateLimit.layer({ limit: 1000, window: "300 millis" }))
      )
    ),
    Effect.provide(logs.layer),
    Effect.tap(() => {
      // A refusal without a hint pauses all calls for a sixth of the window, the other one for what it says.
      expect(logs.lines.map(({ level, annotations }) => [level, annotations["waitMillis"]])).toEqual([
        ["WARN", 50],
        ["WARN", 2000]
      ])
    })
  )
}

/** The faults under which the hub created the requested project. */
export const createdUnder = (hub: Hub, { on }: Faults.FaultsService) =>
  Effect.gen(function* () {
    for (const name of names) {
      yield* on("projects.create", Faults.all[name])
      const request = HttpClientRequest.post(`${hub.baseUrl}/project`).pipe(
        HttpClientRequest.bodyUnsafeJson({ name, description: "" })
      )
      yield* observe(hub, name, request)
    }
    const made = Array.from(hub.state.projects.values(), ({ project }) => project.name)
    return names.filter((name) => made.includes(name))
  })

/** The faults under which the hub should create it. */
export const expectedCreated = [
  "resetAfter",
  "hangAfter",
  "badGatewayAfter",
  "cut",
  "stall",
  "truncated",
  "malformed",
  "duplicatePage",
  "shiftedPage",
  "shiftedPageBack"
]

/** Runs a test on a hub with six tasks. */
export const withHub = <A, E>(test: (hub: EmulatorService) => Effect.Effect<A, E>, options = {}) =>
  Effect.provide(Effect.flatMap(Emulator, test), Emulator.layer({ tasks: 6, ...options }))

/** The statuses of sequential requests; 0 for a request without a response. */
export const statuses = (hub: EmulatorService, requests: ReadonlyArray<string>) =>
  Effect.forEach(requests, (path) =>
    Effect.promise(() =>
      hub
        .fetch(`${hub.baseUrl}${path}`, { headers: { apikey: Redacted.value(hub.apiKey) } })
        .then((response) => response.status)
        .catch(() => 0)
    )
  )

/** The path of the project list, `count` times. */
export const projects = (count: number) => Array.from({ length: count }, () => "/listProjects")
