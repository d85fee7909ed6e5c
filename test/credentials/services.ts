import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { awsError, type Credentials, createVerifier } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { element } from '../../src/lib/xml.ts'
import { exampleKey } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'

/** A call as it came over the wire. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly contentType: string | undefined
  readonly target: string | undefined
  /** The parameters of STS, or the members of Cognito's JSON. */
  readonly input: Readonly<Record<string, unknown>>
  readonly body: string
  /** Whose signature it bears, for where; undefined where it bears none. */
  readonly signedBy: { accessKeyId: string; service: string; region: string } | undefined
}

export interface Reply {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Services {
  readonly url: string
  readonly calls: readonly Call[]
  /** Long-term keys, and every session that was given out. */
  readonly keys: ReadonlyMap<string, Credentials>
  /** Answers that come before any other, in order. */
  readonly replies: ((call: Call) => Reply)[]
  close(): Promise<void>
}

export const MFA = 'arn:aws:iam::123456789012:mfa/alice'
export const MFA_CODE = '123456'
export const ID_TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'
export const POOL = 'eu-west-1:1d8a9e2f-7c3b-4f0e-9a55-0123456789ab'
export const LOGIN = 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc'
export const LONG_TERM: Credentials = exampleKey

/** An error as STS words it. */
export const stsError = (status: number, code: string, message: string): Reply => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: element('ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"', [
    element('Error', [
      element('Type', 'Sender'),
      element('Code', code),
      // As AWS escapes; its own words have quotes and angle brackets.
      `<Message>${message.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&apos;')}</Message>`,
    ]),
    element('RequestId', 'c6104cbe-af31-11e0-8154-cbc7ccf896c7'),
  ]),
})

/** An error as Cognito words it. */
export const cognitoError = (status: number, code: string, message: string): Reply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': `${code}:` },
  body: JSON.stringify({ __type: code, message }),
})

/**
 * STS and Cognito on the loopback: STS verifies signatures, Cognito and web identities come without
 * one; both give out sessions that are known from then on. Any other service has three items for
 * whoever signs.
 */
export async function startServices(): Promise<Services> {
  const keys = new Map([[LONG_TERM.accessKeyId, LONG_TERM]])
  const calls: Call[] = []
  const replies: ((call: Call) => Reply)[] = []
  const verifier = createVerifier({ service: 'any', credentials: (id) => keys.get(id) })

  const issue = () => {
    const number = String(keys.size)
    const session = {
      accessKeyId: `ASIASESSION${number}`,
      secretAccessKey: `secret/of+session${number}`,
      sessionToken: `FwoGZXIvYXdzEJr//token+of/session${number}==`,
      expiration: new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000),
    }
    keys.set(session.accessKeyId, session)
    return session
  }

  const sts = ({ input, signedBy }: Call): Reply => {
    if (signedBy && signedBy.service !== 'sts') return { status: 200, body: 'three items' }
    const { Action } = input as { Action: string }
    const federated = Action === 'AssumeRoleWithWebIdentity'
    if (federated && input.WebIdentityToken !== ID_TOKEN)
      return stsError(400, 'InvalidIdentityToken', 'No OpenIDConnect provider found')
    if (!federated && !signedBy)
      return stsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
    if (input.SerialNumber && (input.SerialNumber !== MFA || input.TokenCode !== MFA_CODE))
      return stsError(403, 'AccessDenied', 'MultiFactorAuthentication failed')
    const session = issue()
    const result =
      Action === 'GetCallerIdentity'
        ? [element('Arn', `arn:aws:iam::123456789012:user/${signedBy?.accessKeyId}`)]
        : [
            element('Credentials', [
              element('AccessKeyId', session.accessKeyId),
              element('SecretAccessKey', session.secretAccessKey),
              element('SessionToken', session.sessionToken),
              element('Expiration', `${session.expiration.toISOString().slice(0, 19)}Z`),
            ]),
            element('AssumedRoleUser', [
              element('Arn', 'arn:aws:sts::123456789012:assumed-role/x'),
            ]),
          ]
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: element(`${Action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"`, [
        element(`${Action}Result`, result),
        element('ResponseMetadata', [element('RequestId', 'c6104cbe')]),
      ]),
    }
  }

  const cognito = ({ target, input }: Call): Reply => {
    const tokens = Object.values((input.Logins as Record<string, string>) ?? {})
    if (tokens.some((token) => token !== ID_TOKEN))
      return cognitoError(400, 'NotAuthorizedException', 'Invalid login token.')
    const json = (value: unknown): Reply => ({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(value),
    })
    const guest = tokens.length ? 'alice' : 'guest'
    if (target === 'AWSCognitoIdentityService.GetId') {
      return input.IdentityPoolId === POOL
        ? json({ IdentityId: `eu-west-1:${guest}` })
        : cognitoError(400, 'ResourceNotFoundException', `IdentityPool not found.`)
    }
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = issue()
    return json({
      Credentials: {
        AccessKeyId: accessKeyId,
        Expiration: Number(expiration) / 1000,
        SecretKey: secretAccessKey,
        SessionToken: sessionToken,
      },
      IdentityId: input.IdentityId,
    })
  }

  const server = createServer(async (request, response) => {
    const bytes = await buffer(request)
    // A page may send what it signs.
    response.setHeader('access-control-allow-origin', '*')
    if (request.method === 'OPTIONS') {
      const wanted = request.headers['access-control-request-headers'] ?? ''
      return response.writeHead(204, { 'access-control-allow-headers': wanted }).end()
    }
    const body = bytes.toString()
    const { method = '', url: path = '', headers } = request
    const contentType = headers['content-type']
    const target = headers['x-amz-target'] as string | undefined
    const input = target ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
    const signed = headers.authorization !== undefined
    const result = signed
      ? await verifier.verify(receivedFrom(request, bytes))
      : { ok: true as const, accessKeyId: undefined }
    const signedBy =
      result.ok && result.accessKeyId
        ? {
            accessKeyId: result.accessKeyId,
            service: result.scope.service,
            region: result.scope.region ?? '',
          }
        : undefined
    const call = { method, path, contentType, target, input, body, signedBy }
    calls.push(call)
    const reply = !result.ok
      ? awsError(result, 'query')
      : (replies.shift() ?? (target ? cognito : sts))(call)
    return response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    keys,
    replies,
    close: () => shut(server),
  }
}
