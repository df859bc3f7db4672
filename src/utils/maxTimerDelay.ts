/** What a timer can hold, in milliseconds: a longer sleep would not end. */
export const maxTimerDelay = 2 ** 31 - 1
