import type { Credentials, SignedRequest } from 'countersign'
import type { Verbs } from './suite.ts'

/** A worked example of S3's documentation; the POST policy has fields of its own. */
export interface S3Example {
  name: string
  method: string
  url: string
  headers: Record<string, string>
  body?: string
  presign?: { expires: number }
  canonicalRequest: string
  stringToSign: string
  signature: string
}

export interface S3Examples {
  credentials: Credentials
  region: string
  service: string
  date: string
  cases: S3Example[]
}

/** The examples that sign a request. */
export const S3_REQUESTS: readonly string[] = [
  'get-object',
  'put-object',
  'get-bucket-lifecycle',
  'list-objects',
  'presigned-get',
  'chunked-put-seed',
  'chunked-put-trailer-seed',
]

/** Signs an example, by the verbs of either entry. */
export async function signExample(
  { sign, presign }: Verbs,
  { credentials, region, service }: S3Examples,
  { method, url, headers, body, presign: inQuery }: S3Example,
): Promise<SignedRequest> {
  const options = {
    ...{ credentials, region, service },
    signingDate: new Date('2013-05-24T00:00:00Z'),
    // The documented key is one that a browser would refuse.
    allowLongTermCredentials: true as const,
  }
  if (inQuery) return presign({ method, url, headers }, { ...options, expiresIn: inQuery.expires })
  const { 'x-amz-content-sha256': hash = '', 'x-amz-date': _, ...given } = headers
  if (!hash.startsWith('STREAMING'))
    return sign({ method, url, headers: given, body: body ?? null }, options)
  // The first chunked example signs its length, which is left out by default.
  return sign(
    { method, url, headers: given },
    { ...options, payload: hash, signableHeaders: ['content-length'] },
  )
}
