/** How many times as large an input is made. */
const FACTOR = 64

/**
 * How much dearer each byte may get at that: by the square it gets 64 times as dear, and where the
 * work is linear a few times at the most, as caches end and the memory's collector sets in.
 */
export const BOUND = 16

/** Milliseconds of the processor that are not told apart from none. */
const FLOOR = 0.25

/** Milliseconds that an eighth of the input does not take unless it is to take the square. */
const PLAIN = 200

/** The least time of the processor that a call takes in several runs, in milliseconds. */
async function costOf(call: () => unknown, runs: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const start = process.cpuUsage()
    await call()
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

/** The same for a call on an input of a size, which is made beforehand. */
const costAt = (size: number, make: (size: number) => () => unknown, runs: number) =>
  costOf(make(Math.ceil(size)), runs)

async function growthUpTo(size: number, make: (size: number) => () => unknown): Promise<number> {
  const small = Math.max(FLOOR, await costAt(size / FACTOR, make, 3))
  const middle = await costAt(size / Math.sqrt(FACTOR), make, 1)
  const growth = (middle / small) ** 2 / FACTOR
  // What grows by the square is not run to its end, which may take minutes.
  if (middle > PLAIN && growth > BOUND) return growth
  return (await costAt(size, make, 1)) / small / FACTOR
}

/**
 * How much dearer each byte of an input gets as the input grows to a size from a 64th of it: about 1
 * where the work is linear, 64 where it grows by the square. What is compared is the processor's
 * time, whatever else the machine does, and again where it is much, as a machine has its moments.
 */
export async function growthOf(
  size: number,
  make: (size: number) => () => unknown,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && least > BOUND; tries++)
    least = Math.min(least, await growthUpTo(size, make))
  return least
}
