import { createHash, createHmac } from 'node:crypto'

// Tests judge by Node's own functions, which are none of ours.

/** SHA-256 in hex; of nothing, where nothing is given. */
export const sha256 = (data: string | Uint8Array = ''): string =>
  createHash('sha256').update(data).digest('hex')

/** HMAC-SHA256, 32 bytes. */
export const hmac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest()

/** Bytes in lower-case hex. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
