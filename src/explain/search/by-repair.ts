import { fieldsOf } from '../../lib/fields.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { ReceivedRequest } from '../../model/verify-types.ts'
import { verifyRequest } from '../../verify/verify.ts'
import type { Case } from '../case/case.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { MismatchCause } from '../types.ts'
import { decodedAgain } from './hypotheses/texts.ts'

/** What undoes a damage to the request as a text, which a server's answer takes for another fault. */
export function* byRepair(it: Case): Steps<Diagnosis | undefined> {
  if (it.verdict.ok) return undefined
  for (const { cause, request } of repairsOf(it.received)) {
    if (it.bounds.isOver()) return undefined
    const again = yield* wait(verifyRequest(request, it.options, it.crypto))
    if (again.ok) return { faults: [{ cause }], certain: true, ours: again.trace }
  }
  return undefined
}

/** A request as it may have been before it was damaged as a text. */
interface Repair {
  readonly cause: MismatchCause
  readonly request: ReceivedRequest
}

const lowerSignature = (text: string): string =>
  text.replace(
    /(Signature=)([\dA-Fa-f]+)/,
    (_, name: string, value: string) => name + value.toLowerCase(),
  )

/** A form decoder made blanks of the token's + signs. */
const withPlusInToken = (url: string): string =>
  url.replace(
    /(Token=)([^&]*)/i,
    (_, name: string, value: string) => name + value.replace(/\+|%20/g, '%2B'),
  )

/** A header field, with its signature in lower case where it holds one. */
const lowered = ([name, value]: readonly [string, string]): readonly [string, string] => [
  name,
  /^authorization$/i.test(name) ? lowerSignature(value) : value,
]

/** What undoes a damage to the URL, made when it is asked for. */
const URLS: readonly (readonly [MismatchCause, (url: string) => string])[] = [
  ['query-html-escaped', (url) => url.replace(/&amp;|&#38;|&#x26;/gi, '&')],
  ['query-html-escaped', (url) => url.replace(/%26amp%3B|&amp%3B/gi, '&')],
  ['url-reencoded', decodedAgain],
  ['url-reencoded', (url) => url.replace(/\?.*/s, decodedAgain)],
  [
    'url-reencoded',
    (url) => url.replace(/\?.*/s, (query) => query.replace(/%3D/gi, '=').replace(/%26/g, '&')),
  ],
  ['token-altered', withPlusInToken],
  ['signature-case', lowerSignature],
  ['signature-altered', (url) => url.replace(/(X-Amz-Signature=[\da-f]{64})[^&]+/i, '$1')],
]

/** What undoes a damage to the URL or the Authorization header; each is verified as a whole. */
function* repairsOf(request: ReceivedRequest): Iterable<Repair> {
  for (const [cause, repaired] of URLS) {
    const url = repaired(request.url)
    if (url !== request.url) yield { cause, request: { ...request, url } }
  }
  const fields = [...fieldsOf(request.headers)]
  const headers = fields.map(lowered)
  if (headers.some(([, value], at) => value !== fields[at]?.[1]))
    yield { cause: 'signature-case', request: { ...request, headers } }
}
