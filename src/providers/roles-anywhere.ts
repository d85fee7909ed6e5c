import { type X509Options, x509 } from '../algorithms/x509/x509.ts'
import { type PromisedProvider, promised } from '../credentials/promised.ts'
import { refreshing } from '../credentials/refreshing.ts'
import { type TemporaryCredentials, temporary } from '../credentials/temporary.ts'
import { ensure } from '../model/errors.ts'
import { createSigner } from '../verbs/async.ts'
import { addressOf, refusal, type ServiceOptions } from './service.ts'

/** Whose certificate asks {@link rolesAnywhere} for a session, for which role. */
export interface RolesAnywhereOptions extends X509Options, ServiceOptions {
  /** ARN of the trust anchor, which vouches for the certificate: `arn:aws:rolesanywhere:…:trust-anchor/…`. */
  trustAnchorArn: string
  /** ARN of the profile that the role is in: `arn:aws:rolesanywhere:…:profile/…`. */
  profileArn: string
  /** ARN of the role: `arn:aws:iam::123456789012:role/name`. */
  roleArn: string
  /** Region of the trust anchor and the profile, such as `eu-west-1`; the credentials hold in every region. */
  region: string
  /** Seconds that the session lives, 900 to 43200. Default: AWS's own, an hour. */
  sessionDuration?: number | undefined
  /** How the session is named in logs, where the profile accepts one. Default: AWS's own. */
  roleSessionName?: string | undefined
}

interface Answer {
  readonly credentialSet?: readonly { readonly credentials?: Readonly<Record<string, string>> }[]
  readonly code?: string
  readonly __type?: string
  readonly message?: string
}

/** The credentials of an answer to CreateSession, or the error that it tells. */
async function credentialsOf(response: Response): Promise<TemporaryCredentials> {
  // What is not JSON comes from something in between.
  const answer: Answer = (await response.json().catch(() => {})) ?? {}
  if (response.ok) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } =
      answer.credentialSet?.[0]?.credentials ?? {}
    return temporary({
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    })
  }
  const code = response.headers.get('x-amzn-errortype') ?? answer.code ?? answer.__type
  const [name] = `${code ?? ''}`.split(':', 1) as [string]
  throw refusal(response, name.split('#').pop() || undefined, answer.message, [])
}

/**
 * A provider of a role's session for whoever has a certificate of a trust anchor: IAM Roles
 * Anywhere's CreateSession, signed with the certificate's key by {@link x509}. The session is kept, and
 * made anew in its last five minutes. For a certificate that is renewed, make the provider anew.
 *
 * @throws CountersignError as {@link x509}, and `invalid-options` of a `sessionDuration`,
 * `invalid-scope`; by the provider: `credentials-refused` with AWS's own code in `error.service`,
 * `invalid-credentials` where the key is not that of the certificate; what `fetch` throws is passed on
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 * @example
 * const credentials = rolesAnywhere({
 *   ...{ certificate, privateKey, trustAnchorArn, profileArn, roleArn },
 *   region: 'eu-west-1',
 * })
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials })
 */
export function rolesAnywhere(
  options: RolesAnywhereOptions,
): PromisedProvider<TemporaryCredentials> {
  const { region, profileArn, roleArn, trustAnchorArn, roleSessionName } = options
  const { sessionDuration: durationSeconds } = options
  ensure(
    durationSeconds === undefined ||
      (Number.isInteger(durationSeconds) && durationSeconds >= 900 && durationSeconds <= 43200),
    'invalid-options',
    'sessionDuration as whole seconds, 900 to 43200',
  )
  const algorithm = x509(options)
  const { credentials } = algorithm
  const address = addressOf(options, 'rolesanywhere', region).replace(/\/$/, '')
  const query = new URLSearchParams({ profileArn, roleArn, trustAnchorArn })
  const call = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ durationSeconds, roleSessionName }),
  }
  const { fetch } = createSigner({
    ...{ service: 'rolesanywhere', region, algorithm, credentials },
    ...{ fetch: options.fetch, retries: 2 },
  })
  return promised(refreshing(() => fetch(`${address}/sessions?${query}`, call).then(credentialsOf)))
}
