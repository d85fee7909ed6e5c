/** How much of what can be of any size is guessed about: segments, parameters, headers. */
export const MOST = 50

/** How many ways are tried in which some places of a text alone were written anew. */
export const FEW = 32

/** Characters of a path or of a header's value beyond which only the likeliest is tried. */
export const LONG = 16_384

/** Bytes of a body beyond which it is not parsed and serialised again. */
export const LARGE = 1_048_576

/** Levels of JSON beyond which it is not parsed. */
export const DEEPEST = 1000

/** Characters beyond which JSON is not written with a line for each value. */
export const WRITTEN = 2_097_152

/** Bytes of canonical requests that single mistakes of a kind may cost; the likeliest are always tried. */
export const SINGLE = 16_777_216

/** The likeliest mistakes of a kind. */
export const LIKELIEST = 12

/** Bytes of canonical requests that pairs of mistakes may cost; beyond, only single ones are tried. */
export const PAIRED = 67_108_864
