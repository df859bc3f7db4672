// Downloads exports of the emulator without the library.
import * as Effect from "effect/Effect"
import { AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "./AskHub.js"
import { readZip } from "./ReadZip.js"

export interface Downloaded {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  readonly text: string
}

/** Requests an export; returns the link to its archive. */
export const exportLink = (query = "", projectId: string = AngoTest.projectId) =>
  Effect.map(askHub(`GET /export?project=${projectId}${query}`), ({ data }) => String(data.exportPath))

/** Sends one request to a link. */
export const download = (
  link: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET"
): Effect.Effect<Downloaded, never, Emulator> =>
  Effect.flatMap(Emulator, ({ fetch }) =>
    Effect.promise(async () => {
      const response = await fetch(link, { headers, method })
      const bytes = new Uint8Array(await response.arrayBuffer())
      const text = new TextDecoder().decode(bytes)
      return { status: response.status, headers: response.headers, bytes, text }
    })
  )

/** The files of an export. */
export const exported = (query = "", projectId?: string) =>
  Effect.map(Effect.flatMap(exportLink(query, projectId), download), ({ bytes }) => readZip(bytes))

/** The rows of an export. */
export const rowsOf = (query = "", projectId?: string) =>
  Effect.map(exported(query, projectId), (files) => files.flatMap(({ text }) => JSON.parse(text)))
