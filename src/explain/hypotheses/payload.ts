import { LARGE, LONG } from '../limits.ts'
import type { Hypothesis } from '../parts.ts'
import { withHeader } from '../parts.ts'
import type { MismatchCause } from '../types.ts'

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

/** What the body may have been when it was signed; a large one is not parsed and written again. */
export function* bodyVariants(body: string | Uint8Array): Iterable<Variant> {
  yield ['payload-unsigned', body]
  if (body.length === 0)
    return yield* [['payload-dropped', '{}'] as Variant, ['payload-dropped', 'null'] as Variant]
  yield ['payload-empty', '']
  yield ['payload-empty', '{}']
  if (body.length > LARGE) return
  const text =
    typeof body === 'string' ? body : new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
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
  const form = new URLSearchParams(text).toString()
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
