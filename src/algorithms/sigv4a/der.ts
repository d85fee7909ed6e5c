import { fromHex, hex } from '../../lib/hex.ts'

const unpadded = (digits: string): string => digits.replace(/^(00)+(?=..)/, '')

/** A positive INTEGER: a leading bit of 1 would say that it is negative. */
const integer = (digits: string): string => {
  const short = unpadded(digits)
  const value = /^[89a-f]/.test(short) ? `00${short}` : short
  return `02${hex([value.length / 2])}${value}`
}

/**
 * An ECDSA signature as SigV4a writes it, of r‖s (64 bytes): DER's SEQUENCE of two INTEGERs, in
 * lower-case hex, 16 to 144 digits.
 */
export const formatDer = (signature: Uint8Array): string => {
  const digits = hex(signature)
  const body = integer(digits.slice(0, 64)) + integer(digits.slice(64))
  return `30${hex([body.length / 2])}${body}`
}

/** r‖s of a signature in DER and hex; undefined where it is not the one spelling of its numbers. */
export function parseDer(der: string): Uint8Array | undefined {
  const middle = 8 + 2 * Number.parseInt(der.slice(6, 8), 16)
  const digits = [der.slice(8, middle), der.slice(middle + 4)]
    .map((integer) => unpadded(integer).padStart(64, '0'))
    .join('')
  if (digits.length !== 128) return undefined
  const signature = fromHex(digits)
  return formatDer(signature) === der ? signature : undefined
}
