import { verifyPostPolicy } from 'countersign/s3'
import { hexOf, hmac } from '../support/hash.ts'
import { type Answered, find, KEY, NOW, type PostCase } from './case.ts'
import { filled } from './http-case.ts'
import { amzDate, signingKey } from './signer.ts'

const BUCKET = 'photos'

/** The policy of a case, in Base64. */
function policyOf(of: PostCase, own: Readonly<Record<string, string>>): string {
  if (of.rawPolicy !== undefined) return of.rawPolicy
  const policy: Record<string, unknown> = {
    expiration: new Date(NOW + (of.expiresIn ?? 6000) * 1000).toISOString(),
    conditions: [
      { [of.bucketName ?? 'bucket']: BUCKET },
      ...(of.conditions ?? []),
      ...Object.entries(own).map(([name, value]) => ({ [name]: value })),
    ],
    ...of.document,
  }
  for (const name of of.without ?? []) delete policy[name]
  return Buffer.from(of.text ?? JSON.stringify(policy)).toString('base64')
}

/** Verifies the form that a case says, and tells what came of it. */
export async function runPost(of: PostCase): Promise<Answered> {
  const date = amzDate(NOW + (of.dateOffset ?? 0) * 1000)
  const day = date.slice(0, 8)
  const { id, secret, region } = { ...KEY, ...of.key }
  const own = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${id}/${day}/${region}/s3/aws4_request`,
    'x-amz-date': date,
  }
  const policy = policyOf(of, own)
  const given = of.fields ?? { key: 'foo.txt' }
  const fields = new Map(Object.entries({ ...given, ...own, policy }))
  fields.set('x-amz-signature', hexOf(hmac(signingKey(secret, day, region, 's3'), policy)))
  for (const [name, value] of Object.entries(of.override ?? {}))
    if (value === null) fields.delete(name)
    else fields.set(name, filled(value))
  const list = [...fields].map(([name, value]) => [of.rename?.[name] ?? name, value] as const)
  const verdict = await verifyPostPolicy(list, {
    bucket: BUCKET,
    credentials: find,
    region: KEY.region,
    now: new Date(NOW),
    contentLength: of.size ?? 3,
    ...(of.filename !== undefined && { filename: of.filename }),
  })
  return verdict.ok
    ? { ok: true, status: 204, key: verdict.fields.key }
    : { ok: false, status: verdict.status }
}
