import { formatParameters } from '../canonical/parameters.ts'
import { base64Url } from './encoded.ts'
import { stsOf } from './host-token.ts'
import { presigned } from './presigned.ts'
import type { Token, TokenOptions } from './types.ts'

/** Who logs in to which Kubernetes cluster. */
export interface EksTokenOptions extends TokenOptions {
  /** Name of the cluster; of a local one on Outposts, its id. */
  cluster: string
}

/**
 * The bearer token of a Kubernetes cluster on EKS: a GetCallerIdentity that is signed for 60 seconds,
 * which the cluster takes for 14 minutes. What `aws eks get-token` prints.
 *
 * @throws CountersignError as `rdsToken`
 * @see https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
 * @example
 * const { token } = await eksToken({ cluster: 'production', region: 'eu-west-1', credentials })
 */
export async function eksToken(options: EksTokenOptions): Promise<Token> {
  const { url, expiresAt } = await presigned(
    {
      url: `https://${stsOf(options.region)}/?Action=GetCallerIdentity&Version=2011-06-15`,
      // A list must have texts in it, where a header that is undefined is none.
      headers: { 'x-k8s-aws-id': [options.cluster] },
    },
    {
      ...options,
      service: 'sts',
      expiresIn: 840,
      // The URL says 60 seconds, whatever the cluster makes of it.
      parameters: (...told) => {
        told[3] = 60
        return formatParameters(...told)
      },
    },
  )
  return { token: `k8s-aws-v1.${base64Url(url)}`, expiresAt }
}
