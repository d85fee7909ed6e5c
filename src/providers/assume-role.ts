import type { TemporaryCredentials } from '../credentials/temporary.ts'
import { type RoleOptions, roleParameters, type SignedStsOptions, signedSts } from './sts.ts'

/** Who asks {@link assumeRole} for which role, and what is said of the session. */
export interface AssumeRoleOptions extends SignedStsOptions, RoleOptions {
  /** The word that the role's owner asks of a third party. Default: none. */
  externalId?: string | undefined
  /** Tags that the session bears, by their keys; policies may read them. Default: none. */
  tags?: Readonly<Record<string, string>> | undefined
  /** Keys of the tags that pass on to roles assumed from this one. Default: none. */
  transitiveTagKeys?: readonly string[] | undefined
  /** Who is behind the session, for the logs; it passes on to roles assumed from this one. Default: nobody. */
  sourceIdentity?: string | undefined
}

/**
 * A provider of a role's credentials: a call of STS, signed with `credentials`, each time it is
 * asked. `createSigner` remembers what it gets; elsewhere wrap it in `refreshing`.
 *
 * With `serialNumber`, `tokenCode` is asked for the code of the MFA device.
 *
 * @throws CountersignError by the provider: `credentials-refused` with STS's own code in
 * `error.service`, `invalid-options`, and as `sign`; what `fetch` and `tokenCode` throw is passed on
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @example
 * const credentials = assumeRole({
 *   region: 'eu-west-1',
 *   credentials: fromEnv(),
 *   roleArn: 'arn:aws:iam::123456789012:role/reader',
 * })
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials })
 */
export const assumeRole = (options: AssumeRoleOptions): (() => Promise<TemporaryCredentials>) =>
  signedSts(options, 'AssumeRole', {
    ...roleParameters(options),
    Tags: options.tags && Object.entries(options.tags).map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: options.transitiveTagKeys,
    ExternalId: options.externalId,
    SourceIdentity: options.sourceIdentity,
  })
