import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts'
import {
  fromEnv as envOfSdk,
  fromCognitoIdentity,
  fromCognitoIdentityPool,
  fromNodeProviderChain,
  fromTemporaryCredentials,
  fromWebToken,
} from '@aws-sdk/credential-providers'
import { createSigner, sign } from 'countersign'
import {
  type AssumeRoleOptions,
  assumeRole,
  assumeRoleWithWebIdentity,
  cognitoIdentity,
  fromEnv,
  getSessionToken,
  type WebIdentityOptions,
} from 'countersign/credentials'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type Call,
  ID_TOKEN,
  LOGIN,
  LONG_TERM,
  MFA,
  MFA_CODE,
  POOL,
  type Services,
  startServices,
} from './services.ts'

let services: Services
beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services.close())
afterEach(() => {
  vi.unstubAllEnvs()
})

const region = 'eu-west-1'
const credentials = LONG_TERM as { accessKeyId: string; secretAccessKey: string }
const call = () => ({ endpoint: services.url, region })
const client = () => new STSClient({ ...call(), credentials })
const cognito = () => new CognitoIdentityClient(call())

const roleArn = 'arn:aws:iam::123456789012:role/a+b=c,d.e@f'
const role = { roleArn, roleSessionName: 'alice@example.com' }
const Role = { RoleArn: roleArn, RoleSessionName: 'alice@example.com' }
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Resource: "a b+c/d*'~ü&" }] })
const everything = {
  ...{ durationSeconds: 900, externalId: 'a:b/c', policy, sourceIdentity: 'Alice' },
  policyArns: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'],
  tags: { 'cost center': 'a=b&c', Team: '' },
  transitiveTagKeys: ['Team', 'cost center'],
}
const Everything = {
  ...{ DurationSeconds: 900, ExternalId: 'a:b/c', Policy: policy, SourceIdentity: 'Alice' },
  PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/A' }, { arn: 'arn:aws:iam::aws:policy/B' }],
  Tags: [
    { Key: 'cost center', Value: 'a=b&c' },
    { Key: 'Team', Value: '' },
  ],
  TransitiveTagKeys: ['Team', 'cost center'],
}
const Logins = { [LOGIN]: ID_TOKEN }
const environment = {
  AWS_ACCESS_KEY_ID: LONG_TERM.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LONG_TERM.secretAccessKey,
}
const known = 'eu-west-1:alice'

/** The same call by countersign and by the SDK. */
const PAIRS: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
  [
    'AssumeRole',
    () => assumeRole({ ...call(), credentials, ...role })(),
    () => client().send(new AssumeRoleCommand(Role)),
  ],
  [
    'AssumeRole with all there is',
    () => assumeRole({ ...call(), credentials, ...role, ...everything })(),
    () => client().send(new AssumeRoleCommand({ ...Role, ...Everything })),
  ],
  [
    'AssumeRole with MFA',
    () =>
      assumeRole({
        ...{ ...call(), credentials, ...role },
        ...{ serialNumber: MFA, tokenCode: async () => MFA_CODE },
      })(),
    () => client().send(new AssumeRoleCommand({ ...Role, SerialNumber: MFA, TokenCode: MFA_CODE })),
  ],
  [
    'AssumeRoleWithWebIdentity',
    () => assumeRoleWithWebIdentity({ ...call(), ...role, webIdentityToken: ID_TOKEN })(),
    () =>
      client().send(new AssumeRoleWithWebIdentityCommand({ ...Role, WebIdentityToken: ID_TOKEN })),
  ],
  [
    'AssumeRoleWithWebIdentity with all there is',
    () =>
      assumeRoleWithWebIdentity({
        ...{ ...call(), ...role, policy, policyArns: everything.policyArns },
        ...{ durationSeconds: 3600, providerId: 'www.amazon.com' },
        webIdentityToken: async () => ID_TOKEN,
      })(),
    () =>
      client().send(
        new AssumeRoleWithWebIdentityCommand({
          ...{ ...Role, Policy: policy, PolicyArns: Everything.PolicyArns },
          ...{ DurationSeconds: 3600, ProviderId: 'www.amazon.com', WebIdentityToken: ID_TOKEN },
        }),
      ),
  ],
  [
    'GetSessionToken',
    () => getSessionToken({ ...call(), credentials })(),
    () => client().send(new GetSessionTokenCommand({})),
  ],
  [
    'GetSessionToken with MFA',
    () =>
      getSessionToken({
        ...{ ...call(), credentials, durationSeconds: 129600 },
        ...{ serialNumber: MFA, tokenCode: () => MFA_CODE },
      })(),
    () =>
      client().send(
        new GetSessionTokenCommand({
          ...{ DurationSeconds: 129600, SerialNumber: MFA, TokenCode: MFA_CODE },
        }),
      ),
  ],
  [
    'GetId and GetCredentialsForIdentity of a guest',
    () => cognitoIdentity({ endpoint: services.url, identityPoolId: POOL })(),
    async () => {
      const { IdentityId } = await cognito().send(new GetIdCommand({ IdentityPoolId: POOL }))
      return cognito().send(new GetCredentialsForIdentityCommand({ IdentityId }))
    },
  ],
  [
    'GetId and GetCredentialsForIdentity of someone signed in',
    () =>
      cognitoIdentity({
        ...{ ...call(), identityPoolId: POOL, accountId: '123456789012', customRoleArn: roleArn },
        logins: { [LOGIN]: async () => ID_TOKEN },
      })(),
    async () => {
      const { IdentityId } = await cognito().send(
        new GetIdCommand({ IdentityPoolId: POOL, AccountId: '123456789012', Logins }),
      )
      const asked = { IdentityId, Logins, CustomRoleArn: roleArn }
      return cognito().send(new GetCredentialsForIdentityCommand(asked))
    },
  ],
  [
    'GetCredentialsForIdentity of an identity that is known',
    () => cognitoIdentity({ endpoint: services.url, identityId: known })(),
    () => cognito().send(new GetCredentialsForIdentityCommand({ IdentityId: known })),
  ],
]

