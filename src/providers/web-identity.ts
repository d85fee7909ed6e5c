import type { TemporaryCredentials } from '../credentials/temporary.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { callSts, type RoleOptions, roleParameters, type StsOptions } from './sts.ts'

/** Which role {@link assumeRoleWithWebIdentity} asks for, and with whose token. */
export interface WebIdentityOptions extends StsOptions, RoleOptions {
  /** The token of the OpenID Connect provider, or a function that gets one that is still good. */
  webIdentityToken: string | (() => Awaitable<string>)
  /** Whose OAuth 2.0 access token it is: `www.amazon.com` or `graph.facebook.com`. Default: a token of OpenID Connect. */
  providerId?: string | undefined
}

/**
 * A provider of a role's credentials for someone whom an OpenID Connect provider knows: an unsigned
 * call of STS each time it is asked, as {@link assumeRole}; needs no key.
 *
 * @throws CountersignError by the provider: `credentials-refused` with STS's own code in
 * `error.service`, `invalid-scope`; what `fetch` and `webIdentityToken` throw is passed on
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * @example
 * const credentials = assumeRoleWithWebIdentity({
 *   region: 'eu-west-1',
 *   roleArn: 'arn:aws:iam::123456789012:role/deploy',
 *   webIdentityToken: () => readFile('/var/run/secrets/token', 'utf8'),
 * })
 */
export const assumeRoleWithWebIdentity =
  (options: WebIdentityOptions): (() => Promise<TemporaryCredentials>) =>
  async () => {
    const { webIdentityToken: token, providerId } = options
    const given = typeof token === 'function' ? await token() : token
    return callSts(
      options,
      'AssumeRoleWithWebIdentity',
      { ...roleParameters(options), WebIdentityToken: given, ProviderId: providerId },
      given,
    )
  }
