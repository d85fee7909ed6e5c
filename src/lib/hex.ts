/** Two lower-case hex digits of a byte. */
export const hexByte = (byte: number): string => (byte + 256).toString(16).slice(1)

/** Lower-case hex of bytes, two digits each. */
export const hex = (bytes: ArrayBuffer | Uint8Array): string =>
  new Uint8Array(bytes).reduce((text, byte) => text + hexByte(byte), '')

/** The bytes that hex digits write, two digits a byte. */
export const fromHex = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
