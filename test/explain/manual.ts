import { createHash, createHmac } from 'node:crypto'
import type { ReceivedRequest } from 'countersign'

export const KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
export const OTHER = {
  accessKeyId: 'AKIDOTHER',
  secretAccessKey: 'OtherSecretOtherSecretOtherSecretOther00',
}
export const TEMPORARY = { ...KEY, sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE+TOKEN/with=chars' }
export const NOW = new Date('2026-11-24T12:00:00Z')
const AMZ = '20261124T120000Z'
const HOST = 'abc.execute-api.eu-west-1.amazonaws.com'

/** A signer that makes any mistake: each stage can be given. Written apart from src. */
export interface Manual {
  method?: string
  path?: string
  canonicalPath?: string
  query?: string
  canonicalQuery?: string
  headers?: Record<string, string>
  canonicalHeaders?: Record<string, string>
  signedHeaders?: string[]
  body?: string
  payload?: string
  region?: string
  service?: string
  day?: string
  keyScope?: readonly string[]
  secret?: string
  id?: string
  signedMethod?: string
  terminator?: string
}

/** In hex. */
export const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/** Signs with the mistakes that are given. */
export function manual(it: Manual): ReceivedRequest {
  const {
    method = 'POST',
    path = '/prod/items',
    query = '',
    body = '{"a": 1}',
    region = 'eu-west-1',
  } = it
  const { service = 'execute-api', day = AMZ.slice(0, 8), terminator = 'aws4_request' } = it
  const sent: Record<string, string> = {
    host: HOST,
    'x-amz-date': AMZ,
    'content-type': 'application/json',
    ...it.headers,
  }
  const shown: Record<string, string> = { ...sent, ...it.canonicalHeaders }
  const names = it.signedHeaders ?? Object.keys(shown).sort()
  const canonical = [
    it.signedMethod ?? method,
    it.canonicalPath ?? path,
    it.canonicalQuery ?? query,
    ...names.map((name) => `${name}:${shown[name]}`),
    '',
    names.join(';'),
    it.payload ?? sha256(body),
  ].join('\n')
  const scope = [day, region, service, terminator]
  const text = `AWS4-HMAC-SHA256\n${AMZ}\n${scope.join('/')}\n${sha256(canonical)}`
  let key: Buffer | string = `AWS4${it.secret ?? KEY.secretAccessKey}`
  for (const part of it.keyScope ?? scope) key = hmac(key, part)
  const signature = hmac(key, text).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${it.id ?? KEY.accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return {
    method,
    url: query ? `${path}?${query}` : path,
    headers: { ...sent, authorization },
    body,
  }
}

/** A PUT of S3. */
export const s3 = (it: Manual): ReceivedRequest => {
  const body = it.body ?? 'hello'
  return manual({
    method: 'PUT',
    service: 's3',
    path: '/bucket/a%20b.txt',
    body,
    payload: sha256(body),
    ...it,
    headers: {
      'x-amz-content-sha256': it.payload ?? sha256(body),
      host: 'bucket.s3.eu-west-1.amazonaws.com',
      ...it.headers,
    },
  })
}

/** What became of a request on its way. */
export const altered = (
  request: ReceivedRequest,
  change: Partial<ReceivedRequest>,
): ReceivedRequest => ({
  ...request,
  ...change,
})
/** With another value of a header, or without it. */
export const header = (
  request: ReceivedRequest,
  name: string,
  value: string | undefined,
): ReceivedRequest => ({
  ...request,
  headers: { ...(request.headers as Record<string, string>), [name]: value } as Record<
    string,
    string
  >,
})
/** With another Authorization header. */
export const auth = (
  request: ReceivedRequest,
  change: (value: string) => string,
): ReceivedRequest =>
  header(
    request,
    'authorization',
    change((request.headers as Record<string, string>).authorization as string),
  )
