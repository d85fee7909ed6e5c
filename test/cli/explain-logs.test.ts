import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commandOf, describeWithPart } from '../real/parts.ts'
import { exampleSession } from '../support/example-key.ts'
import { root } from '../support/packed.ts'
import { besideServer, secretAccessKey } from './command.ts'

const world = besideServer()
const logOf = (name: string) => readFileSync(`${root}/test/cli/logs/${name}.log`, 'utf8')
const run = (words: readonly string[], input = '', env = {}) => world.command.run(words, input, env)
/** Whoever sent what is logged had this for a secret. */
const SENDER = { AWS_SECRET_ACCESS_KEY: 'another' }
const NOBODY = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }

const REFUSED = [
  ...['awscli-put-object', 'awscli-list-objects', 'awscli-get-caller-identity'],
  ...['awscli-list-tables', 'sdk-list-objects', 'sdk-put-object-json', 'sdk-list-tables'],
  'sdk-get-caller-identity',
]

describe('a log of one call', () => {
  it.each(REFUSED)('%s is explained with its answer, by the key that has signed', async (name) => {
    const { code, stdout, stderr } = await run(['explain'], logOf(name), SENDER)
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(
      /^Proved: The secret is not that of this access key id\..*\[wrong-secret\]/,
    )
    expect(stdout).toContain('Canonical request (the same on both sides):')
  })

  it.each(REFUSED)('%s is verified by the hash of its body', async (name) => {
    const own = await run(['verify'], logOf(name), SENDER)
    expect([own.code, own.stderr]).toEqual([0, ''])
    const { code, stdout } = await run(['verify'], logOf(name))
    expect([code, stdout]).toEqual([1, expect.stringContaining('signature-mismatch')])
  })

  it.each([
    ['awscli-put-object', 'not shown'],
    ['sdk-put-object-json', 'verified'],
  ])('%s is said to have a body that is %s', async (name, said) => {
    const { stdout } = await run(['verify'], logOf(name), SENDER)
    expect(stdout).toContain(`body ${said}, until`)
  })

  it('is signed again, with the hash of its body', async () => {
    const { code, stdout } = await run(['sign', '--json'], logOf('awscli-put-object'))
    expect(code).toBe(0)
    expect(JSON.parse(stdout).trace.canonicalRequest).toMatch(/\n853ff93762a06ddb[\da-f]{48}$/)
  })

  it('is changed by the words of the call', async () => {
    const words = ['explain', '-H', 'content-md5: AAAAAAAAAAAAAAAAAAAAAA==', '--json']
    const { stdout } = await run(words, logOf('awscli-put-object'), SENDER)
    expect(JSON.parse(stdout).causes).toContain('header-changed')
  })

  it('without its answer asks for that, and is judged', async () => {
    const log = logOf('sdk-list-objects').split('\nSignatureDoesNotMatch')[0]
    const { code, stdout, stderr } = await run(['explain'], log, SENDER)
    expect([code, stdout]).toEqual([0, 'The signature matches.\n'])
    expect(stderr).toMatch(/shows no answer: .*--error FILE/)
  })

  it('without a key says what is stated, and asks for the key', async () => {
    const { code, stdout, stderr } = await run(['explain'], logOf('awscli-list-objects'), NOBODY)
    expect([code, stdout]).toEqual([
      3,
      expect.stringMatching(/^Signed by AKIDEXAMPLE for eu-west-1/),
    ])
    expect(stderr).toMatch(/give the key, by --profile or --credentials/)
  })

  it('without a key still tells what the two texts tell', async () => {
    const log = logOf('awscli-put-object')
    const changed = log.replace(
      "'Content-Type': b'text/plain', 'User",
      "'Content-Type': b'a/b', 'User",
    )
    const { code, stdout } = await run(['explain'], changed, NOBODY)
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^Proved: .*\[header-changed\]/)])
  })

  it.each(['explain', 'verify', 'sign'])(
    '%s shows no token of it that is not to be sent',
    async (verb) => {
      const key = {
        AWS_ACCESS_KEY_ID: exampleSession.accessKeyId,
        AWS_SESSION_TOKEN: exampleSession.sessionToken,
      }
      const words = verb === 'sign' ? [verb, '--region', 'eu-west-1'] : [verb, '--json']
      const { stdout, stderr } = await run(words, logOf('awscli-session'), key)
      const shown = verb === 'sign' ? stderr : stdout + stderr
      expect(shown).not.toContain(exampleSession.sessionToken)
      expect(stdout + stderr).not.toContain(secretAccessKey)
    },
  )
})

