import { fromBase64 } from '../../lib/base64.ts'
import { toBytes } from '../../lib/bytes.ts'
import { latin1 } from '../../lib/latin1.ts'

/** A block of PEM; what is DER already has an empty label. */
export interface Block {
  /** `CERTIFICATE`, `EC PRIVATE KEY`. */
  readonly label: string
  /** What stands between its lines, such as the cipher of a key that OpenSSL has encrypted in its old form. */
  readonly body: string
  /** Undefined where that is not base64. */
  readonly der: Uint8Array | undefined
}

/**
 * The blocks of a PEM text, or the one of DER bytes, which begin as a SEQUENCE does; in linear time.
 * @see https://www.rfc-editor.org/rfc/rfc7468
 */
export function readPem(input: string | Uint8Array): Block[] {
  const bytes = typeof input === 'string' ? undefined : toBytes(input)
  if (bytes?.[0] === 0x30) return [{ label: '', body: '', der: bytes }]
  const parts = (bytes ? latin1(bytes) : `${input}`).split('-----')
  return parts.flatMap((begin, at) => {
    const label = begin.slice('BEGIN '.length)
    if (!begin.startsWith('BEGIN ') || parts[at + 2] !== `END ${label}`) return []
    const body = parts[at + 1] as string
    return { label, body, der: fromBase64(body.replace(/\s/g, '')) }
  })
}
