import { type Answered, type TemporaryCredentials, temporary } from '../credentials/temporary.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { post, refusal, type ServiceOptions } from './service.ts'

/** The options of {@link cognitoIdentity}: an identity pool, or an identity that is known. */
export interface CognitoIdentityOptions extends ServiceOptions {
  /** The pool's id, with its region in front: `eu-west-1:1d8a9e2f-…`. */
  identityPoolId?: string | undefined
  /** An identity that was got before, so that a guest stays the same guest. Default: Cognito gives one. */
  identityId?: string | undefined
  /** Number of the pool owner's account; Cognito does not ask for it. Default: not sent. */
  accountId?: string | undefined
  /** Tokens of the identity providers, by name, or functions that get them. Default: a guest. */
  logins?: Readonly<Record<string, string | (() => Awaitable<string>)>> | undefined
  /** ARN of a role in place of the pool's own, where the token allows several. Default: the pool's. */
  customRoleArn?: string | undefined
  /** Region of the endpoint. Default: the one that the pool's or identity's own id starts with. */
  region?: string | undefined
}

/** The credentials of an identity, and the id to come back with. */
export interface CognitoCredentials extends TemporaryCredentials {
  /** Who the credentials are of: keep it, and pass it as `identityId` to stay the same guest. */
  readonly identityId: string
}

interface Answer {
  readonly IdentityId?: string
  readonly Credentials?: Answered
  readonly __type?: string
  readonly message?: string
}

/**
 * A provider of an identity pool's credentials, for a guest or for someone who is signed in: where
 * most web pages get theirs. GetId once, GetCredentialsForIdentity each time it is asked;
 * `createSigner` remembers what it gets, elsewhere wrap it in `refreshing`.
 *
 * @throws CountersignError by the provider: `credentials-refused` with Cognito's own code in
 * `error.service`, `invalid-scope`; what `fetch` and a login throw is passed on
 * @see https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 * @example
 * const credentials = cognitoIdentity({
 *   identityPoolId: 'eu-west-1:1d8a9e2f-7c3b-4f0e-9a55-0123456789ab',
 *   logins: { 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc': () => session.idToken },
 * })
 */
export function cognitoIdentity(
  options: CognitoIdentityOptions,
): () => Promise<CognitoCredentials> {
  const { identityPoolId, identityId } = options
  let found: Awaitable<Answer> | undefined

  return async () => {
    const Logins: Record<string, string> = {}
    for (const [name, login] of Object.entries(options.logins ?? {}))
      Logins[name] = typeof login === 'function' ? await login() : login
    const secrets = Object.values(Logins)
    const call = async (action: string, input: object) => {
      const response = await post(
        options,
        'cognito-identity',
        options.region ?? (identityPoolId ?? identityId)?.split(':')[0],
        {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSCognitoIdentityService.${action}`,
        },
        JSON.stringify({ ...input, Logins: secrets[0] ? Logins : undefined }),
      )
      // What is not JSON comes from something in between.
      const answer: Answer = (await response.json().catch(() => {})) ?? {}
      if (response.ok) return answer
      throw refusal(response, answer.__type?.split?.('#').pop(), answer.message, secrets)
    }
    try {
      found ??= identityId
        ? { IdentityId: identityId }
        : call('GetId', { AccountId: options.accountId, IdentityPoolId: identityPoolId })
      const { IdentityId } = await found
      const answer = await call('GetCredentialsForIdentity', {
        IdentityId,
        CustomRoleArn: options.customRoleArn,
      })
      return { ...temporary(answer.Credentials ?? {}), identityId: answer.IdentityId as string }
    } catch (error) {
      // The identity may be gone, or be somebody else's by now.
      found = undefined
      throw error
    }
  }
}
