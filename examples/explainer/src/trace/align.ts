import type { Origin, Piece } from './model.ts'

/** A way in which characters of the wire become characters of a canonical request. */
interface Step {
  readonly taken: number
  readonly written: number
  readonly cost: number
  readonly why: string
}

const AS_IT_IS = 'as it is'

const encoded = (text: string): string =>
  /[\ud800-\udfff]/.test(text) && text.length < 2
    ? ''
    : encodeURIComponent(text).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      )

const tripleAt = (text: string, at: number): string =>
  /^%[\da-f]{2}/i.exec(text.slice(at, at + 3))?.[0] ?? ''

/** What may have become of the characters at two places, the likeliest first. */
function stepsAt(source: string, i: number, result: string, j: number): Step[] {
  const steps: Step[] = []
  const character = String.fromCodePoint(source.codePointAt(i) ?? 0)
  const add = (taken: number, written: number, cost: number, why: string) =>
    steps.push({ taken, written, cost, why })
  const triple = tripleAt(source, i)
  const other = tripleAt(result, j)
  if (source[i] === result[j]) add(1, 1, 0, AS_IT_IS)
  else if (source[i]?.toLowerCase() === result[j]) add(1, 1, 0.1, 'in lower case')
  else if (source[i]?.toUpperCase() === result[j]) add(1, 1, 0.1, 'in upper case')
  if (triple && other && triple.toUpperCase() === other)
    add(3, 3, -0.1, triple === other ? AS_IT_IS : 'its hex in upper case')
  if (other) {
    if (character === '+' && other === '%20')
      add(1, 3, 0.2, 'a + in a query is a blank, and is written %20')
    const whole = encoded(character)
    if (whole.length > 1 && result.startsWith(whole, j))
      add(
        character.length,
        whole.length,
        0.2,
        triple ? 'the % itself encoded: this path is encoded twice' : 'percent-encoded',
      )
    else if (`%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}` === other)
      add(1, 3, 0.3, 'percent-encoded')
  }
  if (triple && String.fromCharCode(Number.parseInt(triple.slice(1), 16)) === result[j])
    add(3, 1, 0.2, 'decoded: it needs no encoding')
  return steps
}

const LEFT_OUT = 1
const PUT_IN = 1.5

/** Above it, two texts are not compared character by character. */
const MOST_CELLS = 600_000

/**
 * Traces each character of a result back to the source that it was made of: the cheapest way to
 * make one of the other. It tells what the road did, and does none of it.
 */
export function align(source: string, origin: Origin, result: string): Piece[] {
  const rows = source.length + 1
  const columns = result.length + 1
  if (rows * columns > MOST_CELLS)
    return [{ text: result, from: [origin], why: 'too long to trace each character' }]
  const costs = new Float64Array(rows * columns).fill(Number.POSITIVE_INFINITY)
  const back: (Step | undefined)[] = new Array(rows * columns)
  costs[0] = 0
  const reach = (at: number, to: number, step: Step) => {
    const cost = (costs[at] ?? 0) + step.cost
    if (cost >= (costs[to] ?? 0)) return
    costs[to] = cost
    back[to] = step
  }
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j
      if (i < source.length)
        reach(at, at + columns, { taken: 1, written: 0, cost: LEFT_OUT, why: '' })
      if (j < result.length)
        reach(at, at + 1, { taken: 0, written: 1, cost: PUT_IN, why: 'not in what was pasted' })
      if (i < source.length && j < result.length)
        for (const step of stepsAt(source, i, result, j))
          reach(at, at + step.taken * columns + step.written, step)
    }
  const pieces: Piece[] = []
  for (let i = source.length, j = result.length; i > 0 || j > 0; ) {
    const { taken, written, why } = back[i * columns + j] as Step
    i -= taken
    j -= written
    const start = origin.start + i
    const from = taken > 0 ? [{ part: origin.part, start, end: start + taken }] : []
    if (written > 0) pieces.unshift({ text: result.slice(j, j + written), from, why })
  }
  return pieces
}
