import { sigv4 } from '../algorithms/sigv4.ts'
import { readHeaders } from '../canonical/headers.ts'
import { UNSIGNED_PAYLOAD } from '../canonical/payload.ts'
import { inHeader, inQuery } from '../canonical/placement.ts'
import { stampOf } from '../canonical/scope.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { eventStringToSign } from '../eventstream/chain.ts'
import { encodeDate } from '../eventstream/message.ts'
import { isAtHand } from '../lib/bytes.ts'
import { ensure } from '../model/errors.ts'
import type { PresignOptions } from '../model/types.ts'
import { signRequest } from '../sign/sign.ts'
import { signText, tellOf } from '../sign/sign-text.ts'
import { signerState } from '../sign/signer.ts'
import {
  headerFieldsOf,
  hoist,
  prepared,
  urlOf,
  withHeader,
  withHeaders,
  withQuery,
} from './smithy-request.ts'
import type {
  EventArgumentsLike,
  FormattedEventLike,
  HttpRequestLike,
  MessageLike,
  PresigningArgumentsLike,
  SignableMessageLike,
  SignedMessageLike,
  SigningArgumentsLike,
  SmithySigner,
} from './smithy-types.ts'

type Options = ReturnType<ReturnType<typeof signerState>['using']>

/** What the SDK asks for one call, in the signer's own words; what it leaves open stays out. */
const overridesOf = (call: PresigningArgumentsLike): Partial<PresignOptions> => {
  const { signingDate: date } = call
  const asked = {
    signingDate: date && new Date(typeof date === 'number' ? date * 1000 : date),
    region: call.signingRegion,
    service: call.signingService,
    signableHeaders: call.signableHeaders,
    unsignableHeaders: call.unsignableHeaders,
    credentials: call.eventStreamCredentials,
    expiresIn: call.expiresIn,
  }
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
}

/** Signs any string with the key of its day, region and service. */
async function signString(
  text: string,
  options: Options,
  platform: CryptoBackend,
): Promise<string> {
  const { algorithm = sigv4, crypto = platform, signingDate = new Date() } = options
  const credentials = await resolveCredentials(options, signingDate)
  const [, scope] = (algorithm.stamp ?? stampOf)(signingDate, options, {})
  const tell = tellOf(options, platform, '')
  return signText(text, credentials, scope, algorithm, crypto, tell)
}

/** Signs an event, chained to the signature before it. */
async function signFormattedEvent(
  { headers, payload }: FormattedEventLike,
  prior: string,
  options: Options,
  platform: CryptoBackend,
): Promise<string> {
  const { signingDate = new Date(), crypto = platform } = options
  const [amzDate, scope] = stampOf(signingDate, options)
  const text = await eventStringToSign(prior, { amzDate, scope }, headers, payload, crypto)
  return signString(text, { ...options, signingDate }, platform)
}

const requestOf = (request: HttpRequestLike) => ({
  method: request.method,
  url: urlOf(request),
  headers: headerFieldsOf(request),
  body: request.body,
})

/** The payload line that the SDK declares of a body. */
const declaredOf = (request: HttpRequestLike): string | undefined =>
  readHeaders(headerFieldsOf(request))['x-amz-content-sha256']

const isHashed = ({ body }: HttpRequestLike): boolean => isAtHand(body ?? '')

/** Has the request tell the signer's own word for a body that cannot be hashed, where no server presumes it. */
const tellPayload = (
  request: HttpRequestLike,
  { payload, contentSha256 }: Options,
): HttpRequestLike =>
  payload === undefined ||
  declaredOf(request) !== undefined ||
  (contentSha256 && payload === UNSIGNED_PAYLOAD)
    ? request
    : withHeader(request, 'X-Amz-Content-Sha256', payload)

/** Makes a signer that speaks as the SDK's own. */
export function makeSmithySigner(own: PresignOptions, platform: CryptoBackend): SmithySigner {
  // The payload is for some bodies alone, and so no default of every call.
  const expiresIn = own.expiresIn ?? 3600
  const state = signerState({ ...own, expiresIn, payload: undefined })

  const optionsFor = (request: HttpRequestLike, overrides: Partial<PresignOptions>): Options => {
    // What the SDK declares of a body holds; the signer's word is for those that cannot be hashed.
    const payload = declaredOf(request) ?? (isHashed(request) ? undefined : own.payload)
    return state.using({ ...overrides, payload })
  }

  const signHttp = async (
    given: HttpRequestLike,
    overrides: Partial<PresignOptions>,
  ): Promise<HttpRequestLike> => {
    const request = prepared(given)
    const options = optionsFor(request, overrides)
    const signed = await signRequest(requestOf(request), options, platform, inHeader)
    return withHeaders(request, signed)
  }

  const presign = async (
    request: HttpRequestLike,
    call: PresigningArgumentsLike = {},
  ): Promise<HttpRequestLike> => {
    const asked = prepared(request)
    const options = optionsFor(asked, overridesOf(call))
    const { payload = isHashed(asked) ? undefined : UNSIGNED_PAYLOAD } = options
    const moved = hoist(tellPayload(asked, options), call)
    // The query tells the payload, or nothing does, as of the SDK's own signer: the road adds no header.
    const signed = await signRequest(
      requestOf(moved),
      payload === undefined ? options : { ...options, payload, contentSha256: 'signed' },
      platform,
      inQuery,
      payload ?? UNSIGNED_PAYLOAD,
    )
    return withQuery(moved, signed)
  }

  const signEvent = (event: FormattedEventLike, prior: string, call: SigningArgumentsLike) =>
    signFormattedEvent(event, prior, state.using(overridesOf(call)), platform)

  const signMessage = async (
    { message, priorSignature }: SignableMessageLike,
    call: SigningArgumentsLike = {},
  ): Promise<SignedMessageLike<MessageLike>> => {
    const { ':date': date, ...others } = message.headers
    const alone = date?.value instanceof Date && Object.keys(others).length === 0 && date.value
    const headers = encodeDate(ensure(alone, 'invalid-body', 'a message with its :date alone'))
    const event = { headers, payload: message.body }
    return { message, signature: await signEvent(event, priorSignature, call) }
  }

  const sign = async (
    toSign: string | FormattedEventLike | SignableMessageLike | HttpRequestLike,
    call: SigningArgumentsLike & Partial<EventArgumentsLike> = {},
  ): Promise<unknown> => {
    const overrides = overridesOf(call)
    if (typeof toSign === 'string') return signString(toSign, state.using(overrides), platform)
    if ('payload' in toSign) return signEvent(toSign, call.priorSignature ?? '', call)
    if ('message' in toSign) return signMessage(toSign, call)
    // Directory buckets have their own token, but the call that asks for it is signed with ours.
    const { sessionTokenName = 'x-amz-security-token' } = own
    return signHttp(toSign, { ...overrides, sessionTokenName })
  }

  const signWithCredentials: SmithySigner['signWithCredentials'] = (request, credentials, call) =>
    signHttp(request, { service: 's3express', ...overridesOf(call ?? {}), credentials }) as never

  return { sign, signMessage, presign, signWithCredentials } as SmithySigner
}
