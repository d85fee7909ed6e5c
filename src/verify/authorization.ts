import { amzDateOf } from '../lib/time.ts'
import { malformed, type Refused, refuse } from '../model/refusal.ts'
import type { SignaturePlacement } from '../model/verify-types.ts'
import type { Received } from './received.ts'

/** What a request says of its signature, in its header or in its query, nothing of it read further. */
export interface Authorization {
  readonly placement: SignaturePlacement
  readonly algorithm: string
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly date: string
  readonly expires?: string | undefined
}

/** An Authorization header, without the signature where that was cut off so that the rest can be remembered. */
type HeaderParts = Pick<Authorization, 'algorithm' | 'credential' | 'signedHeaders'> &
  Partial<Pick<Authorization, 'signature'>>

/** The refusal of Version 2; and of a header of no type of AWS's, which it is about. */
export const unsupported = (more?: Pick<Refused, 'about'>): Refused =>
  refuse('unsupported-algorithm', 'Please use AWS4-HMAC-SHA256.', more)

/** Reads an Authorization header up to the signature, as AWS's own clients write it. */
export function parseUsual(head: string): HeaderParts | undefined {
  const found = /^([^ ]+) Credential=([^, ]+), SignedHeaders=([^, ]+), Signature=$/.exec(head) as
    | [string, string, string, string]
    | null
  return found ? { algorithm: found[1], credential: found[2], signedHeaders: found[3] } : undefined
}

/** Reads an Authorization header: `ALGORITHM Credential=…, SignedHeaders=…, Signature=…` in any order. */
function parseAuthorization(header: string): HeaderParts | undefined {
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

function authorizationInHeader(
  { fields }: Received,
  usual: typeof parseUsual,
): Authorization | Refused {
  const { authorization = '' } = fields
  // A Date header serves where there is no x-amz-date.
  const date = fields['x-amz-date'] ?? amzDateOf(new Date(fields.date ?? ''))
  const end = authorization.lastIndexOf('=') + 1
  const head = usual(authorization.slice(0, end))
  const parsed = head ?? parseAuthorization(authorization)
  if (!parsed)
    return /^AWS4-/.test(authorization)
      ? malformed('Authorization needs Credential, SignedHeaders and Signature, each once.', {
          header: 'authorization',
        })
      : unsupported(
          /^AWS /.test(authorization) ? undefined : { about: { header: 'authorization' } },
        )
  // A spread would cost more than all the rest.
  const { algorithm, credential, signedHeaders, signature = authorization.slice(end) } = parsed
  return { placement: 'header', algorithm, credential, signedHeaders, signature, date }
}

function authorizationInQuery({ parameters }: Received): Authorization | Refused {
  let missing: string | undefined
  const field = (name: string) => {
    const parameter = `X-Amz-${name}`
    const value = parameters.get(parameter) ?? ''
    if (!value) missing ??= parameter
    return value
  }
  const found = {
    placement: 'query' as const,
    algorithm: field('Algorithm'),
    credential: field('Credential'),
    signedHeaders: field('SignedHeaders'),
    signature: field('Signature'),
    date: field('Date'),
    expires: field('Expires'),
  }
  // Clients of IoT state no life; it is looked for last, and so all else is there.
  return !missing ||
    (missing === 'X-Amz-Expires' && /\/iotdevicegateway\/aws4_request$/.test(found.credential))
    ? found
    : malformed(`The query lacks ${missing}.`, { parameter: missing })
}

/** Finds where a request is signed, and what it says there. */
export function readAuthorization(
  received: Received,
  usual: typeof parseUsual,
): Authorization | Refused {
  const { parameters, fields } = received
  const inUrl = [...parameters.keys()].some((name) => /^X-Amz-(Algo|Cred|Sig)/i.test(name))
  if (fields.authorization)
    return inUrl
      ? malformed('Sign the header or the query, not both.', { part: 'placement' })
      : authorizationInHeader(received, usual)
  if (inUrl) return authorizationInQuery(received)
  return /(^|&)AWSAccessKeyId=/.test(received.query)
    ? unsupported()
    : refuse('missing-authentication', 'The request is not signed.')
}
