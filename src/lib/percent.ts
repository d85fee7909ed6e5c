import { hexByte } from './hex.ts'

/** Encodes every character outside RFC 3986's unreserved set as the one byte of its code. */
export const percentEncodeBytes = (text: string): string =>
  text.replace(/[^\w.~-]/g, (found) => `%${hexByte(found.charCodeAt(0)).toUpperCase()}`)

/** Encodes every byte outside RFC 3986's unreserved set, upper-case hex; `URIError` on an unpaired surrogate. */
export const percentEncode = (text: string): string => percentNormalize(encodeURIComponent(text))

/**
 * The one spelling of an ASCII text that is percent-encoded already: idempotent, so `%c3`, `%7E`,
 * `=` and a malformed `%zz` all come out as the server spells them.
 */
export const percentNormalize = (text: string): string =>
  // unescape also reads %u1234, which no server does.
  percentEncodeBytes(unescape(text.replace(/%u/g, '%25u')))

/** The text that percent-encoding writes; one with a malformed escape stays as it is. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
