// Optional inputs on their way into a request.

/** The fields that were given: a key whose value is `undefined` must not be sent, and an exact schema refuses it. */
export const given = <Fields extends object>(
  fields: Fields
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>
  }