/** What both have read of their answers, without what is another for each session. */
const namesOf = (answer: unknown): Record<string, unknown> => {
  const { Credentials = answer, ...rest } = answer as { Credentials?: unknown; IdentityId?: string }
  const found = Credentials as Record<string, unknown>
  const read = (...names: string[]) => names.map((name) => found[name]).find(Boolean)
  const accessKeyId = read('accessKeyId', 'AccessKeyId') as string
  const session = services.keys.get(accessKeyId)
  return {
    same: session && {
      secretAccessKey:
        session.secretAccessKey === read('secretAccessKey', 'SecretAccessKey', 'SecretKey'),
      sessionToken: session.sessionToken === read('sessionToken', 'SessionToken'),
      expiration: Number(session.expiration) === Number(read('expiration', 'Expiration')),
    },
    identityId: found.identityId ?? rest.IdentityId,
  }
}

describe('on the wire as the SDK', () => {
  it.each(PAIRS)('%s', async (_, ours, theirs) => {
    const wire: (readonly Call[])[] = []
    const answers: unknown[] = []
    for (const send of [ours, theirs]) {
      const before = services.calls.length
      answers.push(namesOf(await send()))
      wire.push(services.calls.slice(before).map((sent) => ({ ...sent, body: '' })))
    }
    expect(wire[0]).not.toHaveLength(0)
    expect(wire[0]).toEqual(wire[1])
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({
      same: { secretAccessKey: true, sessionToken: true, expiration: true },
    })
  })

  it.each([
    'eu-west-1',
    'us-east-1',
    'us-gov-west-1',
    'cn-north-1',
    'eusc-de-east-1',
    'ap-south-2',
  ])('at the same endpoints in %s', async (where) => {
    const hosts: string[] = []
    const requestHandler = {
      handle: async ({
        protocol,
        hostname,
        path,
      }: {
        protocol: string
        hostname: string
        path: string
      }) => {
        hosts.push(`${protocol}//${hostname}${path}`)
        throw new Error('sent')
      },
    }
    const options = {
      region: where,
      credentials,
      maxAttempts: 1,
      requestHandler: requestHandler as never,
    }
    await new STSClient(options).send(new GetCallerIdentityCommand({})).catch(() => {})
    await new CognitoIdentityClient(options)
      .send(new GetIdCommand({ IdentityPoolId: POOL }))
      .catch(() => {})
    const urls: string[] = []
    const fetch = async (url: unknown) => {
      urls.push(String(url))
      throw new Error('sent')
    }
    const asked = { region: where, fetch, credentials }
    await expect(getSessionToken(asked)()).rejects.toThrow('sent')
    await expect(cognitoIdentity({ ...asked, identityPoolId: POOL })()).rejects.toThrow('sent')
    // Ours asks STS again where the connection broke.
    expect([...new Set(urls)]).toEqual(hosts)
  })
})

const whoAmI = () => ({
  ...{ method: 'POST', url: services.url, body: 'Action=GetCallerIdentity&Version=2011-06-15' },
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

/** The SDK's providers, by name. */
const providers = {
  fromTemporaryCredentials: () =>
    fromTemporaryCredentials({
      ...{ params: Role, masterCredentials: credentials, clientConfig: call() },
    }),
  fromWebToken: () =>
    fromWebToken({ ...{ roleArn, webIdentityToken: ID_TOKEN, clientConfig: call() } }),
  fromCognitoIdentity: () =>
    fromCognitoIdentity({ ...{ identityId: known, clientConfig: call() } }),
  fromCognitoIdentityPool: () =>
    fromCognitoIdentityPool({
      ...{ identityPoolId: POOL, logins: Logins, clientConfig: call() },
    }),
  fromEnv: () => envOfSdk(),
  fromNodeProviderChain: () => fromNodeProviderChain(),
}

describe('the providers of @aws-sdk/credential-providers', () => {
  it.each(Object.entries(providers))('%s passes through unchanged', async (_, make) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const options = { service: 'sts', region, credentials: make() }
    const signed = await sign(whoAmI(), options)
    const sent = await fetch(signed.url, signed)
    const aws = createSigner(options)
    const { url, ...init } = whoAmI()
    const again = await aws.fetch(url, init)
    expect([sent.status, again.status]).toEqual([200, 200])
    expect(services.calls.at(-1)?.signedBy).toMatchObject({ service: 'sts', region })
  })
})

describe('in an SDK client', () => {
  const role = (): AssumeRoleOptions => ({ ...call(), credentials, roleArn })
  const web = (): WebIdentityOptions => ({ ...call(), roleArn, webIdentityToken: ID_TOKEN })

  it.each<[string, () => NonNullable<STSClientConfig['credentials']>]>([
    ['assumeRole', () => assumeRole(role())],
    ['assumeRoleWithWebIdentity', () => assumeRoleWithWebIdentity(web())],
    ['getSessionToken', () => getSessionToken({ ...call(), credentials })],
    ['cognitoIdentity', () => cognitoIdentity({ endpoint: services.url, identityPoolId: POOL })],
    ['fromEnv', () => async () => fromEnv({ ...environment })()],
    ['a role of a role', () => assumeRole({ ...role(), credentials: assumeRole(role()) })],
  ])('%s is a provider as the SDK has them', async (_, make) => {
    const sts = new STSClient({ ...call(), credentials: make() })
    await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Arn: expect.stringMatching(/^arn:aws:iam::123456789012:user\/A/),
    })
  })
})
