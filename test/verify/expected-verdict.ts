import type { RefusalReason } from 'countersign'
import type { Message } from '../suite.ts'
import { type Meaning, meaningOf, type Rules, sha256, timeOf } from './canonical-meaning.ts'

export type Verdict = 'accepted' | RefusalReason

/** What a request can be refused for before its signature is looked at, in the order of the answers. */
function faultOf(meaning: Meaning, rules: Rules): RefusalReason | undefined {
  const { placement, day, region, service, date, expires, signedHeaders, headers } = meaning
  if (day !== date.slice(0, 8) || region !== rules.region || service !== rules.service)
    return 'scope-mismatch'

  const age = (Number(rules.now) - Number(timeOf(date))) / 1000
  if (expires === undefined && Math.abs(age) > 15 * 60) return 'clock-skew'
  const seconds = Number(expires)
  if (seconds < 1 || seconds > 7 * 24 * 60 * 60) return 'malformed-authorization'
  if (age < -15 * 60) return 'not-yet-valid'
  if (age > seconds) return 'expired'

  if (signedHeaders.some((name) => !headers.has(name))) return 'signed-header-missing'
  const amazon = [...headers.keys()].filter((name) => name.startsWith('x-amz-'))
  const late = rules.tokenAppended ? [rules.tokenName] : []
  const needed = ['host', ...amazon.filter((name) => !late.includes(name))]
  if (placement === 'header') needed.push('x-amz-date')
  if (needed.some((name) => !signedHeaders.includes(name))) return 'unsigned-headers'

  const { payload } = meaning
  if (payload === undefined) return 'missing-payload-hash'
  if (payload === 'UNSIGNED-PAYLOAD' && !rules.s3) return 'unsigned-payload'
  if (!/^([0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-AWS4-HMAC-SHA256-PAYLOAD)$/.test(payload))
    return 'payload-mismatch'

  if (meaning.accessKeyId !== rules.accessKeyId) return 'unknown-access-key'
  return meaning.token === (rules.sessionToken ?? '') ? undefined : 'invalid-session-token'
}

/** The verdict on a request that came of one whose signature holds. */
export function expectedVerdict(original: Meaning, changed: Message, rules: Rules): Verdict {
  const meaning = meaningOf(changed, rules)
  if (typeof meaning === 'string') return meaning
  const fault = faultOf(meaning, rules)
  if (fault) return fault
  const signed = ({ canonical, date, signature }: Meaning) =>
    [canonical, date, signature].join('\n')
  if (signed(meaning) !== signed(original)) return 'signature-mismatch'
  const hashed = /^[0-9a-f]{64}$/.test(meaning.payload ?? '')
  return hashed && sha256(meaning.body) !== meaning.payload ? 'payload-mismatch' : 'accepted'
}
