import type { Evidence } from '../../case/evidence.ts'
import { type Parts, withHeaders, withoutHeader } from '../../case/parts.ts'
import type { Hypothesis } from '../hypothesis.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : Number(a > b)

/** What a signer may have made of the method, the session token and the order of the headers. */
export function otherHypotheses(
  base: Omit<Parts, 'key'>,
  { token, tokenName, headers }: Evidence,
): Hypothesis[] {
  const hypotheses: Hypothesis[] = [...METHODS, base.method.toLowerCase()].map((method) => ({
    cause: 'method-changed',
    detail: method,
    change: (parts) => ({ ...parts, method }),
  }))
  hypotheses.push({ cause: 'token-appended', change: (parts) => withoutHeader(parts, tokenName) })
  if (token !== undefined && !base.headers.some(([name]) => name === tokenName))
    hypotheses.push({
      cause: 'token-unsigned',
      change: (parts) =>
        withHeaders(parts, [...parts.headers, [tokenName, token] as const].sort(byName)),
    })
  // As they were sent, or sorted in the block alone, or in the list too.
  const places = new Map([...headers.keys()].map((name, at) => [name, at]))
  const asSent = (fields: Parts['headers']) =>
    [...fields].sort(([a], [b]) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  hypotheses.push(
    {
      cause: 'header-order',
      change: (parts) => withHeaders(parts, [...parts.headers].sort(byName)),
    },
    {
      cause: 'header-order',
      change: (parts) => ({ ...parts, headers: [...parts.headers].sort(byName) }),
    },
    { cause: 'header-order', change: (parts) => ({ ...parts, headers: asSent(parts.headers) }) },
  )
  return hypotheses
}
