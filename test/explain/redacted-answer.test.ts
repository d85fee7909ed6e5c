import { awsError, explain, type Refused, sign, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { KEY } from './client-case.ts'

const url = 'https://bucket.example.com/a'
const held = { ...KEY, sessionToken: 'TOKENOFTHESESSION==' }
const options = { service: 's3', region: 'us-east-1', credentials: held }

/** What a server answers whose secret is another, with its string to sign or without it. */
async function answered(token: string, isWhole: boolean): Promise<string> {
  const other = { ...held, sessionToken: token, secretAccessKey: 'another' }
  const signed = await sign({ url }, { ...options, credentials: { ...held, sessionToken: token } })
  const refused = await verify(signed, { service: 's3', credentials: () => other })
  const { body } = awsError(refused as Refused, 's3')
  expect(body).toContain('x-amz-security-token:…')
  return isWhole ? body : body.replace(/<StringToSign.*Bytes>(?=<Canonical)/s, '')
}

describe('an answer without the session token', () => {
  it('proves that the secret is another, by its hash of all that was signed', async () => {
    const serverError = await answered(held.sessionToken, true)
    const [, date = ''] = /<StringToSign>[^\n]+\n(\w+)/.exec(serverError) ?? []
    expect(date).toMatch(/Z$/)
    const why = await explain({ url }, { ...options, serverError })
    expect([why.cause, why.certain]).toEqual(['wrong-secret', true])
  })

  it('proves that the token is another', async () => {
    const why = await explain({ url }, { ...options, serverError: await answered('other', true) })
    expect([why.cause, why.certain]).toEqual(['token-altered', true])
  })

  it('proves nothing without that hash', async () => {
    const serverError = await answered('other', false)
    const [, date = ''] = /x-amz-date:(\w+)/.exec(serverError) ?? []
    const at = new Date(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
    const why = await explain({ url }, { ...options, signingDate: at, serverError })
    expect(why.certain).toBe(false)
    expect(why.message).toContain('proves nothing')
  })
})

it.each([
  'https://bucket.s3.eu-west-1.amazonaws.com/a',
  'http://127.0.0.1:9000/bucket/a',
  'http://localhost/bucket/a',
])('a request that the server reads as it was signed blames no host: %s', async (url) => {
  const scope = { service: 's3', region: 'eu-west-1' }
  const other = { ...KEY, secretAccessKey: 'another' }
  const signed = await sign({ url }, { ...scope, credentials: other })
  const refused = await verify(signed, { ...scope, credentials: () => KEY })
  const serverError = awsError(refused as Refused, 's3').body
  const why = await explain(signed, { ...scope, credentials: KEY, serverError })
  expect(why).toMatchObject({ cause: 'wrong-secret', certain: false, differences: [] })
  expect(why).toHaveProperty('theirs')
  expect(await explain(signed, { ...scope, credentials: KEY })).toMatchObject({
    cause: 'wrong-secret',
  })
})
