/** Parses times at a fraction of the cost of `Date.parse`. */

const dayMillis = 86_400_000

// A number far below zero stands for a character that is no digit: no sum with one is in a valid range.
const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 0x30
  return value >= 0 && value <= 9 ? value : -100_000
}

const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

// Days since 1970-01-01 in the Gregorian calendar. The year is counted from March, so that its leap day is its last.
const daysSinceEpoch = (year: number, month: number, day: number): number => {
  const fromMarch = month > 2 ? year : year - 1
  const monthFromMarch = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(fromMarch / 4) - Math.floor(fromMarch / 100) + Math.floor(fromMarch / 400)
  return 365 * fromMarch + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 719_469
}

const dash = 0x2d
const colon = 0x3a

// The separators of `2026-01-31T12:00:00.000Z`.
const hasUsualForm = (text: string): boolean =>
  text.length === 24 &&
  text.charCodeAt(4) === dash &&
  text.charCodeAt(7) === dash &&
  text.charCodeAt(10) === 0x54 &&
  text.charCodeAt(13) === colon &&
  text.charCodeAt(16) === colon &&
  text.charCodeAt(19) === 0x2e &&
  text.charCodeAt(23) === 0x5a

/**
 * `Date.parse`. Text of the form `2026-01-28T12:00:00.000Z` is read by hand; all other text by `Date.parse`, also the
 * last days of months, which not every month has.
 */
export const parseIsoTime = (text: string): number => {
  if (!hasUsualForm(text)) return Date.parse(text)
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const millis = digit(text, 20) * 100 + twoDigits(text, 21)
  const isDay = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28
  const isTime =
    hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && millis >= 0
  return isDay && isTime
    ? daysSinceEpoch(year, month, day) * dayMillis + ((hour * 60 + minute) * 60 + second) * 1000 + millis
    : Date.parse(text)
}
