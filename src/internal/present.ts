// Options without the keys that were given as `undefined`: what is not given is not sent.

/** The type of {@link present}'s result. */
export type Present<A> = { readonly [Key in keyof A]: Exclude<A[Key], undefined> }

export const present = <A extends object>(options: A): Present<A> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<A>
