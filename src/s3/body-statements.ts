import type { HeaderFields } from '../canonical/headers.ts'
import { base64 } from '../lib/base64.ts'
import { fromHex } from '../lib/hex.ts'
import { failWith } from '../model/errors.ts'
import { type ChecksumSources, checksumOf, startChecksum, startStated } from './checksums.ts'
import type { SignedFacts } from './modes.ts'
import { announcedIn } from './trailer.ts'

/** What a request says of its body before it comes, to which the bytes are held. */
export interface BodyStatement {
  update(bytes: Uint8Array): void
  /** Throws where it is not so of the bytes that came. */
  check(): Promise<void>
}

/** The hash that was signed in place of a body. */
function ofHash(line: string, sources: ChecksumSources): BodyStatement {
  const hash = startChecksum('sha256', { ...sources, checksums: {} })
  return {
    update: (bytes) => hash?.update(bytes),
    async check() {
      if ((await hash?.value()) !== base64(fromHex(line)))
        failWith('payload-mismatch', 'the body is not the one that was signed.')
    },
  }
}

/** Whether a field holds one of S3's checksums, of which a request has no more than one. */
const isOne = (field: string): boolean => field !== 'content-md5' && checksumOf(field) !== undefined

/**
 * What the header says of the body: the hash that was signed, a checksum, an MD5. Of checksums a
 * request has one, be it here or in the trailer; where an upload of parts is completed, it is that of
 * the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function statementsOf(
  { payload, completesUpload }: SignedFacts,
  fields: HeaderFields,
  sources: ChecksumSources,
): readonly BodyStatement[] {
  const own = Object.keys(fields).filter((field) => !(completesUpload && isOne(field)))
  if ([...own, ...announcedIn(fields)].filter(isOne).length > 1)
    failWith(
      'invalid-checksum',
      'expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const stated = own.flatMap((field): BodyStatement[] => {
    const name = checksumOf(field)
    if (name === undefined) return []
    const { update, check } = startStated(field, name, sources, 'header')
    return [{ update, check: () => check(fields[field] ?? '') }]
  })
  return /^[\da-f]{64}$/.test(payload) ? [ofHash(payload, sources), ...stated] : stated
}
