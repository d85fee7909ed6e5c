import type { Fault } from '../../diagnosis.ts'
import type { MismatchCause } from '../../types.ts'
import { subsets } from './subsets.ts'

/** A path as it may have been on the wire before a proxy wrote it anew, and what the proxy did then. */
export interface Spelling {
  /** One or more. */
  readonly faults: readonly Fault[]
  readonly path: string
}

/** What of a path a proxy writes anew at once: a character and all its likes, or one place alone. */
interface Move {
  readonly places: readonly number[]
  readonly to: 'raw' | 'escaped'
}

type Hex = 'kept' | 'upper' | 'lower'

/** How many spellings are tried, by characters and by places. */
const MOST = 256

/** Characters of all spellings together, so that a long path has but few. */
const ALTOGETHER = 262_144

/** Places of a path that are each tried by itself. */
const FEW = 8

const EITHER = /[!$&'()*+,;=:@[\]~]/
const UNRESERVED = /[\w.-]/

const isEscape = (token: string): boolean => token.length > 1

const characterOf = (token: string): string =>
  isEscape(token) ? String.fromCharCode(Number.parseInt(token.slice(1), 16)) : token

const escapeOf = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** The characters that stand in a path as they are or encoded, each with its places. */
function movesOf(tokens: readonly string[]): Move[] {
  const places = new Map<string, number[]>()
  for (const [at, token] of tokens.entries()) {
    const character = characterOf(token)
    const name = EITHER.test(character)
      ? character
      : isEscape(token) && UNRESERVED.test(character)
        ? 'unreserved'
        : ''
    if (!name) continue
    const known = places.get(name)
    if (known) known.push(at)
    else places.set(name, [at])
  }
  return [...places].flatMap(([name, all]): Move[] => {
    const isRaw = (at: number) => !isEscape(tokens[at] as string)
    const moves: Move[] = []
    if (name !== 'unreserved' && all.some(isRaw)) moves.push({ places: all, to: 'escaped' })
    if (!all.every(isRaw)) moves.push({ places: all, to: 'raw' })
    return moves
  })
}

/** The same, each place by itself. */
const movesByPlace = (moves: readonly Move[], tokens: readonly string[]): Move[] =>
  moves.flatMap(({ places, to }) =>
    places
      .filter((at) => isEscape(tokens[at] as string) === (to === 'raw'))
      .map((at): Move => ({ places: [at], to })),
  )

function rewritten(tokens: readonly string[], moves: readonly Move[], hex: Hex): string[] {
  const changed = [...tokens]
  for (const { places, to } of moves)
    for (const at of places) {
      const token = tokens[at] as string
      if (isEscape(token) === (to === 'raw'))
        changed[at] = to === 'raw' ? characterOf(token) : escapeOf(token)
    }
  return hex === 'kept'
    ? changed
    : changed.map((it) =>
        isEscape(it) ? (hex === 'upper' ? it.toUpperCase() : it.toLowerCase()) : it,
      )
}

/** What became of a path on its way, by its characters before and after: `%2B became +`. */
function faultsBetween(before: readonly string[], after: readonly string[]): Fault[] {
  const changes = new Map<MismatchCause, Set<string>>()
  for (const [at, token] of before.entries()) {
    const now = after[at] as string
    if (token === now) continue
    const cause = !isEscape(now)
      ? 'path-decoded'
      : isEscape(token)
        ? 'path-hex-case'
        : 'path-not-encoded'
    changes.set(cause, (changes.get(cause) ?? new Set()).add(`${token} became ${now}`))
  }
  return [...changes].map(([cause, texts]) => ({
    cause,
    detail: [...texts].slice(0, 3).join(', '),
  }))
}

/**
 * How a path may have been spelled before a proxy decoded, encoded or lower-cased some of it: each
 * class of characters by itself and with others, and where there are few, each place by itself.
 */
export function* spellingsOf(path: string): Iterable<Spelling> {
  const tokens = path.match(/%[\da-f]{2}|[\s\S]/gi) ?? []
  const most = Math.min(MOST, Math.ceil(ALTOGETHER / (path.length + 1)))
  const cases: readonly Hex[] = /%([a-f]|\d[a-f])/.test(path)
    ? ['upper', 'kept', 'lower']
    : ['kept', 'lower']
  const moves = movesOf(tokens)
  const places = movesByPlace(moves, tokens)
  const few = places.length > moves.length && places.length <= FEW
  for (const [all, hexes] of [
    [moves, cases],
    [few ? places : [], cases.slice(0, 1)],
  ] as const)
    for (const subset of subsets(all.length, most))
      for (const hex of hexes) {
        const chosen = subset.map((at) => all[at] as Move)
        const before = rewritten(tokens, chosen, hex)
        yield { faults: faultsBetween(before, tokens), path: before.join('') }
      }
}
