import type { MismatchCause, ReceivedRequest } from 'countersign'
import { altered, manual, s3 } from '../manual.ts'

/** Two causes that no one can tell apart, of a request that came by each. */
export interface Alike {
  readonly causes: readonly [MismatchCause, MismatchCause]
  /** What a signer of the first makes. */
  readonly first: ReceivedRequest
  /** What a proper signer makes, and what becomes of it by the second. */
  readonly second: readonly [sent: ReceivedRequest, received: ReceivedRequest]
}

const sentAs = (
  sent: ReceivedRequest,
  url: string,
): readonly [sent: ReceivedRequest, received: ReceivedRequest] => [sent, altered(sent, { url })]

/** At most ten. */
export const ALIKE: readonly Alike[] = [
  {
    // Encoded by a proxy once, and so as a signer for S3 would sign it.
    causes: ['path-single-encoded', 'path-not-encoded'],
    first: manual({ path: '/a%21', canonicalPath: '/a%21' }),
    second: sentAs(manual({ path: '/a!', canonicalPath: '/a%21' }), '/a%21'),
  },
  {
    causes: ['path-single-encoded', 'url-reencoded'],
    first: manual({ path: '/a%2520b', canonicalPath: '/a%2520b' }),
    second: sentAs(manual({ path: '/a%20b', canonicalPath: '/a%2520b' }), '/a%2520b'),
  },
  {
    // A %25 decoded by a proxy, and so as a signer of another service would sign it.
    causes: ['path-double-encoded', 'path-decoded'],
    first: s3({ path: '/b/a%20b', canonicalPath: '/b/a%2520b' }),
    second: sentAs(s3({ path: '/b/a%2520b', canonicalPath: '/b/a%2520b' }), '/b/a%20b'),
  },
]
