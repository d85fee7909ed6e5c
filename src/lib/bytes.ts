const HEX = '0123456789abcdef'

/** Lower-case hex of bytes. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15)
  return text
}

/** Compares two strings in a time that depends on their lengths alone. */
export function equalConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length || 0)
  return difference === 0
}
