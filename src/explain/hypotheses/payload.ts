import type { Hypothesis } from '../hypotheses.ts'
import { type Evidence, withHeader } from '../parts.ts'
import type { MismatchCause } from '../types.ts'

/** What the body may have been when it was signed. */
export function bodyVariants({
  body,
}: Pick<Evidence, 'body'>): [MismatchCause, string | Uint8Array][] {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const variants: [MismatchCause, string | Uint8Array][] = [['payload-unsigned', body]]
  if (text === '') return [...variants, ['payload-dropped', '{}'], ['payload-dropped', 'null']]
  variants.push(
    ['payload-empty', ''],
    ['payload-reserialized', text.trimEnd()],
    ['payload-reserialized', `${text}\n`],
    ['payload-reserialized', text.replace(/\r\n/g, '\n')],
    ['payload-reserialized', text.replace(/\r?\n/g, '\r\n')],
    ['payload-reserialized', JSON.stringify(text)],
    ['payload-reserialized', text.replace(/^\ufeff/, '')],
    ['payload-empty', '{}'],
  )
  // Forms and JSON come out of a parser in another spelling.
  const form = new URLSearchParams(text)
  variants.push(['payload-reserialized', form.toString()])
  variants.push(['payload-reserialized', form.toString().replace(/\+/g, '%20')])
  try {
    const value: unknown = JSON.parse(text)
    variants.push(
      ['payload-reserialized', JSON.stringify(value)],
      ['payload-reserialized', JSON.stringify(value, null, 2)],
      ['payload-reserialized', JSON.stringify(value, null, 4)],
      // Python's and others' separators.
      [
        'payload-reserialized',
        JSON.stringify(value, null, 1)
          .replace(/\n */g, ' ')
          .replace(/([{[]) | ([}\]])/g, '$1$2'),
      ],
    )
  } catch {
    // not JSON
  }
  return variants
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
