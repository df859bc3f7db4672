// Sends 4 GB, generated while they are sent, to a server that counts them; prints the time and the peak memory of the
// sender. `--gigabytes 1` sends less, `--client fetch`, `node` or `undici` uses that client only.
import { type ChildProcess, fork } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { parseArgs } from "node:util"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { AngoClient, AngoConfig, FileSource } from "../src/index.js"

const { values } = parseArgs({
  options: {
    gigabytes: { type: "string", default: "4" },
    client: { type: "string" },
    sender: { type: "string" },
    port: { type: "string" }
  }
})
const size = Math.round(Number(values.gigabytes) * 2 ** 14) * 2 ** 16
const clients = {
  fetch: FetchHttpClient.layer,
  node: NodeHttpClient.layer,
  undici: NodeHttpClient.layerUndici
}
type Name = keyof typeof clients

const part = Uint8Array.from({ length: 64 * 1024 }, (_, index) => index % 251)
// New bytes each time, as from a disk: a client that keeps them shows.
const read = Effect.sync(() => part.slice())

const send = (name: Name, port: string) =>
  Effect.flatMap(AngoClient.AngoClient, ({ upload }) =>
    upload(
      Redacted.make(`http://127.0.0.1:${port}/big.mp4?signature=0123456789`),
      FileSource.stream(size, () => Stream.take(Stream.repeatEffect(read), size / part.length), {
        name: "big.mp4"
      })
    )
  ).pipe(
    Effect.provide(
      AngoClient.layer.pipe(
        Layer.provide(AngoConfig.layer({ apiKey: Redacted.make("none") })),
        Layer.provide(clients[name])
      )
    ),
    Effect.runPromise
  )

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve, reject) =>
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`the sender ended with ${code}`))))
  )

if (values.sender !== undefined) {
  const before = performance.now()
  await send(values.sender as Name, values.port ?? "")
  const seconds = (performance.now() - before) / 1000
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  console.log(
    `${values.sender}: ${seconds.toFixed(1)} s, ${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s of CPU, ` +
      `${Math.round(maxRSS / 1024)} MB at most`
  )
} else {
  let received = 0
  const server = createServer((request, response) => {
    received = 0
    request.on("data", ({ length }: Buffer) => {
      received += length
    })
    request.on("end", () => response.end())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  for (const name of values.client === undefined ? Object.keys(clients) : [values.client]) {
    const options = ["--sender", name, "--port", String(port), "--gigabytes", values.gigabytes]
    await ended(fork(process.argv[1] ?? "", options))
    if (received !== size) throw new Error(`${received} of ${size} bytes have come`)
  }
  server.closeAllConnections()
  server.close()
}
