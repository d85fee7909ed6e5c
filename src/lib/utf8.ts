import { fromLatin1 } from './latin1.ts'

// TextEncoder and TextDecoder are missing in Hermes and QuickJS, which the sync road serves too.

// An unpaired surrogate becomes U+FFFD, as in encoders; encodeURIComponent would throw.
export const wellFormed = (text: string): string =>
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

/** The least code point that takes so many bytes behind the first: a lesser one is an overlong form. */
const LEAST = [0, 0x80, 0x800, 0x10000] as const

/** How many units of a text are made at once: a call takes no more arguments than that. */
const AT_ONCE = 8192

/** The text of UTF-16's units. */
function fromUnits(units: Uint16Array): string {
  let text = ''
  for (let at = 0; at < units.length; at += AT_ONCE)
    text += String.fromCharCode(...units.subarray(at, at + AT_ONCE))
  return text
}

/** Whether a number is a character's: within Unicode, and no surrogate. */
const isScalar = (code: number): boolean => code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)

/** How many bytes follow a first byte; 0 where it is none. */
const following = (first: number): number => {
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
}

/**
 * The text of bytes in UTF-8, with U+FFFD for what is none; its byte order mark stays. Nothing is
 * thrown for a byte, so that those which are no text cost as little as others.
 */
export function fromUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] as number
    const more = following(first)
    let code = first & (0xff >> (more + 1))
    let read = 0
    while (read < more && ((bytes[at + read] ?? 0) & 0xc0) === 0x80)
      code = code * 64 + ((bytes[at + read++] as number) & 0x3f)
    const isWhole = more > 0 && read === more
    if (isWhole) at += more
    if (first < 0x80) units[length++] = first
    else if (!isWhole || code < (LEAST[more] as number) || !isScalar(code)) units[length++] = 0xfffd
    else if (code < 0x10000) units[length++] = code
    else {
      units[length++] = 0xd7c0 + (code >> 10)
      units[length++] = 0xdc00 + (code & 0x3ff)
    }
  }
  return fromUnits(units.subarray(0, length))
}
