/** The result of {@link omitUndefined}: fields that may be `undefined` are optional. */
export type OmitUndefined<Fields> = {
  readonly [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name]
} & {
  readonly [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
    Fields[Name],
    undefined
  >
}

/** Removes the fields that are `undefined`: they must not be sent, and exact schemas refuse them. */
export const omitUndefined = <Fields extends object>(fields: Fields): OmitUndefined<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined)
  ) as OmitUndefined<Fields>
