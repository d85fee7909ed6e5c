import { readFileSync } from 'node:fs'
import type { S3Examples } from './s3-example.ts'
import {
  type CaseOptions,
  readMessage,
  type Signing,
  type Stages,
  type SuiteCase,
} from './suite.ts'
import { sha256 } from './support/hash.ts'

interface SuiteContext {
  credentials: { access_key_id: string; secret_access_key: string; token?: string }
  expiration_in_seconds: number
  normalize: boolean
  omit_session_token?: boolean
  region: string
  service: string
  sign_body: boolean
  timestamp: string
}

interface SuiteVector {
  name: string
  context: SuiteContext
  request: string
  header: Stages
  query: Stages
}

const load = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./vectors/${name}.json`, import.meta.url), 'utf8')) as T

/** S3's worked examples, as they are published. */
export const s3Examples: S3Examples = load<S3Examples>('s3-documentation-examples')

/** How countersign is told what a case's context says. */
function optionsOf(context: SuiteContext): CaseOptions {
  const { access_key_id, secret_access_key, token } = context.credentials
  return {
    service: context.service,
    region: context.region,
    credentials: {
      accessKeyId: access_key_id,
      secretAccessKey: secret_access_key,
      ...(token && { sessionToken: token }),
    },
    signingDate: new Date(context.timestamp),
    expiresIn: context.expiration_in_seconds,
    // The suite writes paths decoded, so its canonical form encodes them once.
    pathEncoding: 'single',
    pathNormalization: context.normalize ? 'rfc3986' : 'none',
    dotSegments: 'literal',
    ...(context.omit_session_token && { sessionToken: 'appended' }),
    ...(context.sign_body && { signableHeaders: ['content-length'] }),
  }
}

function caseOf({ name, context, request, header, query }: SuiteVector): SuiteCase {
  const { method, target, headers, body } = readMessage(request)
  const host = headers.find(([field]) => field === 'Host')?.[1]
  const hash = sha256(body)
  const signing = (want: Stages, added: [string, string][]): Signing => ({
    request: {
      method,
      url: `https://${host}${target}`,
      headers: [...headers, ...added],
      body: body || null,
    },
    options: optionsOf(context),
    want,
  })
  return {
    name,
    header: signing(header, context.sign_body ? [['x-amz-content-sha256', hash]] : []),
    query: signing(query, []),
  }
}

/** AWS's signing test suite for SigV4: 38 cases, each in the header and in the query. */
export const suiteV4: readonly SuiteCase[] = load<{ cases: SuiteVector[] }>(
  'aws-signing-test-suite-v4',
).cases.map(caseOf)

/** A case of SigV4a, with the public point of its key: x and y in hex. */
export interface SuiteV4aCase extends SuiteCase {
  context: SuiteContext
  request: string
  publicKey: { X: string; Y: string }
}

/** AWS's signing test suite for SigV4a: the same cases; an ECDSA signature is one of many. */
export const suiteV4a: readonly SuiteV4aCase[] = load<{
  cases: (SuiteVector & Pick<SuiteV4aCase, 'publicKey'>)[]
}>('aws-signing-test-suite-v4a').cases.map((vector) => ({
  ...caseOf(vector),
  context: vector.context,
  request: vector.request,
  publicKey: vector.publicKey,
}))
