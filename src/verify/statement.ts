import type { Algorithm } from '../algorithms/algorithm.ts'
import { parts } from '../lib/lists.ts'
import { parseAmzDate } from '../lib/time.ts'
import { isRefused, type Refused, refuse } from '../refusal.ts'
import type { Claim, SignaturePlacement, VerifiedScope } from '../verify-types.ts'
import type { Received } from './received.ts'

/** All that a request states of its signature: the claim that is shown to the caller, and the rest. */
export interface Statement {
  readonly claim: Claim
  readonly algorithm: Algorithm
  readonly credentialScope: string
  /** As it stands in the string to sign. */
  readonly amzDate: string
  readonly signature: string
}

interface Spoken {
  readonly placement: SignaturePlacement
  readonly algorithm: string
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly date: string
  readonly expires?: string
}

/** Lower-case names with `;` between. */
const NAMES = /^(:authority|[a-z\d!#$%&'*+.^_`|~-]+)(;(:authority|[a-z\d!#$%&'*+.^_`|~-]+))*$/

const HEX_64 = /^[\da-f]{64}$/

/** Whether each name comes once: what is sorted, as clients have it, need not be remembered. */
const areDistinct = (names: readonly string[]): boolean =>
  names.every((name, at) => at === 0 || name > (names[at - 1] as string)) ||
  new Set(names).size === names.length

const malformed = (message: string): Refused => refuse('malformed-authorization', message)

type Authorization = Pick<Spoken, 'algorithm' | 'credential' | 'signedHeaders' | 'signature'>

// As AWS's own clients write it.
const USUAL = /^([^ ]+) Credential=([^, ]+), SignedHeaders=([^, ]+), Signature=([^, ]+)$/

/** Reads an Authorization header: `ALGORITHM Credential=…, SignedHeaders=…, Signature=…` in any order. */
export function parseAuthorization(header: string): Authorization | undefined {
  const usual = USUAL.exec(header) as [string, string, string, string, string] | null
  if (usual)
    return {
      algorithm: usual[1],
      credential: usual[2],
      signedHeaders: usual[3],
      signature: usual[4],
    }
  const space = header.indexOf(' ')
  const fields = header.slice(space + 1).split(/[, ]+/)
  const fieldOf = (name: string) =>
    fields.find((field) => field.startsWith(name))?.slice(name.length)
  const credential = fieldOf('Credential=')
  const signedHeaders = fieldOf('SignedHeaders=')
  const signature = fieldOf('Signature=')
  return space > 0 && credential && signedHeaders && signature && fields.length === 3
    ? { algorithm: header.slice(0, space), credential, signedHeaders, signature }
    : undefined
}

/** `20150830T123600Z` of a Date header, which serves where there is no x-amz-date. */
const amzDateOf = (date: string): string => {
  const time = new Date(date)
  return Number.isNaN(Number(time))
    ? date
    : `${time.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

function inHeader({ fields }: Received): Spoken | Refused {
  const { authorization = '' } = fields
  const date = fields['x-amz-date'] ?? amzDateOf(fields.date ?? '')
  if (!/^AWS4-/.test(authorization))
    return refuse(
      'unsupported-algorithm',
      'The Authorization header is not of Signature Version 4.',
    )
  const parsed = parseAuthorization(authorization)
  return parsed
    ? {
        placement: 'header',
        algorithm: parsed.algorithm,
        credential: parsed.credential,
        signedHeaders: parsed.signedHeaders,
        signature: parsed.signature,
        date,
      }
    : malformed('Authorization needs Credential, SignedHeaders and Signature, each once.')
}

function inQuery({ parameters }: Received): Spoken | Refused {
  const field = (name: string) => parameters.get(`X-Amz-${name}`) ?? ''
  const spoken = {
    placement: 'query' as const,
    algorithm: field('Algorithm'),
    credential: field('Credential'),
    signedHeaders: field('SignedHeaders'),
    signature: field('Signature'),
    date: field('Date'),
    expires: field('Expires'),
  }
  const missing = Object.entries(spoken).find(([, value]) => value === '')
  return missing ? malformed(`The query lacks X-Amz-${missing[0]}.`) : spoken
}

function parseCredential(
  credential: string,
  regional: boolean,
): { accessKeyId: string; scope: VerifiedScope } | undefined {
  const form = regional
    ? /^([!-~]+)\/(\d{8})\/([!-.0-~]+)\/([!-.0-~]+)\/aws4_request$/
    : /^([!-~]+)\/(\d{8})()\/([!-.0-~]+)\/aws4_request$/
  const found = form.exec(credential)
  if (!found) return undefined
  const accessKeyId = found[1] as string
  const date = found[2] as string
  const region = found[3]
  const service = found[4] as string
  return { accessKeyId, scope: region ? { date, region, service } : { date, service } }
}

/** The scope, of a global one with its regions; they stand where the signature does. */
function scopeOf(
  scope: VerifiedScope,
  { placement }: Spoken,
  { fields, parameters }: Received,
  algorithm: Algorithm,
): VerifiedScope | undefined {
  if (algorithm.scope !== 'global') return scope
  const regions =
    placement === 'header' ? fields['x-amz-region-set'] : parameters.get('X-Amz-Region-Set')
  return regions
    ? { ...scope, regionSet: regions.split(',').map((name) => name.trim()) }
    : undefined
}

/** Reads what a request states of its signature, in its header or in its query. */
export function readStatement(
  received: Received,
  algorithms: readonly Algorithm[],
): Statement | Refused {
  let inUrl = false
  for (const name of received.parameters.keys()) inUrl ||= /^X-Amz-(Algo|Cred|Sig)/i.test(name)
  const header = received.fields.authorization !== undefined
  if (header && inUrl)
    return malformed('A request is signed in its header or in its query, not both.')
  if (!header && !inUrl) return refuse('missing-authentication', 'The request is not signed.')
  const spoken = header ? inHeader(received) : inQuery(received)
  if (isRefused(spoken)) return spoken

  const algorithm = algorithms.find(({ name }) => name === spoken.algorithm)
  if (!algorithm)
    return refuse(
      'unsupported-algorithm',
      `The algorithm is none of ${algorithms.map(({ name }) => name).join(', ')}.`,
    )
  const parsed = parseCredential(spoken.credential, algorithm.scope !== 'global')
  if (!parsed) return malformed('Credential must be key id/date/region/service/aws4_request.')
  const { accessKeyId } = parsed
  const scope = scopeOf(parsed.scope, spoken, received, algorithm)
  if (!scope) return malformed('X-Amz-Region-Set is needed.')
  const signedAt = parseAmzDate(spoken.date)
  if (!signedAt) return malformed('The date must be of the form 20150830T123600Z.')
  const signedHeaders = parts(spoken.signedHeaders, ';')
  if (!NAMES.test(spoken.signedHeaders) || !areDistinct(signedHeaders))
    return malformed('SignedHeaders must be lower-case names, each once, with ; between.')
  if (!(algorithm.signatureForm ?? HEX_64).test(spoken.signature))
    return malformed('The signature must be lower-case hex of its full length.')
  if (spoken.expires !== undefined && !/^\d{1,9}$/.test(spoken.expires))
    return malformed('X-Amz-Expires must be whole seconds.')

  const claim = {
    placement: spoken.placement,
    algorithm: algorithm.name,
    accessKeyId,
    scope,
    signedHeaders,
    signedAt,
  }
  return {
    claim: spoken.expires === undefined ? claim : { ...claim, expiresIn: Number(spoken.expires) },
    algorithm,
    credentialScope: spoken.credential.slice(accessKeyId.length + 1),
    amzDate: spoken.date,
    signature: spoken.signature,
  }
}
