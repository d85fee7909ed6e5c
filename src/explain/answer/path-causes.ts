import { resolveSegments } from '../../canonical/path.ts'
import type { Profile } from '../../canonical/profile.ts'
import { percentDecode } from '../../lib/percent.ts'
import type { MismatchCause } from '../types.ts'

/** How the paths of a service are signed, and how the service itself has it. */
export interface PathRules {
  readonly own: Profile
  readonly service: Profile
}

/** A canonical path as it stands, decoded once, and decoded twice. */
interface Readings {
  readonly text: string
  readonly once: string
  readonly twice: string
}

function readingsOf(text: string, change: (text: string) => string): Readings {
  const once = percentDecode(text)
  return { text: change(text), once: change(once), twice: change(percentDecode(once)) }
}

const asItIs = (path: string): string => path

/** A path without its dot segments and repeated slashes. */
const normalize = (path: string): string => `/${resolveSegments(path).join('/')}`

const isNormal = (path: string): boolean => path === normalize(path)
const slashesOf = (text: string): number => text.split('/').length
const escapesOf = (text: string): number => text.match(/%[\da-f]{2}/gi)?.length ?? 0
const plusAsBlank = (text: string): string => text.replace(/%2B/g, '%20')
const inUpperCase = (text: string): string =>
  text.replace(/%[\da-f]{2}/gi, (escaped) => escaped.toUpperCase())

/** What became of a path on its way that says the same, by what it is on the wire before and after. */
function causeOfSpelling(before: string, after: string): MismatchCause {
  if (inUpperCase(before) === inUpperCase(after)) return 'path-hex-case'
  return escapesOf(after) < escapesOf(before) ? 'path-decoded' : 'path-not-encoded'
}

/** How two paths that say the same came to be encoded unlike; undefined where they do not say the same. */
function causesOfEncoding(
  ours: Readings,
  theirs: Readings,
  rules: PathRules | undefined,
): readonly MismatchCause[] | undefined {
  const { pathEncoding = 'double' } = rules?.own ?? {}
  // What is not signed as the service has it explains the difference before anything on the way does.
  const isOther = !rules || pathEncoding !== (rules.service.pathEncoding ?? 'double')
  if (ours.once === theirs.once) {
    if (ours.text === theirs.text) return []
    return [slashesOf(ours.text) === slashesOf(theirs.text) ? 'path-not-encoded' : 'path-decoded']
  }
  if (ours.once === theirs.twice) {
    if (isOther) return ['path-single-encoded']
    const onTheWire = pathEncoding === 'double' ? theirs.once : theirs.text
    return [onTheWire.includes('%25') ? 'url-reencoded' : 'path-not-encoded']
  }
  if (ours.twice === theirs.once) return [isOther ? 'path-double-encoded' : 'path-decoded']
  if (pathEncoding === 'double' && ours.twice === theirs.twice)
    return [causeOfSpelling(ours.once, theirs.once)]
  return undefined
}

/** What is told of a path by which of its readings agree: decoded once or twice, normalised or not. */
export function causesOfPath(
  ours: string,
  theirs: string,
  rules: PathRules | undefined,
): readonly MismatchCause[] {
  if (ours.includes('%2B') && plusAsBlank(ours) === plusAsBlank(theirs))
    return [theirs.includes('%2B') ? 'path-changed' : 'plus-decoded']
  const [mine, other] = [readingsOf(ours, asItIs), readingsOf(theirs, asItIs)]
  const encoding = causesOfEncoding(mine, other, rules)
  if (encoding) return encoding
  const beside = causesOfEncoding(readingsOf(ours, normalize), readingsOf(theirs, normalize), rules)
  if (beside && isNormal(ours) !== isNormal(theirs))
    return [...beside, isNormal(theirs) ? 'path-not-normalized' : 'path-normalized']
  const ends = mine.twice.endsWith(other.twice) || other.twice.endsWith(mine.twice)
  return [ends && other.twice !== '' ? 'path-prefix' : 'path-changed']
}
