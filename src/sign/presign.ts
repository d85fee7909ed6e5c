import { inQuery } from '../canonical/placement.ts'
import type { Memory, Profile } from '../canonical/profile.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import type { AnyRequest, PresignedRequest, PresignOptions } from '../model/types.ts'
import { signRequest } from './sign.ts'

/** Signs on the same road, with the signature in the query, and tells when the URL ends. */
export const presignRequest = (
  request: AnyRequest,
  options: PresignOptions & Profile & Memory,
  platform: CryptoBackend,
): Awaitable<PresignedRequest<unknown>> =>
  signRequest(
    request,
    options,
    platform,
    inQuery,
    // Of the services that want the hash in a header, S3's alone take an unsigned body.
    options.pathEncoding === 'single' ? 'UNSIGNED-PAYLOAD' : undefined,
  ) as Awaitable<PresignedRequest<unknown>>
