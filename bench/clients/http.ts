// Requests by hand: `node:http`, the cheapest way that Node has, with no checks.
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http"

/** How many requests the clients by hand have in flight. */
export const inFlight = 8

const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
const headers = { apikey: "key", accept: "application/json" }

export interface Sent {
  readonly method?: string
  readonly body?: string | Buffer
}

/** The response when its head has come. */
export const open = (url: string, { body, method = "GET" }: Sent = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { "content-type": "application/json" }
    request(url, { agent, method, headers: { ...headers, ...type } }, resolve)
      .on("error", reject)
      .end(body)
  })

export const readText = (response: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Array<Buffer> = []
    response
      .on("data", (part: Buffer) => parts.push(part))
      .on("error", reject)
      .on("end", () => resolve(Buffer.concat(parts).toString()))
  })

export const readJson = async <A>(url: string, sent?: Sent): Promise<A> =>
  JSON.parse(await readText(await open(url, sent))) as A

/** Runs `work` for each number from `first` to `last`, so many at a time. */
export const concurrently = async (
  first: number,
  last: number,
  work: (number: number) => Promise<void>
): Promise<void> => {
  let next = first
  const worker = async () => {
    while (next <= last) await work(next++)
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}

/** Sends so many bytes by `PUT`, and waits for the response. */
export const upload = (
  url: string,
  size: number,
  write: (request: ClientRequest) => Promise<void>
): Promise<string> =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, { agent, method: "PUT", headers: { "content-length": size } }, resolve)
    sent.on("error", reject)
    write(sent).catch(reject)
  }).then(readText)
