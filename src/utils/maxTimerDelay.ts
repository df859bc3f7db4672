/** The longest delay of a timer, in milliseconds. Timers run longer ones at once or never. */
export const maxTimerDelay = 2 ** 31 - 1
