/** How many times as large an input is made. */
const FACTOR = 64

/**
 * How much dearer each byte may get at that: by the square it gets 64 times as dear, and where the
 * work is linear a few times at the most, as caches end and the memory's collector sets in.
 */
export const BOUND = 16

/** Milliseconds of the processor that are not told apart from none. */
const FLOOR = 0.25

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

/**
 * How much dearer each byte of an input gets as the input grows to a size from a 64th of it: about 1
 * where the work is linear, 64 where it grows by the square. What is compared is the processor's
 * time, whatever else the machine does, and again where it is much, as a machine has its moments.
 */
export async function growthOf(
  size: number,
  make: (size: number) => () => unknown,
): Promise<number> {
  const [small, large] = [make(Math.ceil(size / FACTOR)), make(size)]
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && least > BOUND; tries++) {
    const before = Math.max(FLOOR, await costOf(small, 3))
    least = Math.min(least, (await costOf(large, 1)) / before / FACTOR)
  }
  return least
}
