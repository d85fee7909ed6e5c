// Without TextEncoder and TextDecoder, which Hermes and QuickJS lack.

// Encoders write U+FFFD for an unpaired surrogate, where encodeURIComponent throws.
const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : '\ufffd',
  )

/** The UTF-8 of a text: one character for each byte. */
export const utf8 = (text: string): string => unescape(encodeURIComponent(wellFormed(text)))

const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g

/** The text of bytes in UTF-8, with U+FFFD for what is none; its byte order mark stays. */
export const fromUtf8 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte))
    .join('')
    .replace(SEQUENCE, (found) => {
      try {
        return decodeURIComponent(escape(found))
      } catch {
        return '\ufffd'
      }
    })
