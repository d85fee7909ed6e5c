import { backend } from '#crypto'
import type { Memory } from '../canonical/profile.ts'
import { serial } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import type { PresignedRequest, PresignOptions, SigningRequest } from '../model/types.ts'
import { presignRequest } from '../sign/presign.ts'

/** Presigns what a token says to its service. None of them bends the road, and so no profile is asked for. */
export const presigned = (
  request: SigningRequest,
  options: PresignOptions & Memory,
): Awaitable<PresignedRequest<unknown>> => presignRequest(request, options, serial(backend))
