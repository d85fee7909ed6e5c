import { type HeaderFields, readHeaders } from '../canonical/headers.ts'
import { parameterOf, tokenNameOf } from '../canonical/token-name.ts'
import { readTarget, readUrl } from '../canonical/url.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { EMPTY_HASH, readBytes } from '../lib/bytes.ts'
import { percentRead } from '../lib/percent.ts'
import { type CountersignError, fail } from '../model/errors.ts'
import { malformed, type Refused } from '../model/refusal.ts'
import type { HeadersInput } from '../model/types.ts'
import type { ReceivedRequest, SignaturePlacement, VerifyOptions } from '../model/verify-types.ts'
import { isSameHost } from './authority.ts'

/** A received request in the spelling of the wire. */
export interface Received {
  readonly method: string
  readonly path: string
  /** The query without its `?`, and with no bare `+`. */
  readonly query: string
  /** The query's `X-Amz-…` parameters and the session token, decoded. */
  readonly parameters: ReadonlyMap<string, string>
  readonly fields: HeaderFields
  /** Undefined where it is neither text nor bytes, and so cannot be hashed. */
  readonly body: Uint8Array | string | undefined
  /** Whether its target names another host than its `host` field. */
  readonly otherHost?: boolean
}

const isPseudo = (name: string): boolean => name.startsWith(':')

function hasPseudo(headers: object): boolean {
  for (const name in headers) if (isPseudo(name)) return true
  return false
}

// A server's parser has refused whatever else no header may hold, or the signature changes with it;
// half a pair is hashed as another character.
const isLine = (value: string): boolean =>
  // One expression for all would cost twice as much.
  !(
    value.includes('\n') ||
    value.includes('\r') ||
    value.includes('\0') ||
    /[\ud800-\udfff]/u.test(value)
  )

/** The header fields without HTTP/2's pseudo headers, and of those `:authority`, which is the host. */
export function readFields(
  input: HeadersInput,
): readonly [fields: HeaderFields, authority?: string] {
  const isList = Symbol.iterator in input
  if (!isList && !hasPseudo(input)) return [readHeaders(input, isLine)]
  const pairs = (isList ? [...input] : Object.entries(input)) as [string, string][]
  const headers = readHeaders(
    pairs.filter(([name]) => !isPseudo(name)),
    isLine,
  )
  const authority = pairs.find(([name]) => name === ':authority')?.[1]
  return authority === undefined
    ? [headers]
    : [{ ...readHeaders([['host', authority]], isLine), ...headers }, authority]
}

const isOther = (host: string | undefined, own = ''): boolean => !!host && !isSameHost(host, own)

/** The decoded name of a part of a query. */
const parameterName = (part: string): string => percentRead(part.split('=', 1)[0] as string)

/** A query without the parameters of some names. */
export const withoutParameters = (query: string, names: readonly unknown[]): string =>
  query
    .split('&')
    .filter((part) => !names.includes(parameterName(part)))
    .join('&')

/** The signature's own parameters; or the name of one that comes twice, as no client says which counts. */
function readParameters(
  query: string,
  options: Pick<VerifyOptions, 'sessionTokenName'>,
): ReadonlyMap<string, string> | string {
  const parameters = new Map<string, string>()
  if (!/(^|&)(x-amz-|[^=&]*%)/i.test(query)) return parameters
  const tokenName = parameterOf(tokenNameOf(options))
  const seen = new Set<string>()
  for (const part of query.split('&')) {
    const name = parameterName(part)
    if (!/^x-amz-/i.test(name) && name !== tokenName) continue
    if (seen.has(name.toLowerCase())) return name
    seen.add(name.toLowerCase())
    const equals = part.indexOf('=')
    parameters.set(name, equals < 0 ? '' : percentRead(part.slice(equals + 1)))
  }
  return parameters
}

/** Reads what is stated where the signature stands, by the name of its header. */
export const statedIn =
  ({ fields, parameters }: Received, placement: SignaturePlacement) =>
  (name: string): string | undefined =>
    placement === 'header' ? fields[name] : parameters.get(parameterOf(name))

/** The body to be hashed: one that cannot be is never taken for an empty one. */
export const bytesOf = ({ body }: Received): string | Uint8Array =>
  body ?? fail('invalid-body', 'text or bytes')

/** The hash of the body, 64 hex digits. */
export const hashBody = (received: Received, crypto: CryptoBackend): Awaitable<string> => {
  const body = bytesOf(received)
  return body.length ? crypto.sha256(body) : EMPTY_HASH
}

/** Characters of a request target: no server takes as many. */
const MOST_OF_TARGET = 0x200000
// Beyond them Node's own reader of a query and those of frameworks read no parameter, and one without
// a name is signed by nobody, so that anybody could push the signed ones out of sight.
const MOST_PARAMETERS = 1000
/** Characters of an Authorization header. */
const MOST_OF_AUTHORIZATION = 0x100000

/** Reads what a server received; what no proper client could have sent is refused. */
export function readReceived(
  request: ReceivedRequest,
  options: Pick<VerifyOptions, 'plus' | 'sessionTokenName'>,
): Received | Refused {
  const { method = 'GET', url, headers = {} } = request
  // What was JSON may hold a list or an object that passes for its text, and is read otherwise elsewhere.
  if (typeof method !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(method))
    return malformed('The method cannot be read.', {})
  if (
    typeof url !== 'string' ||
    url.length > MOST_OF_TARGET ||
    url.split('&').length > MOST_PARAMETERS
  )
    return malformed('The request target cannot be read.', { part: 'url' })
  const target =
    options.plus === 'literal' ? url.replace(/\?.*/s, (asked) => asked.replaceAll('+', '%2B')) : url
  try {
    const [, host, path, query] = /^([/?]|$)/.test(url) ? readTarget(target) : readUrl(target, {})
    const parameters = readParameters(query, options)
    const [fields, authority] = readFields(headers)
    if ((fields.authorization?.length as number) > MOST_OF_AUTHORIZATION)
      return malformed('The Authorization header is too long.', { header: 'authorization' })
    // A fetch Request has no host header, and its URL tells the host.
    if (host) fields.host ??= host
    if (typeof parameters === 'string')
      return malformed('An X-Amz- parameter comes twice in the query.', { parameter: parameters })
    return {
      method,
      path,
      query,
      parameters,
      fields,
      body: readBytes(request.body),
      // What `sign` returned came over no wire: it is sent to its URL, and asks for its host.
      otherHost:
        !('trace' in request) && (isOther(host, fields.host) || isOther(authority, fields.host)),
    }
  } catch (error) {
    // Nothing of what a stranger sent stands in the message.
    return (error as CountersignError).code === 'invalid-header'
      ? malformed('A header cannot be read.', {})
      : malformed('The request target cannot be read.', { part: 'url' })
  }
}
