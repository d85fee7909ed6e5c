import type { CryptoBackend } from '../crypto/backend.ts'
import { failWith } from '../model/errors.ts'
import { cutOff } from './byte-buffer.ts'
import type { Chain } from './chain.ts'
import { type Checksums, checksumOf, type Running, startChecksum } from './checksums.ts'
import {
  canonicalTrailer,
  parseSignature,
  parseTrailerLine,
  TRAILER_SIGNATURE,
  type TrailerField,
} from './frame.ts'

/** The next line of at most so many characters. */
type NextLine = (most: number) => Promise<string | undefined>

/** A trailer that is to come after the chunks. */
export interface Trailer {
  /** Adds bytes of the body to its checksums. */
  update(bytes: Uint8Array): void
  /** Reads the trailer and checks all that it says. */
  read(nextLine: NextLine): Promise<readonly TrailerField[]>
}

/** The fields up to the blank line, and the signature that ends them where the chunks are signed. */
async function readFields(
  nextLine: NextLine,
  most: number,
  width: number,
): Promise<{ fields: TrailerField[]; signature: string }> {
  const fields: TrailerField[] = []
  let left = most
  for (let first = true; ; first = false) {
    const line = (await nextLine(left)) ?? cutOff()
    // Some clients end the last chunk with a CRLF of its own.
    if (line === '' && first) continue
    if (line === '' && width)
      failWith('trailer-mismatch', 'the trailer is not signed, as the chunks are.')
    if (line === '') return { fields, signature: '' }
    left = Math.max(1, left - line.length)
    const [name, value] =
      parseTrailerLine(line) ??
      failWith('invalid-chunk', 'a line of the trailer is not NAME:VALUE.')
    if (name === TRAILER_SIGNATURE && width) {
      if ((await nextLine(0)) === undefined) cutOff()
      const signature =
        parseSignature(value, width) ??
        failWith('invalid-chunk', 'the signature of the trailer is longer than one can be.')
      return { fields, signature }
    }
    fields.push([name, value])
  }
}

/**
 * The trailer that `x-amz-trailer` announces: those fields and no other, signed where the chunks
 * are, each checksum that of the bytes.
 */
export function expectTrailer(
  announced: string | undefined,
  chain: Chain | undefined,
  width: number,
  most: number,
  checksums: Checksums,
  crypto: CryptoBackend,
): Trailer {
  const names = new Set((announced ?? '').toLowerCase().split(/[ ,]+/).filter(Boolean))
  if (names.size === 0)
    failWith('trailer-mismatch', 'no signed header x-amz-trailer says what the trailer holds.')
  const running = new Map<string, Running>()
  for (const name of names) {
    const checksum = checksumOf(name)
    if (checksum)
      running.set(
        name,
        startChecksum(checksum, checksums, crypto) ??
          failWith('unknown-checksum', `checksums has none for the announced ${name}.`),
      )
  }

  return {
    update(bytes) {
      for (const checksum of running.values()) checksum.update(bytes)
    },
    async read(nextLine) {
      const { fields, signature } = await readFields(nextLine, most, width)
      const came = fields.map(([name]) => name).sort()
      if (came.join() !== [...names].sort().join())
        failWith('trailer-mismatch', 'the trailer has other fields than x-amz-trailer announces.')
      const text = canonicalTrailer(fields)
      if (chain && !(await chain.holdsTrailer(text, signature)))
        failWith(
          'trailer-mismatch',
          'the signature of the trailer does not hold: it is not the one signed.',
        )
      for (const [name, value] of fields) {
        const checksum = running.get(name)
        if (checksum && (await checksum.value()) !== value)
          failWith('checksum-mismatch', `the bytes of the body are not those of ${name}.`)
      }
      return fields
    },
  }
}
