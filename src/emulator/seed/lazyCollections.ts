/**
 * Lists and maps that compute their entries on each read and store only changed ones, so that a project of a million
 * tasks takes a few bytes per task.
 */

/** One place of a computed list: the index of a computed row, or a row that replaced it. */
export type Slot<A> = number | A

const slotsOfLists = new WeakMap<object, ReadonlyArray<unknown>>()

/** The slots of a computed list; `undefined` for any other list. */
export const slotsOf = <A extends object>(list: ReadonlyArray<A>): ReadonlyArray<Slot<A>> | undefined =>
  slotsOfLists.get(list) as ReadonlyArray<Slot<A>> | undefined

const isIndex = (key: string | symbol): key is string => typeof key === "string" && /^\d+$/.test(key)

/** An array of `count` rows that are computed when they are read. An operation that replaces every row stores them all. */
export const computedList = <A extends object>(count: number, make: (index: number) => A): Array<A> => {
  const slots: Array<Slot<A>> = Array.from({ length: count }, (_, index) => index)
  const row = (slot: Slot<A> | undefined): A | undefined => (typeof slot === "number" ? make(slot) : slot)
  // Array's own splice would read and write every later row.
  const splice = (start: number, count: number, ...rows: ReadonlyArray<A>): ReadonlyArray<A | undefined> =>
    slots.splice(start, count, ...rows).map(row)
  const list = new Proxy(slots, {
    get: (target, key, receiver) =>
      key === "splice"
        ? splice
        : isIndex(key)
          ? row(target[Number(key)])
          : Reflect.get(target, key, receiver),
    set: (target, key, value) => Reflect.set(target, key, value),
    getOwnPropertyDescriptor: (target, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(target, key)
      return descriptor === undefined || !isIndex(key)
        ? descriptor
        : { ...descriptor, value: row(descriptor.value) }
    }
  }) as Array<A>
  slotsOfLists.set(list, slots)
  return list
}

/** A map that computes the value of every key that was neither set nor deleted. */
export class ComputedMap<V> extends Map<string, V> {
  readonly #compute: (key: string) => V | undefined
  readonly #keys: () => Iterable<string>
  readonly #deleted = new Set<string>()

  /** `keys` returns the keys with a computed value; it is needed to iterate. */
  constructor(compute: (key: string) => V | undefined, keys: () => Iterable<string>) {
    super()
    this.#compute = compute
    this.#keys = keys
  }

  /** The keys that were set or deleted. */
  changed(): ReadonlySet<string> {
    return new Set([...super.keys(), ...this.#deleted])
  }

  override get(key: string): V | undefined {
    return super.has(key) ? super.get(key) : this.#deleted.has(key) ? undefined : this.#compute(key)
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined
  }

  override delete(key: string): boolean {
    const was = this.has(key)
    super.delete(key)
    this.#deleted.add(key)
    return was
  }

  override get size(): number {
    let size = 0
    for (const _ of this.keys()) size++
    return size
  }

  override *keys(): MapIterator<string> {
    for (const key of this.#keys()) if (!super.has(key) && this.has(key)) yield key
    yield* super.keys()
  }

  override *entries(): MapIterator<[string, V]> {
    for (const key of this.keys()) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  override *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries()
  }

  override forEach(each: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this)
  }
}
