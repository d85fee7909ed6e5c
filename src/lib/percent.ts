/** Encodes every character outside RFC 3986's unreserved set, but a slash, as the one byte of its code. */
export const percentEncodePath = (text: string): string =>
  // What escape makes, quickly, is RFC 3986's but for these.
  escape(text).replace(/\*/g, '%2A').replace(/\+/g, '%2B').replace(/@/g, '%40').replace(/%7E/g, '~')

/** Encodes a slash too. */
export const percentEncodeBytes = (text: string): string =>
  percentEncodePath(text).replace(/\//g, '%2F')

/** Encodes every byte outside RFC 3986's unreserved set, upper-case hex; `URIError` on an unpaired surrogate. */
export const percentEncode = (text: string): string =>
  // What encodeURI leaves as it is, is encoded with the rest.
  percentNormalize(encodeURI(text))

/**
 * The one spelling of an ASCII text that is percent-encoded already: idempotent, so `%c3`, `%7E`,
 * `=` and a malformed `%zz` all come out as the server spells them.
 */
export const percentNormalize = (text: string): string =>
  // unescape also reads %u1234, which no server does.
  percentEncodeBytes(unescape(text.replace(/%u/g, '%25u')))

/** The ASCII text that percent-encoding writes; another stays as it is, and none fails, which is slow. */
export const percentRead = (text: string): string =>
  /%(?![0-7][\da-f])/i.test(text) ? text : unescape(text)

/** The text that percent-encoding writes; one with a malformed escape stays as it is. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
