const DIGITS = '0123456789abcdef'

/** Lower-case hex of bytes. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += `${DIGITS[byte >> 4]}${DIGITS[byte & 15]}`
  return text
}

/** Compares two texts in a time that tells nothing but their lengths. */
export function equalConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
}
