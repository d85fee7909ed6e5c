import type { TemporaryCredentials } from '../credentials/temporary.ts'
import { type SignedStsOptions, signedSts } from './sts.ts'

/**
 * A provider of a session for a long-term key: its own rights for a while, and those that need MFA
 * with `serialNumber` and `tokenCode`. A call of STS each time it is asked, as {@link assumeRole}.
 *
 * @throws CountersignError by the provider, as {@link assumeRole}
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 * @example
 * const credentials = getSessionToken({
 *   region: 'eu-west-1',
 *   credentials: fromEnv(),
 *   serialNumber: 'arn:aws:iam::123456789012:mfa/alice',
 *   tokenCode: () => ask('Code of your MFA device: '),
 * })
 */
export const getSessionToken = (options: SignedStsOptions): (() => Promise<TemporaryCredentials>) =>
  signedSts(options, 'GetSessionToken', {})
