/** A copy of an error with another message: same class, fields and cause. */
export const overrideMessage = <E extends Error>(error: E, message: string): E =>
  new (error.constructor as new (fields: object) => E)({
    ...error,
    // The cause of an error is not enumerable.
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    message
  })