describe("a client's lines of a signature", () => {
  const own = logOf('awscli-put-object')
    .split('\n')
    .filter((_, at, all) => at >= all.findIndex((line) => line.endsWith('CanonicalRequest:')))
    .slice(0, 19)
    .map((line) => line.replace(/^.* - DEBUG - /, ''))
    .join('\n')
  const url = /url=([^,]+),/.exec(logOf('awscli-put-object'))?.[1] ?? ''

  it('are lines alone', () => {
    expect(own).toMatch(/^CanonicalRequest:\nPUT\n.*\nSignature:\n[\da-f]{64}$/s)
  })

  it('are proved by the key at hand, and more is asked for', async () => {
    const { code, stdout, stderr } = await run(['explain'], own, SENDER)
    expect([code, stdout]).toEqual([0, 'The signature matches.\n'])
    expect(stderr).toMatch(/give its answer with --error FILE, or name the URL/)
    expect((await run(['explain'], own)).code).toBe(1)
  })

  it.each([
    ['the same request', url, [], 0, /^The client has signed this request, line by line\./],
    ['another type', url, ['-H', 'content-type: a/b'], 1, /line 5.*"t" \/ "a"/s],
    ['another path', url.replace('%20', '%2520'), ['--service', 's3'], 1, /\[url-reencoded\]/],
    ['another method', url, ['-X', 'POST'], 1, /\[method-changed\]/],
    ['another body', url, ['-d', 'other'], 1, /\[payload-altered\]/],
  ] as const)('are compared with %s, key or none', async (_, to, words, code, said) => {
    for (const env of [{}, NOBODY]) {
      const all = ['explain', '-X', 'PUT', ...words, to]
      const { stdout, ...ended } = await run(all, own, env)
      expect([ended.code, stdout]).toEqual([code, expect.stringMatching(said)])
    }
  })

  it.each([
    ['CanonicalRequest:', /^StringToSign: and Signature: is missing/],
    ['Signature:', /^CanonicalRequest: and StringToSign: is missing/],
  ])('%s alone is not enough', async (first, said) => {
    const from = own.slice(own.indexOf(first))
    const text = first === 'Signature:' ? from : from.slice(0, from.indexOf('StringToSign:'))
    const { code, stderr } = await run(['explain'], text)
    expect([code, stderr]).toEqual([1, expect.stringMatching(said)])
  })
})

describe('what is pasted alone', () => {
  const stsError = logOf('sdk-get-caller-identity')
  it.each([
    [
      'an API Gateway error',
      stsError.slice(stsError.indexOf('SignatureDoesNotMatch: ')),
      /does not quote the signature; give the request/,
    ],
    [
      'a word of a command',
      logOf('awscli-list-objects').slice(-300),
      /does not quote what the server has read/,
    ],
    [
      'an expired token',
      '{"__type":"ExpiredTokenException","message":"x"}',
      /anything else is wrong is not known/,
    ],
  ])('%s says what it proves, and what more is needed', async (_, text, said) => {
    const { code, stdout, stderr } = await run(['explain'], text, NOBODY)
    expect([code, stderr]).toEqual([1, expect.stringMatching(said)])
    expect(stdout).not.toBe('')
  })

  it('an S3 error has it proved by the key', async () => {
    const text = logOf('sdk-list-objects')
    const error = text.slice(text.indexOf('SignatureDoesNotMatch: '))
    const other = await run(['explain'], error)
    expect([other.code, other.stdout]).toEqual([1, expect.stringMatching(/^Likely: /)])
    const { code, stdout } = await run(['explain'], error, SENDER)
    expect([code, stdout]).toEqual([0, 'The signature matches.\n'])
  })

  it('an expired token is named with its cure', async () => {
    const text = '{"__type":"ExpiredTokenException","message":"x"}'
    expect(JSON.parse((await run(['explain', '--json'], text, NOBODY)).stdout)).toMatchObject({
      finding: { cause: 'token-expired' },
    })
  })

  it('a presigned URL says whose it is and until when, and asks for the key', async () => {
    const url =
      'https://b.s3.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDOTHER%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'
    const { code, stdout, stderr } = await run(['explain', url], '', NOBODY)
    expect([code, stdout]).toEqual([
      3,
      expect.stringMatching(
        /^Signed by AKIDOTHER for us-east-1 and s3, .*ends at 2013-05-25T00:00:00Z \(1\d years ago\)/,
      ),
    ])
    expect(stderr).toContain("the server's answer, with --error FILE")
    const other = await run(['explain', url, '--now', '20130524T010000Z'])
    expect(other.stdout).toMatch(/^Proved: The key at hand is not the one .*\n.*--profile/)
  })

  it('prose is neither', async () => {
    const { code, stderr } = await run(['explain'], 'it does not work')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/neither a request nor an answer/)])
  })
})

describeWithPart('awscli', 'awscli that runs now', () => {
  it('is explained by what --debug prints', async () => {
    const words = ['s3api', 'put-object', '--bucket', 'bucket', '--key', 'a b', '--body', 'body']
    const { consumer } = world.command.packed
    writeFileSync(`${consumer}/body`, 'hello')
    const printed = await new Promise<string>((resolve) =>
      execFile(
        commandOf('awscli'),
        [...words, '--debug', '--region', 'eu-west-1', '--endpoint-url', world.server.url],
        { cwd: consumer, env: { ...world.command.environment, ...SENDER }, maxBuffer: 1e8 },
        (_, stdout, stderr) => resolve(stderr + stdout),
      ),
    )
    const { code, stdout, stderr } = await run(['explain'], printed, SENDER)
    expect([code, stdout, stderr]).toEqual([
      1,
      expect.stringMatching(/^Proved: .*\[wrong-secret\]/),
      '',
    ])
  })
})
