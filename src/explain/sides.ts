import { resolveCredentials } from '../credentials/resolve.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { fail } from '../errors.ts'
import type { Steps } from '../lib/steps.ts'
import { inHeader } from '../road/placement.ts'
import { readUrl } from '../road/url.ts'
import { signing } from '../sign.ts'
import type { AnyRequest, Credentials, HeadersInput, SignOptions } from '../types.ts'
import type { ReceivedRequest, VerifyOptions } from '../verify-types.ts'
import type { ExplainHints } from './types.ts'

/** From the client's side: what it signed with, and what the server answered. */
export interface ClientExplainOptions extends SignOptions, ExplainHints {
  /** The body of the server's answer. */
  serverError?: string | undefined
}

/** From the server's side: what it verifies with. */
export interface ServerExplainOptions extends VerifyOptions, ExplainHints {}

/** A request and the options to verify it with, whichever side asks. */
export interface Case {
  readonly received: ReceivedRequest
  readonly options: ServerExplainOptions
  readonly serverError: string | undefined
  /** The client's own secret, to look at where all else is alike. */
  readonly secret: string | undefined
}

function* fieldsOf(headers: HeadersInput): Iterable<readonly [string, string]> {
  for (const [name, values] of Symbol.iterator in headers ? headers : Object.entries(headers))
    for (const value of [values ?? []].flat()) yield [name, value]
}

const isSigned = ({ url, headers = {} }: { url: unknown; headers?: HeadersInput }): boolean =>
  /[?&]X-Amz-Signature=/i.test(String((url as URL).href ?? url)) ||
  [...fieldsOf(headers)].some(([name]) => /^authorization$/i.test(name))

const isServerSide = (options: object): options is ServerExplainOptions =>
  typeof (options as VerifyOptions).credentials === 'function' &&
  !('serverError' in options || 'signingDate' in options)

/** A request as its server receives it: with the host that every client derives from the URL. */
function received(request: AnyRequest): ReceivedRequest {
  const { method = 'GET', url, body } = request
  const href = typeof url === 'string' ? url : url.href
  const fields = [...fieldsOf(request.headers ?? {})]
  const host = fields.some(([name]) => /^host$/i.test(name))
  const bytes =
    body instanceof ArrayBuffer
      ? new Uint8Array(body)
      : ArrayBuffer.isView(body)
        ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
        : typeof body === 'string'
          ? body
          : undefined
  return {
    method: method.toUpperCase(),
    url: href,
    headers: host ? fields : [...fields, ['host', readUrl(href, {})[1]]],
    body: bytes,
  }
}

/** Reads the case of either side; what a client has not signed yet is signed first. */
export function* caseOf(
  request: AnyRequest | ReceivedRequest,
  options: ClientExplainOptions | ServerExplainOptions,
  platform: CryptoBackend,
): Steps<Case> {
  if (typeof options?.credentials === 'undefined')
    fail('invalid-credentials', 'credentials, or a lookup of them')
  if (isServerSide(options))
    return {
      received: request as ReceivedRequest,
      options,
      serverError: undefined,
      secret: undefined,
    }
  const client = options as ClientExplainOptions
  const credentials = yield* resolveCredentials(client, new Date(0))
  const { service, region, serverError, algorithm, crypto, ...rest } = client
  const sent = isSigned(request)
    ? request
    : yield* signing(request as AnyRequest, { ...client, credentials }, platform, inHeader)
  return {
    received: received(sent as AnyRequest),
    options: {
      ...rest,
      payload: 'hash',
      unsignedPayload: 'accept',
      service,
      region,
      algorithm,
      crypto,
      // The clock that counts is the server's, and its answer tells of it.
      maxClockSkew: Number.POSITIVE_INFINITY,
      credentials: (id) =>
        id === credentials.accessKeyId ? (credentials as Credentials) : undefined,
    },
    serverError,
    secret: (credentials as Credentials).secretAccessKey,
  }
}
