// An error that says more than it did where it was made.

/** The same error with another message. */
export const overrideMessage = <E extends Error>(error: E, message: string): E =>
  new (error.constructor as new (fields: object) => E)({
    ...error,
    // An error's own cause is not among its enumerable fields.
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    message
  })
