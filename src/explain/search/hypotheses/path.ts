import { canonicalPath } from '../../../canonical/path.ts'
import { percentDecode } from '../../../lib/percent.ts'
import { once } from '../../../lib/remembered.ts'
import type { EncodedSlash, PathEncoding, PathNormalization } from '../../../model/option-words.ts'
import { pathAsRead } from '../../../verify/canonicalize.ts'
import type { Evidence } from '../../case/evidence.ts'
import type { Fault } from '../../diagnosis.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { FEW, LONG } from '../limits.ts'
import {
  decodedOnTheWay,
  type Own,
  slashedOnTheWay,
  spelledOtherwise,
  withPath,
} from './path-on-the-way.ts'
import { otherPaths } from './path-prefix.ts'
import { rewritings } from './subsets.ts'
import { decodedAgain } from './texts.ts'

/** The canonical path by a rule for its encoding and one for its dot segments. */
const rule = (
  pathEncoding: PathEncoding,
  pathNormalization: PathNormalization,
  path: string,
): string => canonicalPath(path, { pathEncoding, pathNormalization, dotSegments: 'literal' })

/** The other rule. */
const OTHER = {
  single: 'double',
  double: 'single',
  none: 'rfc3986',
  rfc3986: 'none',
  slash: 'literal',
  literal: 'slash',
} as const

/** What a sender has made of %2F, where it is read otherwise. */
const SIGNED = {
  slash: "%2F was signed as it stands, which encodedSlash 'literal' reads",
  literal: "%2F was signed as a slash, which encodedSlash 'slash' reads",
} as const

/** What a signer may have made of the path; of a very long one, only how it is encoded. */
export function* pathHypotheses(evidence: Evidence): Iterable<Hypothesis> {
  const { wirePath, rules } = evidence
  const { pathEncoding: encoding = 'double', pathNormalization: normalization = 'rfc3986' } = rules
  const ownWith =
    (encodedSlash: EncodedSlash): Own =>
    (path) =>
      rule(encoding, normalization, pathAsRead(path, { ...rules, encodedSlash }, evidence.plus))
  const { encodedSlash = 'slash' } = rules
  const own = ownWith(encodedSlash)
  if (encoding === 'single') yield* withOtherPlus(evidence, own)
  yield* byOtherRules(wirePath, encoding, normalization, own)
  yield withPath('path-not-encoded', () => wirePath || '/')
  yield withPath('path-not-encoded', () => percentDecode(wirePath) || '/')
  if (wirePath.length > LONG) return
  if (encoding === 'double') yield* spelledOtherwise(wirePath, own)
  // What is decoded on the way was there to be decoded: a sender has signed it as it stood.
  yield* decodedOnTheWay(wirePath, ownWith('literal'))
  if (/%2f/i.test(wirePath))
    yield withPath(
      'path-changed',
      () => ownWith(OTHER[encodedSlash])(wirePath),
      SIGNED[encodedSlash],
    )
  if (normalization === 'none') yield* slashedOnTheWay(wirePath, own)
  const slashed = wirePath.endsWith('/') ? wirePath.slice(0, -1) : `${wirePath}/`
  yield withPath('path-changed', () => own(slashed), 'a / at the end')
  for (const path of otherPaths(evidence)) {
    yield withPath('path-prefix', () => own(path), path)
    yield withPath('path-prefix', () => rule(OTHER[encoding], OTHER[normalization], path), path)
  }
}

/** Encoded or normalised by the other rule, or by both; or encoded again since. */
function* byOtherRules(
  wirePath: string,
  encoding: PathEncoding,
  normalization: PathNormalization,
  own: Own,
): Iterable<Hypothesis> {
  const other = OTHER[normalization]
  const read = own(wirePath)
  if (normalization === 'none') yield withPath('path-normalized', () => rule(encoding, other, read))
  else yield withPath('path-not-normalized', () => rule(encoding, other, wirePath))
  if (encoding === 'double') {
    yield withPath('path-single-encoded', () => rule('single', normalization, wirePath))
    yield withPath('path-single-encoded', () => rule('single', other, wirePath))
  }
  // Without an escape, to encode once and twice is the same, but for a + that is read otherwise.
  if (encoding === 'single' && wirePath.includes('%'))
    for (const path of [wirePath, read]) {
      yield withPath('path-double-encoded', () => rule('double', normalization, path))
      yield withPath('path-double-encoded', () => rule('double', other, path))
    }
  yield withPath('url-reencoded', () => own(decodedAgain(wirePath)))
}

/** A %2B that became a +, in the path alone or in the query too; or a + that is read as itself, and was a blank. */
function* withOtherPlus(
  { wirePath, plus, queryReadOtherwise }: Evidence,
  own: Own,
): Iterable<Hypothesis> {
  if (!wirePath.includes('+')) return
  const fault: Fault =
    plus === 'literal'
      ? { cause: 'path-changed', detail: 'the + was a blank' }
      : { cause: 'plus-decoded' }
  const other = plus === 'literal' ? '%20' : '%2B'
  for (const before of rewritings(wirePath, /\+/g, other, FEW)) {
    const path = once(() => own(before))
    yield { ...fault, change: (parts) => ({ ...parts, path: path() }) }
    yield { ...fault, change: (parts) => ({ ...parts, path: path(), query: queryReadOtherwise() }) }
  }
}
