import { canonicalPath } from '../../../canonical/path.ts'
import { once } from '../../../lib/remembered.ts'
import type { PathEncoding, PathNormalization } from '../../../model/option-words.ts'
import { pathAsRead } from '../../../verify/canonicalize.ts'
import type { Evidence } from '../../case/evidence.ts'
import type { Fault } from '../../diagnosis.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { FEW, LONG } from '../limits.ts'
import { type Add, addDecoded, addSlashes, type Own, spelledOtherwise } from './path-on-the-way.ts'
import { otherPaths } from './path-prefix.ts'
import { rewritings } from './subsets.ts'
import { decodedAgain, tried } from './texts.ts'

/** The canonical path by a rule for its encoding and one for its dot segments. */
const rule = (
  pathEncoding: PathEncoding,
  pathNormalization: PathNormalization,
  path: string,
): string => canonicalPath(path, { pathEncoding, pathNormalization, dotSegments: 'literal' })

/** The other rule. */
const OTHER = { single: 'double', double: 'single', none: 'rfc3986', rfc3986: 'none' } as const

/** What a signer may have made of the path; of a very long one, only how it is encoded. */
export function pathHypotheses(evidence: Evidence): Hypothesis[] {
  const { wirePath, rules } = evidence
  const { pathEncoding: encoding = 'double', pathNormalization: normalization = 'rfc3986' } = rules
  const hypotheses: Hypothesis[] = []
  const add: Add = (cause, make, detail) => {
    const path = once(make)
    hypotheses.push({ cause, detail, change: (parts) => ({ ...parts, path: path() }) })
  }
  const own: Own = (path) => rule(encoding, normalization, pathAsRead(path, rules, evidence.plus))
  if (encoding === 'single') addPlus(evidence, hypotheses, own)
  addRules(wirePath, encoding, normalization, own, add)
  add('path-not-encoded', () => wirePath || '/')
  add('path-not-encoded', () => tried(decodeURIComponent, wirePath) || '/')
  if (wirePath.length > LONG) return hypotheses
  if (encoding === 'double') hypotheses.push(...spelledOtherwise(wirePath, own))
  addDecoded(wirePath, own, add)
  if (normalization === 'none') addSlashes(wirePath, own, add)
  const slashed = wirePath.endsWith('/') ? wirePath.slice(0, -1) : `${wirePath}/`
  add('path-changed', () => own(slashed), 'a / at the end')
  for (const path of otherPaths(evidence)) {
    add('path-prefix', () => own(path), path)
    add('path-prefix', () => rule(OTHER[encoding], OTHER[normalization], path), path)
  }
  return hypotheses
}

/** Encoded or normalised by the other rule, or by both; or encoded again since. */
function addRules(
  wirePath: string,
  encoding: PathEncoding,
  normalization: PathNormalization,
  own: Own,
  add: Add,
): void {
  const other = OTHER[normalization]
  const read = own(wirePath)
  if (normalization === 'none') add('path-normalized', () => rule(encoding, other, read))
  else add('path-not-normalized', () => rule(encoding, other, wirePath))
  if (encoding === 'double') {
    add('path-single-encoded', () => rule('single', normalization, wirePath))
    add('path-single-encoded', () => rule('single', other, wirePath))
  }
  // Without an escape, to encode once and twice is the same, but for a + that is read otherwise.
  if (encoding === 'single' && wirePath.includes('%'))
    for (const path of [wirePath, read]) {
      add('path-double-encoded', () => rule('double', normalization, path))
      add('path-double-encoded', () => rule('double', other, path))
    }
  add('url-reencoded', () => own(decodedAgain(wirePath)))
}

/** A %2B that became a +, in the path alone or in the query too; or a + that is read as itself, and was a blank. */
function addPlus(
  { wirePath, plus, queryReadOtherwise }: Evidence,
  hypotheses: Hypothesis[],
  own: Own,
): void {
  if (!wirePath.includes('+')) return
  const fault: Fault =
    plus === 'literal'
      ? { cause: 'path-changed', detail: 'the + was a blank' }
      : { cause: 'plus-decoded' }
  const other = plus === 'literal' ? '%20' : '%2B'
  for (const before of rewritings(wirePath, /\+/g, other, FEW)) {
    const path = once(() => own(before))
    hypotheses.push({ ...fault, change: (parts) => ({ ...parts, path: path() }) })
    hypotheses.push({
      ...fault,
      change: (parts) => ({ ...parts, path: path(), query: queryReadOtherwise() }),
    })
  }
}
