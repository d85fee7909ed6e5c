import type { HeaderFields } from '../canonical/headers.ts'
import { base64 } from '../lib/base64.ts'
import { fromHex } from '../lib/hex.ts'
import { failWith } from '../model/errors.ts'
import { type ChecksumSources, checksumOf, startChecksum, startStated } from './checksums.ts'
import type { SignedFacts } from './modes.ts'
import { announcedIn } from './trailer.ts'

/** What a request says of its body before it comes, to which the bytes are held. */
export interface Statement {
  update(bytes: Uint8Array): void
  /** Throws where it is not so of the bytes that came. */
  check(): Promise<void>
}

/** The hash that was signed in place of a body. */
function ofHash(line: string, sources: ChecksumSources): Statement {
  const hash = startChecksum('sha256', { ...sources, checksums: {} })
  return {
    update: (bytes) => hash?.update(bytes),
    async check() {
      if ((await hash?.value()) !== base64(fromHex(line)))
        failWith('payload-mismatch', 'the body is not the one that was signed.')
    },
  }
}

/** The fields that hold a checksum, each with its name: in the header, or announced for the trailer. */
const checksumsOf = (fields: Iterable<string>): (readonly [field: string, name: string])[] =>
  Array.from(fields, (field) => [field, checksumOf(field)] as const).filter(
    (pair): pair is readonly [string, string] => pair[1] !== undefined,
  )

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
): readonly Statement[] {
  const own = completesUpload ? [] : checksumsOf(Object.keys(fields))
  if (own.length + checksumsOf(announcedIn(fields)).length > 1)
    failWith(
      'invalid-checksum',
      'expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  if (fields['content-md5'] !== undefined) own.push(['content-md5', 'md5'])
  const stated = own.map(([field, name]): Statement => {
    const { update, check } = startStated(field, name, sources, 'header')
    return { update, check: () => check(fields[field] ?? '') }
  })
  return /^[\da-f]{64}$/.test(payload) ? [ofHash(payload, sources), ...stated] : stated
}
