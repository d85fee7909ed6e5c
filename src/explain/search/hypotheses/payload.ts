import { fromLatin1, latin1 } from '../../../lib/latin1.ts'
import { percentEncode } from '../../../lib/percent.ts'
import { fromUtf8, utf8 } from '../../../lib/utf8.ts'
import { withHeader } from '../../case/parts.ts'
import type { MismatchCause } from '../../types.ts'
import type { Hypothesis } from '../hypothesis.ts'
import { LARGE, LONG } from '../limits.ts'

type Variant = [MismatchCause, string | Uint8Array]

/** JSON in the spellings of JavaScript and of Python; nothing where the text is no JSON. */
function jsonSpellings(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    const spaced = JSON.stringify(value, null, 1)
    return [
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
      JSON.stringify(value, null, 4),
      // Python's and others' separators.
      spaced.replace(/\n */g, ' ').replace(/([{[]) | ([}\]])/g, '$1$2'),
    ]
  } catch {
    return []
  }
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

/** What the body may have been when it was signed; a large one is not parsed and written again. */
export function* bodyVariants(body: string | Uint8Array): Iterable<Variant> {
  yield ['payload-unsigned', body]
  if (body.length === 0)
    return yield* [['payload-dropped', '{}'] as Variant, ['payload-dropped', 'null'] as Variant]
  yield ['payload-empty', '']
  yield ['payload-empty', '{}']
  if (body.length > LARGE) return
  const text = typeof body === 'string' ? body : fromUtf8(body)
  const spellings = [
    text.trimEnd(),
    `${text}\n`,
    text.replace(/\r\n/g, '\n'),
    text.replace(/\r?\n/g, '\r\n'),
    text.replace(/^\ufeff/, ''),
    JSON.stringify(text),
    ...jsonSpellings(text),
  ]
  for (const spelling of spellings) yield ['payload-reserialized', spelling]
  if (text.length > LONG) return
  const form = formSpelling(text)
  yield ['payload-reserialized', form]
  yield ['payload-reserialized', form.replace(/\+/g, '%20')]
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
