/**
 * Things that go wrong with the body of a request: while a file is uploaded.
 *
 * @since 0.1.0
 */

import type { Fault } from "./Fault.js"
import { invariant } from "./invariant.js"

const bytes = (at: number): number => {
  invariant(Number.isInteger(at) && at >= 0, `No body ends after ${at} bytes. Give a whole number from 0.`)
  return at
}

/**
 * The connection is reset when so many bytes of the request's body have come. Nothing is done. A body that is shorter,
 * or none, is heard to its end first.
 *
 * @since 0.1.0
 */
export const cutUpload = (at: number): Fault => ({ _tag: "CutUpload", at: bytes(at) })

/**
 * So many bytes of the request's body are read, and no more; there is no answer. Nothing is done.
 *
 * @since 0.1.0
 */
export const stallUpload = (at: number): Fault => ({ _tag: "StallUpload", at: bytes(at) })

/**
 * The request's body is read no faster than this, and then answered. Of the hub's endpoints only its storage reads so
 * slowly (`files`): a body of JSON is answered as usual.
 *
 * @since 0.1.0
 */
export const slowUpload = (bytesPerSecond: number): Fault => {
  invariant(
    Number.isFinite(bytesPerSecond) && bytesPerSecond > 0,
    `No body comes at ${bytesPerSecond} bytes per second. Give more than 0, or take stallUpload.`
  )
  return { _tag: "SlowUpload", bytesPerSecond }
}
