import { percentDecode, percentEncode, percentNormalize } from '../../../lib/percent.ts'
import { once } from '../../../lib/remembered.ts'
import type { Fault } from '../../diagnosis.ts'
import { type Hypothesis, madeOnce } from '../hypothesis.ts'
import { MOST } from '../limits.ts'
import { spellingsOf } from './spellings.ts'
import { tried } from './texts.ts'

/** What a canonical path may have been. */
export const withPath: ReturnType<typeof madeOnce> = /* @__PURE__ */ madeOnce('path')

/** What a signer that keeps to the rules makes of a path. */
export type Own = (path: string) => string

/** Slashes of which each is tried as an encoded one, with the spellings that are tried with it. */
const A_FEW = 8

/** The first of what may be many. */
function* first<T>(all: Iterable<T>, count: number): Iterable<T> {
  let left = count
  for (const it of all) {
    if (left-- <= 0) return
    yield it
  }
}

/** Decoded, encoded or put in the other case on the way, some of it or all; a slash of it beside. */
export function* spelledOtherwise(wirePath: string, own: Own): Iterable<Hypothesis> {
  const hypothesis = ([fault, also]: readonly Fault[], before: string): Hypothesis[] => {
    const path = once(() => own(before))
    return fault ? [{ ...fault, also, change: (parts) => ({ ...parts, path: path() }) }] : []
  }
  for (const { faults, path } of spellingsOf(wirePath)) yield* hypothesis(faults, path)
  for (const merged of first(withSlashEncoded(wirePath), A_FEW))
    for (const { faults, path } of first(spellingsOf(merged), 2 * A_FEW)) {
      const others = faults.filter(({ cause }) => cause !== SLASH.cause)
      yield* hypothesis([SLASH, ...others], path)
    }
}

const SLASH: Fault = { cause: 'path-decoded', detail: '%2F became /' }

/** A path of which one of the last slashes was encoded. */
function* withSlashEncoded(path: string): Iterable<string> {
  for (const at of lastSlashes(path)) yield `${path.slice(0, at)}%2F${path.slice(at + 1)}`
}

/** Signed as it was, then decoded: what is left is encoded anew, or a slash was a %2F. */
export function* decodedOnTheWay(wirePath: string, own: Own): Iterable<Hypothesis> {
  const segments = wirePath.split('/')
  const decoded = percentDecode(wirePath).split('/')
  yield withPath('path-decoded', () => own(segments.map(percentEncode).join('/')))
  yield withPath('path-decoded', () => decoded.map((part) => tried(percentEncode, part)).join('/'))
  const again = segments.map((part) => percentNormalize(part).replace(/%/g, '%25')).join('/')
  yield withPath('path-decoded', () => own(again))
  for (const path of [wirePath, decoded.map((part) => tried(percentEncode, part)).join('/')])
    for (const before of withSlashEncoded(path)) yield withPath('path-decoded', () => own(before))
}

/** Signed with a slash more or less than a proxy made of it. */
export function* slashedOnTheWay(wirePath: string, own: Own): Iterable<Hypothesis> {
  for (const at of [...lastSlashes(wirePath), 0])
    for (const [before, detail] of [
      [`${wirePath.slice(0, at)}/${wirePath.slice(at)}`, 'a // became a / on the way'],
      [wirePath.slice(0, at) + wirePath.slice(at).replace('//', '/'), 'a / became a // on the way'],
    ] as const)
      yield withPath('path-changed', () => own(before), detail)
}

/** Where the last slashes of a path stand, but for its first character. */
function* lastSlashes(path: string): Iterable<number> {
  let at = path.length
  for (let count = 0; count < MOST; count++) {
    at = path.lastIndexOf('/', at - 1)
    if (at <= 0) return
    yield at
  }
}
