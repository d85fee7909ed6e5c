import { percentEncode, percentNormalize } from '../../lib/percent.ts'
import { canonicalQuery } from '../../road/query.ts'
import type { Hypothesis } from '../hypotheses.ts'
import type { Evidence } from '../parts.ts'
import type { MismatchCause } from '../types.ts'

const normalized = (part: string): string =>
  part.split('=', 2).length === 1
    ? `${percentNormalize(part)}=`
    : part.replace(
        /^([^=]*)=(.*)$/s,
        (_, name: string, value: string) => `${percentNormalize(name)}=${percentNormalize(value)}`,
      )

/** What a signer may have made of the query. */
export function queryHypotheses({ wireQuery, tokenName }: Evidence): Hypothesis[] {
  if (wireQuery === '') return []
  const found: Hypothesis[] = []
  const add = (cause: MismatchCause, query: string, detail?: string) => {
    found.push({ cause, ...(detail && { detail }), change: (parts) => ({ ...parts, query }) })
  }
  const parts = wireQuery.split('&').filter(Boolean)
  const sorted = [...parts].sort()

  const canonical = canonicalQuery(wireQuery)
  add('query-missing-equals', canonical.replace(/=(?=&|$)/g, ''))
  add('query-order', parts.map(normalized).join('&'))
  add('query-order', wireQuery)
  add('query-order', [...parts].reverse().map(normalized).join('&'))
  // Sorted before encoding: [ and % change places with letters.
  const decoded = [...parts].sort((a, b) => (decodeSafely(a) < decodeSafely(b) ? -1 : 1))
  add('query-order', decoded.map(normalized).join('&'))
  add(
    'query-order',
    [...parts]
      .sort((a, b) => a.localeCompare(b))
      .map(normalized)
      .join('&'),
  )
  add(
    'query-order',
    [...parts]
      .sort((a, b) => ((a.split('=')[0] as string) < (b.split('=')[0] as string) ? -1 : 1))
      .map(normalized)
      .join('&'),
  )
  add('query-missing-equals', parts.join('&').replace(/=(?=&|$)/g, ''))
  add('query-plus', canonical.replace(/%20/g, '+'))
  add('query-plus', canonical.replace(/%20/g, '%2B'))
  add('query-plus', canonical.replace(/%2B/g, '%20'))
  add('query-plus', canonical.replace(/%2B/g, '+'))
  add('query-encoding', sorted.join('&'))
  add('query-encoding', sorted.map(decodeSafely).join('&'))
  add(
    'query-encoding',
    sorted.map((part) => part.split('=').map(percentEncode).join('=')).join('&'),
  )
  add(
    'query-encoding',
    canonical.replace(/%[\dA-F]{2}/g, (found) => found.toLowerCase()),
  )
  add('query-encoding', canonical.replace(/%2F/g, '/'))
  add('query-encoding', canonical.replace(/%(2[178A9]|27)/g, decodeURIComponent))
  const token = new RegExp(`^${tokenName}=`, 'i')
  add('token-appended', canonicalQuery(parts.filter((part) => !token.test(part)).join('&')))
  add('query-parameters-added', '')
  const added = parts.filter((part) => !/^x-amz-/i.test(part))
  for (const part of added)
    add(
      'query-parameters-added',
      canonicalQuery(parts.filter((other) => other !== part).join('&')),
      part.split('=')[0],
    )
  for (let from = 0; from < added.length; from++)
    add(
      'query-parameters-added',
      canonicalQuery(parts.filter((part) => added.indexOf(part) < from).join('&')),
    )
  return found
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
