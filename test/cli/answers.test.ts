import { awsError, presign, type SignedRequest, sign, verify } from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, installCommand } from './command.ts'

let command: ReturnType<typeof installCommand>
beforeAll(() => {
  command = installCommand()
}, 60_000)
afterAll(() => command.packed.remove())

const METHODS = { sign, presign }
const sessionToken = 'SESSIONTOKENOFTHETEST'
const other = { ...credentials, secretAccessKey: 'another' }

/** What a server of our own answers to a request whose secret it has not. */
async function answerTo(signed: SignedRequest, held: object): Promise<string> {
  const rules = { service: 'any', unsignedPayload: 'accept', credentials: () => held } as const
  const result = await verify(signed, rules as never)
  if (result.ok) throw new Error('accepted')
  return awsError(result, 's3').body
}

describe('countersign explain, of an answer of our own alone', () => {
  it.each([
    ['s3', 'sign', '/a%20b/%C3%BC(1)+x?list-type=2&prefix=a%2Bb'],
    ['s3', 'presign', '/a%20b/%C3%BC(1)+x?list-type=2&prefix=a%2Bb'],
    ['execute-api', 'sign', '/a%20b/%C3%BC(1)%2F?limit=2'],
    ['execute-api', 'presign', '/a%20b/%C3%BC(1)%2F?limit=2'],
  ] as const)('searches for the cause: %s, %s', async (service, method, path) => {
    const options = { service, region: 'us-east-1', credentials: other }
    const signed = await METHODS[method]({ url: `https://bucket.example.com${path}` }, options)
    const answer = await answerTo(signed, credentials)
    const { stdout } = await command.run(['explain', '--json'], answer, {
      AWS_SECRET_ACCESS_KEY: other.secretAccessKey,
    })
    expect(JSON.parse(stdout)).toMatchObject({ matches: true })
    const unlike = await command.run(['explain', '--json'], answer)
    expect(JSON.parse(unlike.stdout)).toMatchObject({ matches: false, certain: false })
  })

  it.each(['sign', 'presign'] as const)(
    'says that it proves nothing without its session token: %s',
    async (method) => {
      const options = {
        service: 's3',
        region: 'us-east-1',
        credentials: { ...other, sessionToken },
      }
      const signed = await METHODS[method]({ url: 'https://bucket.example.com/a' }, options)
      const answer = await answerTo(signed, { ...credentials, sessionToken })
      expect(answer).toContain('SignatureProvided')
      expect(answer).not.toContain(sessionToken)
      const { code, stdout, stderr } = await command.run(['explain'], answer, {
        AWS_SESSION_TOKEN: sessionToken,
      })
      expect(code).toBe(1)
      expect(stderr).toMatch(/session token .* proves nothing/)
      expect(stdout).not.toMatch(/Proved|\[token-/)
    },
  )
})
