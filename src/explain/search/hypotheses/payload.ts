import type { CryptoBackend } from '../../../crypto/backend.ts'
import { fromLatin1, latin1 } from '../../../lib/latin1.ts'
import { percentEncode } from '../../../lib/percent.ts'
import { type Steps, wait } from '../../../lib/steps.ts'
import { fromUtf8, utf8 } from '../../../lib/utf8.ts'
import type { Bounds } from '../../case/case.ts'
import { withHeader } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { LARGE, LONG } from '../limits.ts'
import { jsonSpellings } from './json.ts'

type Variant = [MismatchCause, string | Uint8Array]

/** A text as it may have been before a parser, an editor or a system of another line's end had it. */
function* spellingsOf(text: string): Iterable<string> {
  yield text.trimEnd()
  yield `${text}\n`
  yield text.replace(/\r\n/g, '\n')
  yield text.replace(/\r?\n/g, '\r\n')
  yield text.replace(/^\ufeff/, '')
  yield JSON.stringify(text)
  yield* jsonSpellings(text)
  if (text.length > LONG) return
  const form = formSpelling(text)
  yield form
  yield form.replace(/\+/g, '%20')
}

function formPart(text: string): string {
  // unescape also reads %u1234, which no form has.
  const binary = unescape(latin1(utf8(text.replace(/\+/g, ' '))).replace(/%u/g, '%25u'))
  const decoded = fromUtf8(fromLatin1(binary))
  return percentEncode(decoded).replace(/%20/g, '+').replace(/~/g, '%7E').replace(/%2A/g, '*')
}

/** A form as `URLSearchParams` writes it, which Hermes and QuickJS lack. */
export const formSpelling = (text: string): string =>
  text
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return `${formPart(name)}=${formPart(value.join('='))}`
    })
    .join('&')

/**
 * What the body may have been when it was signed, each made when it is asked for; a large one is not
 * parsed and written again.
 */
export function* bodyVariants(body: string | Uint8Array): Iterable<Variant> {
  yield ['payload-unsigned', body]
  if (body.length === 0) {
    yield ['payload-dropped', '{}']
    return yield ['payload-dropped', 'null']
  }
  yield ['payload-empty', '']
  yield ['payload-empty', '{}']
  if (body.length > LARGE) return
  const text = typeof body === 'string' ? body : fromUtf8(body)
  for (const spelling of spellingsOf(text)) yield ['payload-reserialized', spelling]
}

/** The hashes of what the body may have been, as far as there is time for. */
export function* hashesOf(
  body: string | Uint8Array,
  { isOver }: Bounds,
  crypto: CryptoBackend,
): Steps<[MismatchCause, string][]> {
  const hashes: [MismatchCause, string][] = []
  for (const [cause, variant] of bodyVariants(body)) {
    if (isOver()) break
    hashes.push([cause, yield* wait(crypto.sha256(variant))])
  }
  return hashes
}

/** Which payload line a signer may have signed, with the header that speaks of it or without. */
export const payloadHypotheses = (hashes: readonly [MismatchCause, string][]): Hypothesis[] =>
  [...hashes, ['payload-unsigned', 'UNSIGNED-PAYLOAD'] as [MismatchCause, string]].flatMap(
    ([cause, payloadHash]): Hypothesis[] => [
      { cause, change: (parts) => ({ ...parts, payloadHash }) },
      {
        cause,
        change: (parts) => ({
          ...withHeader(parts, 'x-amz-content-sha256', payloadHash),
          payloadHash,
        }),
      },
    ],
  )
