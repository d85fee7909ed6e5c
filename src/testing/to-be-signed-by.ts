import { receivedFrom } from '../adapters/fetch-request.ts'
import { readBytes } from '../lib/bytes.ts'
import type { FetchRequest, SignedRequest } from '../model/types.ts'
import type { ReceivedRequest, VerifyingCredentials, VerifyOptions } from '../model/verify-types.ts'
import { explain, verify } from '../verbs/async.ts'
import { urlOnWire } from '../verify/authority.ts'
import { readRequest } from '../verify/read.ts'

/**
 * What can be asked: a received request, what `sign` or `presign` returned, or a fetch `Request`; or
 * nothing, where no request arrived, which is no success.
 */
export type SignedLike = ReceivedRequest | SignedRequest<unknown> | FetchRequest | undefined

/** What a matcher of vitest and jest returns. */
export interface MatcherResult {
  /** Whether the request is signed with the credentials. */
  readonly pass: boolean
  /** What the runner prints where that is not what was expected: why the signature does not match. */
  readonly message: () => string
}

/**
 * The matcher's type, for the declaration that each test runner wants.
 *
 * @example
 * declare module 'vitest' {
 *   interface Matchers<T> extends CountersignMatchers<Promise<void>> {}
 * }
 */
export interface CountersignMatchers<Result> {
  /** That a request is signed with these credentials; any service, region and time unless told otherwise. */
  toBeSignedBy(credentials: VerifyingCredentials, options?: Partial<VerifyOptions>): Result
}

async function asReceived(
  signed: NonNullable<SignedLike>,
): Promise<ReceivedRequest & { opaque?: true }> {
  if ('clone' in signed) {
    const received = await receivedFrom(signed)
    // What has not been sent yet may have a fragment, which never is.
    return { ...received, url: received.url.replace(/#.*/s, '') }
  }
  const { method, headers = {} } = signed
  const url = urlOnWire(signed.url, headers)
  // What cannot be read here (a stream, a form) is left out.
  const body = readBytes(signed.body)
  return { method, url, headers, ...(body === undefined ? { opaque: true } : { body }) }
}

/**
 * A matcher for vitest and jest: that a request is signed with these credentials. It is
 * asynchronous, and where it fails its message explains why the signature does not match.
 *
 * Default: any service, region and path, at the time at which the request says it was signed. A body that
 * cannot be read (a stream, a form) is not checked.
 *
 * @throws CountersignError as `verify`, where the options are wrong
 * @example
 * expect.extend({ toBeSignedBy })
 * await expect(server.lastVerdict?.request).toBeSignedBy(credentials, { service: 's3' })
 */
export async function toBeSignedBy(
  this: unknown,
  signed: SignedLike,
  credentials: VerifyingCredentials,
  options: Partial<VerifyOptions> = {},
): Promise<MatcherResult> {
  // What `not` expects passes where this fails, and so nothing at all must fail both.
  const isNot = (this as { isNot?: boolean } | undefined)?.isNot === true
  const by = `to be signed by ${credentials.accessKeyId}`
  if (!signed) return { pass: isNot, message: () => `expected a request ${by}, and none arrived` }
  const { opaque, ...request } = await asReceived(signed)
  const { statement } = readRequest(request, options)
  const verifyOptions: VerifyOptions = {
    service: 'any',
    now: statement?.claim.signedAt,
    pathForm: 'any',
    ...(opaque && { payload: 'deferred' }),
    ...options,
    credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
  }
  const result = await verify(request, verifyOptions)
  if (result.ok) return { pass: true, message: () => `expected the request not ${by}` }
  // What `not` expects needs no explanation, which may take a search.
  const explanation = isNot ? result.message : await explain(request, verifyOptions)
  return { pass: false, message: () => `expected the request ${by}\n\n${explanation}` }
}
