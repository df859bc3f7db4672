/** The longest delay of a timer, in milliseconds. Effect treats a longer sleep as infinite. */
export const maxTimerDelay = 2 ** 31 - 1
