import { expiryOf } from '../canonical/expiry.ts'
import { resolveCredentials } from '../credentials/resolve.ts'
import { formatAmzDate } from '../lib/time.ts'
import { base64Url } from './encoded.ts'
import { presigned } from './presigned.ts'
import type { Token, TokenOptions } from './types.ts'

/**
 * The token of OAUTHBEARER for a cluster of MSK, any in the region: good for 15 minutes. What
 * `aws-msk-iam-sasl-signer-js` makes, but that no `User-Agent` stands in it.
 *
 * @throws CountersignError as `rdsToken`
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/configure-clients-for-iam-access-control.html
 * @example
 * const { token } = await mskToken({ region: 'eu-west-1', credentials })
 */
export async function mskToken(options: TokenOptions): Promise<Token> {
  const { region, signingDate = new Date() } = options
  // What is no date is told before it is compared.
  formatAmzDate(signingDate)
  const credentials = await resolveCredentials(options, signingDate)
  const end = Number(expiryOf(signingDate, 900, credentials.expiration))
  const { url, expiresAt } = await presigned(
    { url: `https://kafka.${region}.amazonaws.com/?Action=kafka-cluster%3AConnect` },
    {
      ...options,
      ...{ credentials, signingDate, service: 'kafka-cluster' },
      // Brokers end a session by what the URL says, and so it says when the credentials end.
      expiresIn: Math.ceil((end - Number(signingDate)) / 1000),
    },
  )
  return { token: base64Url(url), expiresAt }
}
