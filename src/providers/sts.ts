import type { TemporaryCredentials } from '../credentials/temporary.ts'
import type { Awaitable } from '../lib/awaitable.ts'
import { ensure } from '../model/errors.ts'
import type { CredentialsProvider, SigningCredentials } from '../model/types.ts'
import { createSigner } from '../verbs/async.ts'
import { credentialsIn, post, type ServiceOptions } from './service.ts'

/** How STS is asked. */
export interface StsOptions extends ServiceOptions {
  /** Region of the endpoint, such as `eu-west-1`; the credentials hold in every region. */
  region: string
  /** Seconds that the session lives. Default: AWS's own, an hour, or half a day for `getSessionToken`. */
  durationSeconds?: number | undefined
}

/** How STS is asked with a key. */
export interface SignedStsOptions extends StsOptions {
  /** Who asks: a key, or a provider of one. */
  credentials: SigningCredentials | CredentialsProvider
  /** Let an `AKIA…` key ask from a browser page or worker. Default: `long-term-credentials`. */
  allowLongTermCredentials?: true | undefined
  /** Serial number or ARN of the caller's MFA device. Default: asked without one. */
  serialNumber?: string | undefined
  /** Asks the caller for the code that the MFA device shows; called whenever STS is, with the serial number. */
  tokenCode?: ((serialNumber: string) => Awaitable<string>) | undefined
}

/** Which role, what the session may do at the most, and what it is called by. */
export interface RoleOptions {
  /** ARN of the role: `arn:aws:iam::123456789012:role/name`. */
  roleArn: string
  /** How the session is named in logs. Default: `countersign`. */
  roleSessionName?: string | undefined
  /** A policy, as JSON, that narrows what the role allows. Default: all of it. */
  policy?: string | undefined
  /** ARNs of managed policies that narrow it further. Default: none. */
  policyArns?: readonly string[] | undefined
}

type Value = string | number | undefined | readonly Value[] | Parameters

/** The parameters of a call by AWS's names. */
export interface Parameters {
  readonly [name: string]: Value
}

/** The parameters that {@link RoleOptions} stand for. */
export const roleParameters = (options: RoleOptions): Parameters => ({
  RoleArn: options.roleArn,
  RoleSessionName: options.roleSessionName ?? 'countersign',
  PolicyArns: options.policyArns?.map((arn) => ({ arn })),
  Policy: options.policy,
})

/** A value in the query protocol: `Tags.member.1.Key=…`. */
const formFieldsOf = (value: Value, name: string): [string, string][] =>
  typeof value === 'object'
    ? Object.entries(value).flatMap(([key, item]) =>
        formFieldsOf(item, `${name}.${Array.isArray(value) ? `member.${+key + 1}` : key}`),
      )
    : value === undefined
      ? []
      : [[name.slice(1), `${value}`]]

/**
 * One call of STS, which answers in XML.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html
 */
export async function callSts(
  options: StsOptions,
  Action: string,
  parameters: Parameters,
  secret?: string,
): Promise<TemporaryCredentials> {
  const asked = {
    Action,
    Version: '2011-06-15',
    DurationSeconds: options.durationSeconds,
    ...parameters,
  }
  return credentialsIn(
    await post(
      options,
      'sts',
      options.region,
      { 'content-type': 'application/x-www-form-urlencoded' },
      `${new URLSearchParams(formFieldsOf(asked, ''))}`,
    ),
    secret,
  )
}

/** A provider of what STS answers to a signed call. */
export function signedSts(
  options: SignedStsOptions,
  action: string,
  parameters: Parameters,
): () => Promise<TemporaryCredentials> {
  const { serialNumber, tokenCode } = options
  // A signed fetch mends a clock that is off; the AWS SDKs make two retries too.
  const { fetch } = createSigner({ ...options, service: 'sts', retries: 2 })
  return async () => {
    const TokenCode =
      serialNumber && (await ensure(tokenCode, 'invalid-options', 'tokenCode')(serialNumber))
    return callSts(
      { ...options, fetch },
      action,
      { ...parameters, SerialNumber: serialNumber, TokenCode },
      TokenCode,
    )
  }
}
