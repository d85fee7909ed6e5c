import { fromHex, hex } from '../../lib/hex.ts'
import { formatElement } from '../der.ts'

/** Digits of the longest signature. */
const MOST = 144

const unpadded = (digits: string): string => digits.replace(/^(00)+(?=..)/, '')

/** A positive INTEGER: a leading bit of 1 would say that it is negative. */
const integer = (digits: string): string => {
  const short = unpadded(digits)
  const value = /^[89a-f]/.test(short) ? `00${short}` : short
  return formatElement('02', value)
}

/**
 * An ECDSA signature as AWS writes it, of r‖s: DER's SEQUENCE of two INTEGERs, in lower-case hex; of
 * P-256, with 64 bytes, 16 to 144 digits.
 */
export const formatDer = (signature: Uint8Array): string => {
  const digits = hex(signature)
  const half = digits.length / 2
  return formatElement('30', integer(digits.slice(0, half)) + integer(digits.slice(half)))
}

/** r‖s of a signature of P-256 in DER and hex; undefined where it is not the one spelling of its numbers. */
export function parseDer(der: string): Uint8Array | undefined {
  if (der.length > MOST) return undefined
  const middle = 8 + 2 * Number.parseInt(der.slice(6, 8), 16)
  const digits = [der.slice(8, middle), der.slice(middle + 4)]
    .map((integer) => unpadded(integer).padStart(64, '0'))
    .join('')
  if (digits.length !== 128) return undefined
  const signature = fromHex(digits)
  return formatDer(signature) === der ? signature : undefined
}
