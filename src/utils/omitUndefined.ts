// Optional inputs on their way into a request.

/** The type of {@link omitUndefined}'s result: what may be `undefined` may be missing, the rest is there. */
export type OmitUndefined<Fields> = {
  readonly [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name]
} & {
  readonly [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
    Fields[Name],
    undefined
  >
}

/** The fields that were given: a key whose value is `undefined` must not be sent, and an exact schema refuses it. */
export const omitUndefined = <Fields extends object>(fields: Fields): OmitUndefined<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined)
  ) as OmitUndefined<Fields>
