import { fieldsOf } from '../../canonical/headers.ts'
import { inHeader } from '../../canonical/placement.ts'
import { withProfile } from '../../canonical/profile.ts'
import { readUrl } from '../../canonical/url.ts'
import { resolveCredentials } from '../../credentials/resolve.ts'
import { type CryptoBackend, type Sha256Stream, silent } from '../../crypto/backend.ts'
import { readBytes } from '../../lib/bytes.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import { parseAmzDate } from '../../lib/time.ts'
import { fail } from '../../model/errors.ts'
import type {
  AnyRequest,
  FetchRequest,
  SignedRequest,
  SigningCredentials,
  SignOptions,
} from '../../model/types.ts'
import type {
  ReceivedRequest,
  VerifyingCredentials,
  VerifyOptions,
} from '../../model/verify-types.ts'
import { signRequest } from '../../sign/sign.ts'
import { checkOptions } from '../../verify/check-options.ts'
import type { ExplainHints } from '../types.ts'
import { readServerError } from './server-error.ts'

/** A request as either side has it: to be signed, as signed, or as received. */
export type ExplainedRequest = AnyRequest | ReceivedRequest | SignedRequest

/** From the client's side: what it signed with, and what the server answered. */
export interface ClientExplainOptions extends SignOptions, ExplainHints {
  /** The body of the server's answer. With it, an option tells the client's side from the server's. */
  serverError?: string | undefined
}

/** From the server's side: what it verifies with. */
export interface ServerExplainOptions extends VerifyOptions, ExplainHints {}

/** A request and the options to verify it with, whichever side asks. */
export interface Case {
  readonly received: ReceivedRequest
  readonly options: ServerExplainOptions
  /** Hashes the body once, however often it is asked for. */
  readonly crypto: CryptoBackend
  readonly client?: { readonly key: SigningCredentials; readonly serverError: string | undefined }
}

const isSigned = ({ url, headers = {} }: ExplainedRequest): boolean =>
  /X-Amz-Signature(=|%(25)*3D)/i.test(typeof url === 'string' ? url : url.href) ||
  [...fieldsOf(headers)].some(([name]) => /^authorization$/i.test(name))

const SERVER_ONLY =
  'now maxClockSkew maxExpiresIn hosts toleratedUnsignedHeaders unsignedPayload plus replayGuard'

/**
 * A provider of credentials takes nothing, a lookup takes the key id. Where a lookup leaves that
 * out, what only a server has tells: its options, a raw request target, a received host header.
 */
function isServerSide(
  { url, headers }: ExplainedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
): options is ServerExplainOptions {
  const { credentials, service, region } = options
  if (typeof credentials !== 'function') return false
  if ('serverError' in options || 'signingDate' in options) return false
  return (
    credentials.length > 0 ||
    typeof service !== 'string' ||
    service === 'any' ||
    typeof region !== 'string' ||
    SERVER_ONLY.split(' ').some((name) => name in options) ||
    (typeof url === 'string' && !/^\w+:/.test(url)) ||
    [...fieldsOf(headers)].some(([name]) => /^(host|:authority)$/i.test(name))
  )
}

/** A backend that hashes one body once; what it is known to be, not at all. */
function hashingOnce(
  crypto: CryptoBackend,
  body: string | Uint8Array | undefined,
  known?: string | undefined,
): CryptoBackend {
  let hash: ReturnType<CryptoBackend['sha256']> | undefined = known
  return {
    sha256: (data) => {
      if (data !== body) return crypto.sha256(data)
      hash ??= crypto.sha256(data)
      return hash
    },
    hmac: (key, data) => crypto.hmac(key, data),
    hmacHex: (key, data) => crypto.hmacHex(key, data),
    ...(crypto.sha256Stream && { sha256Stream: () => crypto.sha256Stream?.() as Sha256Stream }),
    ...(crypto.equal && {
      equal: (expected, received) => crypto.equal?.(expected, received) ?? expected === received,
    }),
  }
}

/** The bytes of a body, where they are at hand. */
function* bytesOf({ body }: AnyRequest, request: object): Steps<string | Uint8Array | undefined> {
  const bytes = readBytes(body)
  if (bytes !== undefined) return bytes
  if (!('clone' in request) || (request as { bodyUsed?: boolean }).bodyUsed) return undefined
  const buffer = (request as FetchRequest).clone().arrayBuffer()
  return new Uint8Array(yield* wait(buffer))
}

/** A request as its server receives it: with the host that every client derives from the URL. */
function* asReceived(
  request: AnyRequest,
  payload: string | undefined,
): Steps<{ received: ReceivedRequest; known: string | undefined }> {
  const { method = 'GET', url } = request
  const isParsed = typeof url !== 'string' || 'clone' in request
  const href = typeof url === 'string' ? url : url.href
  const wire = isParsed ? href.replace(/#.*/s, '') : href
  const fields = [...fieldsOf(request.headers)]
  const field = (wanted: string) => fields.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const bytes = yield* bytesOf(request, request)
  const known = bytes === undefined ? (payload ?? field('x-amz-content-sha256')) : undefined
  if (bytes === undefined && known === undefined)
    fail('invalid-body', 'text, bytes, a Request that is not read yet, or payload')
  const received = {
    method: method.toUpperCase(),
    url: wire,
    headers:
      field('host') === undefined ? [...fields, ['host', readUrl(wire, {})[1]] as const] : fields,
    // A body that cannot be read is told by itself: it stands for its hash.
    body: bytes ?? new Uint8Array(0),
  }
  return { received, known }
}

/** The date of the request that was answered, so that the one signed now is the same. */
function dateOfAnswer(answer = ''): Date | undefined {
  const { stringToSign = '', requestTime } = readServerError(answer)
  return parseAmzDate(stringToSign.split('\n')[1] ?? '') ?? requestTime
}

/** Reads the case of either side; what a client has not signed yet is signed first. */
export function* caseOf(
  request: ExplainedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Case> {
  if (typeof options?.credentials === 'undefined')
    fail('invalid-credentials', 'credentials, or a lookup of them')
  const { crypto = platform } = options
  if (isServerSide(request, options)) {
    checkOptions(options)
    const { method, url, headers = {}, body: given } = request as ReceivedRequest
    const body = readBytes(given)
    if (body === undefined && options.payload !== 'deferred') fail('invalid-body', 'text or bytes')
    const received = { method, url, headers, body }
    return { received, options, crypto: hashingOnce(crypto, body ?? '') }
  }
  const client = options as ClientExplainOptions
  const key = yield* wait(resolveCredentials(client, new Date(0)))
  const { serverError, payload, ...rest } = client
  // Credentials that have expired still sign, so that it can be said that they have.
  const lasting = Object.create(key, { expiration: { value: undefined } }) as typeof key
  const sent = isSigned(request)
    ? request
    : yield* wait(
        signRequest(
          request as AnyRequest,
          withProfile({
            ...client,
            signingDate: client.signingDate ?? dateOfAnswer(serverError),
            credentials: lasting,
            onSign: undefined,
          }),
          silent(platform),
          inHeader,
        ),
      )
  const { received, known } = yield* asReceived(sent as AnyRequest, payload)
  return {
    received,
    options: {
      ...rest,
      payload: 'hash',
      unsignedPayload: 'accept',
      // The clock that counts is the server's, and its answer tells of it.
      maxClockSkew: Number.POSITIVE_INFINITY,
      credentials: (id) => (id === key.accessKeyId ? (key as VerifyingCredentials) : undefined),
    },
    crypto: hashingOnce(crypto, received.body, known),
    client: { key, serverError },
  }
}
