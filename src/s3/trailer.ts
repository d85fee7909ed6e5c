import type { HeaderFields } from '../canonical/headers.ts'
import { failWith } from '../model/errors.ts'
import { cutOff } from './byte-buffer.ts'
import type { Chain } from './chain.ts'
import { type ChecksumSources, checksumOf, type StatedChecksum, startStated } from './checksums.ts'
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
    let line = (await nextLine(left)) ?? cutOff()
    // Some clients end the last chunk with a CRLF of its own; or it ends the body, and nothing trails.
    if (line === '' && first) {
      const next = await nextLine(left)
      if (next === undefined) return { fields, signature: '' }
      line = next
    }
    if (line === '' && width)
      failWith('invalid-chunk', 'the trailer does not end in its signature, as the chunks do.')
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

/** The names of the fields that `x-amz-trailer` announces, in lower case. */
export const announcedIn = ({
  'x-amz-trailer': announced = '',
}: HeaderFields): ReadonlySet<string> =>
  new Set(announced.toLowerCase().split(/[ ,]+/).filter(Boolean))

/**
 * The trailer that `x-amz-trailer` announces: those fields and no other, signed where the chunks
 * are, each checksum that of the bytes. Where the chunks are not signed, there may be none.
 */
export function expectTrailer(
  names: ReadonlySet<string>,
  chain: Chain | undefined,
  width: number,
  most: number,
  sources: ChecksumSources,
): Trailer {
  if (names.size === 0 && chain)
    failWith('trailer-mismatch', 'no signed header x-amz-trailer says what the trailer holds.')
  const stated = new Map<string, StatedChecksum>()
  for (const field of names) {
    const name = checksumOf(field)
    if (name) stated.set(field, startStated(field, name, sources, 'trailing header'))
  }

  return {
    update(bytes) {
      for (const checksum of stated.values()) checksum.update(bytes)
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
      for (const [name, value] of fields) await stated.get(name)?.check(value)
      return fields
    },
  }
}
