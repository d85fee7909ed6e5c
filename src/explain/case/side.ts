import type { ClientExplainOptions, ExplainedRequest, ServerExplainOptions } from './options.ts'
import { isFromTheWire } from './request.ts'

/** The options that a client has no use for. */
const OF_A_SERVER = [
  'now',
  'maxClockSkew',
  'maxExpiresIn',
  'hosts',
  'toleratedUnsignedHeaders',
  'unsignedPayload',
  'plus',
  'pathForm',
  'replayGuard',
]

/**
 * Whether a server asks. A provider of credentials takes nothing, a lookup takes the key id; where
 * a lookup leaves that out, what only a server has tells: its options, or a request from the wire.
 */
export function isServerSide(
  request: ExplainedRequest,
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
    OF_A_SERVER.some((name) => name in options) ||
    isFromTheWire(request)
  )
}
