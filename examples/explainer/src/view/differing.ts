/** Characters of two lines that differ, and the places where the other line alone has some. */
export interface Differing {
  readonly ours: readonly boolean[]
  readonly theirs: readonly boolean[]
  /** Places before which something of the other line is missing. */
  readonly gaps: { readonly ours: ReadonlySet<number>; readonly theirs: ReadonlySet<number> }
}

/** Above it, all between the common beginning and end differs. */
const MOST_CELLS = 400_000

/** Lines with less than this in common are two lines, not one that was changed. */
const ALIKE = 0.5

/** The lengths of the longest common subsequences of all ends of two texts. */
function commonLengths(ours: string, theirs: string): Uint16Array {
  const columns = theirs.length + 1
  const lengths = new Uint16Array((ours.length + 1) * columns)
  for (let i = ours.length - 1; i >= 0; i--)
    for (let j = theirs.length - 1; j >= 0; j--) {
      const at = i * columns + j
      lengths[at] =
        ours[i] === theirs[j]
          ? (lengths[at + columns + 1] ?? 0) + 1
          : Math.max(lengths[at + columns] ?? 0, lengths[at + 1] ?? 0)
    }
  return lengths
}

/** How far to the left a run may stand that is no less right there: `%25|20`, not `%2|52|0`. */
function slid(text: string, from: number, to: number): number {
  let by = 0
  if (from < to) while (by < from && text[from - by - 1] === text[to - by - 1]) by++
  return by
}

/** Tells which characters of two lines differ. */
export function differing(ours: string, theirs: string): Differing {
  const most = Math.min(ours.length, theirs.length)
  let from = 0
  while (from < most && ours[from] === theirs[from]) from++
  let tail = 0
  while (tail < most - from && ours.at(-1 - tail) === theirs.at(-1 - tail)) tail++
  const mine = ours.slice(from, ours.length - tail)
  const other = theirs.slice(from, theirs.length - tail)
  const marks = { ours: ours.split('').map(() => false), theirs: theirs.split('').map(() => false) }
  const gaps = { ours: new Set<number>(), theirs: new Set<number>() }
  const mark = (iFrom: number, iTo: number, jFrom: number, jTo: number) => {
    const one = iFrom === iTo ? slid(other, jFrom, jTo) : slid(mine, iFrom, iTo)
    const slide = iFrom === iTo || jFrom === jTo ? one : 0
    const [i, iEnd, j, jEnd] = [iFrom - slide, iTo - slide, jFrom - slide, jTo - slide]
    marks.ours.fill(true, from + i, from + iEnd)
    marks.theirs.fill(true, from + j, from + jEnd)
    if (i === iEnd && j < jEnd) gaps.ours.add(from + i)
    if (j === jEnd && i < iEnd) gaps.theirs.add(from + j)
  }
  const columns = other.length + 1
  const small = (mine.length + 1) * columns <= MOST_CELLS
  const lengths = small ? commonLengths(mine, other) : undefined
  const common = lengths?.[0] ?? 0
  if (!lengths || common < ALIKE * Math.min(mine.length, other.length)) {
    mark(0, mine.length, 0, other.length)
    return { ...marks, gaps }
  }
  let i = 0
  let j = 0
  while (i < mine.length || j < other.length) {
    const [startI, startJ] = [i, j]
    const isCommon = () => i < mine.length && j < other.length && mine[i] === other[j]
    while (!isCommon() && (i < mine.length || j < other.length))
      if (
        j >= other.length ||
        (i < mine.length &&
          (lengths[(i + 1) * columns + j] ?? 0) >= (lengths[i * columns + j + 1] ?? 0))
      )
        i++
      else j++
    if (i > startI || j > startJ) mark(startI, i, startJ, j)
    while (isCommon()) {
      i++
      j++
    }
  }
  return { ...marks, gaps }
}
