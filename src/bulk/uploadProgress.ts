// How far an upload of many files is, counted while they are sent.

/** What has been sent, and what will not be. */
export interface Count {
  readonly files: number
  readonly sent: number
  readonly skipped: number
}

/** A file on its way from the input to its outcome. */
interface Way {
  readonly size: number
  sent: number
  isSettled: boolean
}

/** Counts the bytes of files by their numbers; forgets each at its outcome. */
export const counter = () => {
  const ways = new Map<number, Way>()
  let files = 0
  let sent = 0
  let skipped = 0

  const settle = (number: number, isStored: boolean): void => {
    const way = ways.get(number)
    if (way === undefined || way.isSettled) return
    way.isSettled = true
    sent += (isStored ? way.size : 0) - way.sent
    if (isStored) files++
    else skipped += way.size
  }

  return {
    count: (): Count => ({ files, sent, skipped }),
    /** It is in the input. */
    begins: (number: number, size: number): void => {
      ways.set(number, { size, sent: 0, isSettled: false })
    },
    /** So many bytes of it have been sent; from the first on when it is sent anew. */
    moves: (number: number, bytes: number): void => {
      const way = ways.get(number)
      if (way === undefined || way.isSettled) return
      sent += bytes - way.sent
      way.sent = bytes
    },
    stored: (number: number): void => settle(number, true),
    failed: (number: number): void => settle(number, false),
    /** It has its outcome; whether something was counted that was not before. */
    ends: (number: number): boolean => {
      const before = skipped
      settle(number, false)
      ways.delete(number)
      return skipped !== before
    }
  }
}
