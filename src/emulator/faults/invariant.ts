/**
 * A fault that cannot be is a mistake in the test: it is told where the fault is built, not as a strange answer.
 */
export const invariant = (isPossible: boolean, message: string): void => {
  if (!isPossible) throw new RangeError(message)
}
