/**
 * Throws a `RangeError` for a fault that cannot exist, so that a mistake in a test fails where the fault is built.
 */
export const invariant = (isPossible: boolean, message: string): void => {
  if (!isPossible) throw new RangeError(message)
}
