import { subscribe } from "node:diagnostics_channel"
import type { Socket } from "node:net"

/** When the first row came, and how much of the archive had arrived by then, in bytes of all sockets. */
export const arrival = () => {
  const sockets: Array<Socket> = []
  subscribe("undici:client:connected", (message) => {
    sockets.push((message as { readonly socket: Socket }).socket)
  })
  const start = performance.now()
  let first = { firstRow: 0, firstBytes: 0 }
  return {
    firstRow: () => {
      first = {
        firstRow: performance.now() - start,
        firstBytes: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)
      }
    },
    report: () => first
  }
}
