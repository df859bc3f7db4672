// Counts the bytes of an upload of many files.

/** Stored files, bytes sent, and bytes of files that are not sent. */
export interface UploadCounts {
  readonly files: number
  readonly sent: number
  readonly skipped: number
}

interface FileProgress {
  readonly size: number
  sent: number
  isFinished: boolean
}

/** Counts files by their position in the input, and forgets each when it has its outcome. */
export const makeUploadCounter = () => {
  const inProgress = new Map<number, FileProgress>()
  let files = 0
  let sent = 0
  let skipped = 0

  const finish = (index: number, isStored: boolean): void => {
    const file = inProgress.get(index)
    if (file === undefined || file.isFinished) return
    file.isFinished = true
    sent += (isStored ? file.size : 0) - file.sent
    if (isStored) files++
    else skipped += file.size
  }

  return {
    counts: (): UploadCounts => ({ files, sent, skipped }),
    add: (index: number, size: number): void => {
      inProgress.set(index, { size, sent: 0, isFinished: false })
    },
    /** Sets the bytes sent of a file. They start at zero again when the file is sent again. */
    setSent: (index: number, bytes: number): void => {
      const file = inProgress.get(index)
      if (file === undefined || file.isFinished) return
      sent += bytes - file.sent
      file.sent = bytes
    },
    setStored: (index: number): void => finish(index, true),
    setFailed: (index: number): void => finish(index, false),
    /** Forgets a file that has its outcome. Returns whether it counts as skipped only now. */
    remove: (index: number): boolean => {
      const before = skipped
      finish(index, false)
      inProgress.delete(index)
      return skipped !== before
    }
  }
}
