import type { CryptoBackend } from './crypto/backend.ts'
import type { Steps } from './lib/steps.ts'
import { canonicalRequest } from './road/canonical-request.ts'
import { type Draft, draftRequest } from './road/draft.ts'
import { payloadOf } from './road/payload.ts'
import { type Announcement, announcementOf, type Placement } from './road/placement.ts'
import type { AnyRequest, CanonicalOptions, PresignOptions } from './types.ts'

/** What a signature says of itself that is signed with the request; what is left out is not announced. */
export interface Facts {
  readonly algorithm: string
  readonly amzDate?: string | undefined
  /** Key id and scope. */
  readonly credential: string
  readonly sessionToken?: string | undefined
}

/** A request read, announced and canonicalised: all that is left is to sign it. */
export interface Canonical {
  readonly draft: Draft
  readonly announcement: Announcement
  readonly signedHeaders: string[]
  readonly canonicalRequest: string
  readonly body: unknown
}

/** The first half of the road: request → canonical request. */
export function* canonicalizing(
  request: AnyRequest,
  options: CanonicalOptions & Partial<PresignOptions>,
  facts: Facts,
  placement: Placement,
  crypto: CryptoBackend,
): Steps<Canonical> {
  const draft = draftRequest(request, options)
  const { payloadHash, body } = yield* payloadOf(request, draft, options, placement, crypto)
  const announcement = announcementOf(draft, facts, options)
  const signedHeaders = placement.announce(draft, announcement, options, payloadHash)
  return {
    draft,
    announcement,
    signedHeaders,
    canonicalRequest: canonicalRequest(draft, signedHeaders, payloadHash),
    body,
  }
}
