/** A value that is made when it is first asked for, and kept. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** A function that gives its last answer again while its arguments are the same; those it keeps. */
export function remembered<Args extends readonly unknown[], T>(
  answer: (...args: Args) => T,
): (...args: Args) => T {
  let of: Args | undefined
  let last: T
  return (...args) => {
    let same = of !== undefined
    for (let at = 0; same && at < args.length; at++) same = of?.[at] === args[at]
    if (!same) {
      last = answer(...args)
      of = args
    }
    return last
  }
}
