/** Encodes every byte outside RFC 3986's unreserved set, upper-case hex; `URIError` on an unpaired surrogate. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/**
 * The one spelling of an ASCII text that is percent-encoded already: idempotent, so `%c3`, `%7E`,
 * `=` and a malformed `%zz` all come out as the server spells them.
 */
export const percentNormalize = (text: string): string =>
  text.replace(/%([\da-f]{2})|[^\w.~-]/gi, (found: string, byte = '') =>
    byte > '7~' ? found.toUpperCase() : percentEncode((byte && decodeURIComponent(found)) || found),
  )
