import { dnsSuffix } from '../endpoints/dns-suffix.ts'
import { percentEncodePath } from '../lib/percent.ts'
import { endpointIn } from '../node-credentials/machine.ts'
import { type Call, UsageError } from './options.ts'
import { regionOf } from './region.ts'
import type { World } from './streams.ts'

/** Whether a URL is `s3://BUCKET/KEY`. */
export const isS3Url = (url: string | undefined): boolean => /^s3:\/\//i.test(url ?? '')

/**
 * The URL of what `s3://BUCKET/KEY` names, whose key is as it is and not encoded: of AWS, or of the
 * endpoint that the environment leads to; another URL as it came.
 */
export async function httpUrlOf(call: Call, url: string, { env }: World): Promise<string> {
  if (!isS3Url(url)) return url
  const [, bucket, key = ''] = /^s3:\/\/([\w.-]+)(?:\/(.*))?$/is.exec(url) ?? []
  if (!bucket) throw new UsageError('s3://BUCKET/KEY wants the name of a bucket.')
  const path = percentEncodePath(Buffer.from(key).toString('latin1'))
  const endpoint = endpointIn(env, 'S3')
  if (endpoint) return `${endpoint.replace(/\/$/, '')}/${bucket}/${path}`
  const region = await regionOf(call, undefined, env)
  if (!region)
    throw new UsageError(
      'The region of the bucket is not told: name it with --region, or as AWS_REGION.',
    )
  const host = `s3.${region}.${dnsSuffix(region)}`
  // A certificate of AWS's has one label for the bucket.
  return bucket.includes('.')
    ? `https://${host}/${bucket}/${path}`
    : `https://${bucket}.${host}/${path}`
}
