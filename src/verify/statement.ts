import { parseAmzDate } from '../lib/time.ts'
import { isRefused, malformed, type Refused, refuse } from '../model/refusal.ts'
import type { Algorithm } from '../model/types.ts'
import type { Claim, VerifiedScope } from '../model/verify-types.ts'
import { type Authorization, parseUsual, readAuthorization } from './authorization.ts'
import { type Received, statedIn } from './received.ts'

/** All that a request states of its signature: the claim that is shown to the caller, and the rest. */
export interface Statement {
  readonly claim: Claim
  readonly algorithm: Algorithm
  readonly credentialScope: string
  /** The names as they stand in the request, with `;` between. */
  readonly signedHeaders: string
  readonly signed: ReadonlySet<string>
  /** The date as it stands in the string to sign. */
  readonly amzDate: string
  readonly signature: string
}

/** When what states a life of its own ends, as a presigned URL does; undefined where it states none. */
export const statedEnd = ({ signedAt, expiresIn }: Claim): Date | undefined =>
  expiresIn === undefined ? undefined : new Date(Number(signedAt) + expiresIn * 1000)

/** Who signs, for what and over which headers: alike in all requests of a client, most often. */
interface Signer {
  readonly algorithm: Algorithm
  readonly accessKeyId: string
  readonly scope: VerifiedScope
  readonly credentialScope: string
  readonly signedHeaders: readonly string[]
  readonly signed: ReadonlySet<string>
}

/** Lower-case names with `;` between. */
const NAMES = /^(:authority|[a-z\d!#$%&'*+.^_`|~-]+)(;(:authority|[a-z\d!#$%&'*+.^_`|~-]+))*$/

function parseCredential(
  credential: string,
  regional: boolean,
): { accessKeyId: string; scope: VerifiedScope } | undefined {
  const form = regional
    ? /^([!-~]+)\/(\d{8})\/([!-.0-~]+)\/([!-.0-~]+)\/aws4_request$/
    : /^([!-~]+)\/(\d{8})()\/([!-.0-~]+)\/aws4_request$/
  const found = form.exec(credential) as [string, string, string, string, string] | null
  if (!found) return undefined
  const [, accessKeyId, date, region, service] = found
  return { accessKeyId, scope: region ? { date, region, service } : { date, service } }
}

/** Reads who signs, and over which headers; scope and names are frozen, as a verifier gives them to many callers. */
export function readSigner(
  algorithms: readonly Algorithm[],
  name: string,
  credential: string,
  signedHeaders: string,
): Signer | Refused {
  const algorithm = algorithms.find((algorithm) => algorithm.name === name)
  if (!algorithm)
    return refuse(
      'unsupported-algorithm',
      `This server only supports ${algorithms.map(({ name }) => name).join(', ')}.`,
      { about: { part: 'algorithm' } },
    )
  const parsed = parseCredential(credential, algorithm.scope !== 'global')
  if (!parsed)
    return malformed('Credential must be key id/date/region/service/aws4_request.', {
      part: 'credential',
    })
  const { accessKeyId, scope } = parsed
  const names = signedHeaders.split(';')
  const signed = new Set(names)
  if (!NAMES.test(signedHeaders) || signed.size < names.length)
    return malformed('SignedHeaders must be lower-case names, each once, with ; between.', {
      part: 'signed-headers',
    })
  return {
    algorithm,
    accessKeyId,
    scope: Object.freeze(scope),
    credentialScope: credential.slice(accessKeyId.length + 1),
    signedHeaders: Object.freeze(names),
    signed,
  }
}

/** How the parts of a statement are read. */
export interface Readers {
  readonly usual: typeof parseUsual
  readonly signer: typeof readSigner
  readonly date: typeof parseAmzDate
}

const READERS: Readers = { usual: parseUsual, signer: readSigner, date: parseAmzDate }

/** The scope, of a global one with its regions; they stand where the signature does. */
function scopeOf(
  { scope, algorithm }: Signer,
  { placement }: Authorization,
  received: Received,
): VerifiedScope | undefined {
  if (algorithm.scope !== 'global') return scope
  const regions = statedIn(received, placement)('x-amz-region-set')
  return regions
    ? { ...scope, regionSet: regions.split(',').map((name) => name.trim()) }
    : undefined
}

/** Reads what a request states of its signature, in its header or in its query. */
export function readStatement(
  received: Received,
  algorithms: readonly Algorithm[],
  readers: Readers = READERS,
): Statement | Refused {
  const stated = readAuthorization(received, readers.usual)
  if (isRefused(stated)) return stated
  const { placement, credential, signedHeaders, signature, date, expires } = stated
  const signer = readers.signer(algorithms, stated.algorithm, credential, signedHeaders)
  // The caller gets a copy, as a verifier remembers refusals too.
  if (isRefused(signer)) return { ...signer }
  const { algorithm, credentialScope, accessKeyId } = signer
  const scope = scopeOf(signer, stated, received)
  if (!scope) return malformed('X-Amz-Region-Set is needed.', { part: 'region' })
  const time = readers.date(date)
  if (!time)
    return refuse(
      placement === 'header' ? 'missing-authentication' : 'malformed-authorization',
      'A valid Date or x-amz-date header is needed.',
      { about: { part: 'date' } },
    )
  // One that is too short is a wrong one, and told as late.
  if (!(algorithm.signatureForm ?? /^[\da-f]+$/).test(signature))
    return malformed('The signature must be lower-case hex.', { part: 'signature' })

  const claim = {
    placement,
    algorithm: algorithm.name,
    accessKeyId,
    scope,
    signedHeaders: signer.signedHeaders,
    // The caller gets a copy, as a Date can be set.
    signedAt: new Date(time),
  }
  return {
    claim:
      // What is no number of seconds is none that is taken: NaN.
      expires ? { ...claim, expiresIn: Number(/^\d{1,9}$/.exec(expires) ?? undefined) } : claim,
    algorithm,
    credentialScope,
    signedHeaders,
    signed: signer.signed,
    amzDate: date,
    signature,
  }
}
