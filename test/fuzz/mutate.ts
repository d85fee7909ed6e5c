/** A whole number from 0, below the one given. */
export type Random = (below: number) => number

/** Numbers that a seed repeats (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** What inputs are made of. */
export interface Stock {
  /** Inputs that have reached something new. */
  readonly corpus: readonly Uint8Array[]
  /** What the readers look for. */
  readonly words: readonly Uint8Array[]
  /** Bytes of the largest input. */
  readonly most: number
}

const pick = <T>(list: readonly T[], random: Random): T => list[random(list.length)] as T

/** The bytes with those between two places replaced. */
const put = (bytes: Uint8Array, from: number, to: number, ...others: readonly Uint8Array[]) =>
  Buffer.concat([bytes.subarray(0, from), ...others, bytes.subarray(to)])

/** Two places, near each other more often than not. */
function range(bytes: Uint8Array, random: Random): readonly [number, number] {
  const from = random(bytes.length + 1)
  const longest = pick([2, 8, 32, bytes.length + 1], random)
  return [from, Math.min(bytes.length, from + 1 + random(longest))]
}

/** Where a line begins and where the next does. */
function line(bytes: Uint8Array, random: Random): readonly [number, number] {
  const at = random(bytes.length + 1)
  const from = at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1
  const end = bytes.indexOf(10, at)
  return [from, end < 0 ? bytes.length : end + 1]
}

type Change = (bytes: Uint8Array, random: Random, stock: Stock) => Uint8Array

const NUMBERS = ['0', '-1', '1', '00', '255', '65536', '2147483648', '9007199254740993', '1e9']
const numbers = NUMBERS.map((text) => Buffer.from(text))

const CHANGES: readonly Change[] = [
  (bytes, random) => {
    const at = random(bytes.length + 1)
    return put(bytes, at, at + 1, Buffer.of((bytes[at] ?? 0) ^ (1 << random(8))))
  },
  (bytes, random) => {
    const at = random(bytes.length + 1)
    return put(bytes, at, at + random(2), Buffer.of(random(256)))
  },
  (bytes, random, { words }) => put(bytes, ...range(bytes, random), pick(words, random)),
  (bytes, random, { words }) => {
    const at = random(bytes.length + 1)
    return put(bytes, at, at, pick(words, random))
  },
  (bytes, random) => put(bytes, ...range(bytes, random)),
  (bytes, random) => put(bytes, ...line(bytes, random)),
  (bytes, random) => {
    const [from, to] = pick([range, line], random)(bytes, random)
    const at = random(bytes.length + 1)
    return put(bytes, at, at, bytes.subarray(from, to))
  },
  (bytes, random) => {
    const [from, to] = line(bytes, random)
    const at = line(bytes, random)[0]
    return put(bytes, at, at, bytes.subarray(from, to))
  },
  (bytes, random, { corpus }) => {
    const other = pick(corpus, random)
    return put(bytes, ...range(bytes, random), other.subarray(...range(other, random)))
  },
  (bytes, random) => {
    const digits = [...Buffer.from(bytes).toString('latin1').matchAll(/\d+/g)]
    if (digits.length === 0) return bytes
    const { index, 0: found } = pick(digits, random)
    return put(bytes, index, index + found.length, pick(numbers, random))
  },
  // What grows faster than its size shows where a part comes very often.
  (bytes, random, { most }) => {
    const [from, to] = range(bytes, random)
    const part = bytes.subarray(from, Math.min(to, from + 8))
    const times = pick([2, 16, 256, Math.ceil(most / 8)], random)
    return put(bytes, to, to, ...Array.from({ length: times }, () => part))
  },
]

/** An input changed in a few places; the last change is the one that makes it large most seldom. */
export function mutate(input: Uint8Array, random: Random, stock: Stock): Uint8Array {
  let bytes = input
  for (let left = 1 + random(4); left > 0; left--) {
    const some = random(20) === 0 ? CHANGES : CHANGES.slice(0, -1)
    bytes = pick(some, random)(bytes, random, stock)
  }
  return bytes.subarray(0, stock.most)
}
