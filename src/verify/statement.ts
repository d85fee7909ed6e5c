import type { Algorithm } from '../algorithms/algorithm.ts'
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

const malformed = (message: string): Refused => refuse('malformed-authorization', message)

/** Reads an Authorization header: `ALGORITHM Credential=…, SignedHeaders=…, Signature=…` in any order. */
export function parseAuthorization(
  header: string,
): Pick<Spoken, 'algorithm' | 'credential' | 'signedHeaders' | 'signature'> | undefined {
  const space = header.indexOf(' ')
  const found: Record<string, string> = {}
  const fields = header.slice(space + 1).split(/[, ]+/)
  for (const field of fields) {
    const equals = field.indexOf('=')
    found[field.slice(0, equals)] = field.slice(equals + 1)
  }
  const { Credential: credential, SignedHeaders: signedHeaders, Signature: signature } = found
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
    ? { ...parsed, placement: 'header', date }
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
  const [, accessKeyId, date, region, service] = form.exec(credential) ?? []
  return accessKeyId && date && service
    ? { accessKeyId, scope: { date, ...(region && { region }), service } }
    : undefined
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
  let signed = false
  for (const name of received.parameters.keys()) signed ||= /^X-Amz-(Algo|Cred|Sig)/i.test(name)
  const header = received.fields.authorization !== undefined
  if (header && signed)
    return malformed('A request is signed in its header or in its query, not both.')
  if (!header && !signed) return refuse('missing-authentication', 'The request is not signed.')
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
  const signedHeaders = spoken.signedHeaders.split(';')
  if (
    new Set(signedHeaders).size < signedHeaders.length ||
    !signedHeaders.every((name) => /^(:authority|[a-z\d!#$%&'*+.^_`|~-]+)$/.test(name))
  )
    return malformed('SignedHeaders must be lower-case names, each once, with ; between.')
  if (!(algorithm.signatureForm ?? /^[\da-f]{64}$/).test(spoken.signature))
    return malformed('The signature must be lower-case hex of its full length.')
  if (spoken.expires !== undefined && !/^\d{1,9}$/.test(spoken.expires))
    return malformed('X-Amz-Expires must be whole seconds.')

  return {
    claim: {
      placement: spoken.placement,
      algorithm: algorithm.name,
      accessKeyId,
      scope,
      signedHeaders,
      signedAt,
      ...(spoken.expires !== undefined && { expiresIn: Number(spoken.expires) }),
    },
    algorithm,
    credentialScope: spoken.credential.slice(accessKeyId.length + 1),
    amzDate: spoken.date,
    signature: spoken.signature,
  }
}
