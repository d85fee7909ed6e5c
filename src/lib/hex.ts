/** Lower-case hex of bytes, two digits each. */
export const hex = (bytes: ArrayBuffer | ArrayLike<number>): string =>
  new Uint8Array(bytes).reduce((text, byte) => text + (byte + 256).toString(16).slice(1), '')

/** The bytes that hex digits write, two digits a byte. */
export const fromHex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
