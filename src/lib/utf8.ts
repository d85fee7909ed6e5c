import { fromLatin1, latin1 } from './latin1.ts'

// TextEncoder and TextDecoder are missing in Hermes and QuickJS, which the sync road serves too.

// An unpaired surrogate becomes U+FFFD, as in encoders; encodeURIComponent would throw.
const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : '\ufffd',
  )

/** The bytes of a text in UTF-8, with U+FFFD for an unpaired surrogate. */
export const utf8 = (text: string): Uint8Array =>
  fromLatin1(unescape(encodeURIComponent(wellFormed(text))))

/** How many bytes a text has in UTF-8, none of them made. */
export function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0) as number
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}

// Each that is one, or else a byte: what decodeURIComponent fails for is slow.
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|\xed[\x80-\x9f]|[\xe1-\xec\xee\xef][\x80-\xbf])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|\xf4[\x80-\x8f]|[\xf1-\xf3][\x80-\xbf])[\x80-\xbf]{2}|[\x80-\xff]/g

/** The text of bytes in UTF-8, with U+FFFD for what is none; its byte order mark stays. */
export const fromUtf8 = (bytes: Uint8Array): string =>
  latin1(bytes).replace(SEQUENCE, (found) =>
    found.length === 1 ? '\ufffd' : decodeURIComponent(escape(found)),
  )
