/** Encodes every byte outside RFC 3986's unreserved set, upper-case hex; throws `URIError` on an unpaired surrogate. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/**
 * The one spelling of a text that is already percent-encoded: idempotent, so `%c3`, `%7E`, `=` and
 * a malformed `%zz` all come out as the server spells them.
 */
export const percentNormalize = (text: string): string =>
  /^[\w.~-]*$/.test(text)
    ? text
    : text.replace(/%[\da-f]{2}|%|[^\w.~%-]+/gi, (found) => {
        const escaped = found.length === 3 && found.startsWith('%')
        if (!escaped) return percentEncode(found)
        const character = String.fromCharCode(Number.parseInt(found.slice(1), 16))
        return /[\w.~-]/.test(character) ? character : found.toUpperCase()
      })
