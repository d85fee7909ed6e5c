import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { sign, verify } from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/packed.ts'
import { credentials, installCommand, secretAccessKey } from './command.ts'

let command: ReturnType<typeof installCommand>
beforeAll(() => {
  command = installCommand()
}, 60_000)
afterAll(() => command.packed.remove())

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/a%20b'
const lookup = { service: 's3', credentials: () => credentials }

/** The fields of the printed lines. */
const fieldsOf = (text: string): [string, string][] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(/: (.*)/s, 2) as [string, string])

describe('countersign sign', () => {
  it('prints headers that a server accepts, scope read off the URL', async () => {
    const { code, stdout } = await command.run(['sign', '-X', 'PUT', '-d', 'text', url])
    const headers = [...fieldsOf(stdout), ['host', new URL(url).host]] as [string, string][]
    const received = { method: 'PUT', url: '/a%20b', headers, body: 'text' }
    expect([code, (await verify(received, lookup)).ok]).toEqual([0, true])
  })

  it('prints a curl line that reads back as the same request', async () => {
    const line = await command.run(['sign', '--format', 'curl', '-H', "x-amz-meta-a: it's", url])
    const { code, stdout } = await command.run(['verify'], line.stdout)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^The signature holds: AKIDEXAMPLE/)])
  })

  it('prints a curl line that sends a file as its body', async () => {
    const file = `${command.packed.consumer}/body.bin`
    writeFileSync(file, Uint8Array.of(0, 255, 10))
    const words = ['sign', '--format', 'curl', '-X', 'PUT', '-d', `@${file}`, url]
    const { code, stdout } = await command.run(words)
    expect([code, stdout]).toEqual([0, expect.stringContaining(`--data-binary '@${file}'`)])
  })

  it.each([
    ['s3://bucket/a b?c%', 'https://bucket.s3.eu-west-1.amazonaws.com/a%20b%3Fc%25'],
    ['s3://my.bucket/k', 'https://s3.eu-west-1.amazonaws.com/my.bucket/k'],
    ['s3://bucket/\u00fc/%2F', 'https://bucket.s3.eu-west-1.amazonaws.com/%C3%BC/%252F'],
    ['s3://bucket', 'https://bucket.s3.eu-west-1.amazonaws.com/'],
  ])('understands %s', async (object, expected) => {
    const words = ['sign', '--json', '--region', 'eu-west-1', object]
    const { code, stdout } = await command.run(words)
    expect([code, JSON.parse(stdout).url]).toEqual([0, expected])
    expect(JSON.parse(stdout).trace.credentialScope).toMatch(/\/eu-west-1\/s3\/aws4_request$/)
  })

  it.each([
    [['s3://bucket/key'], '--region'],
    [['https://example.com/'], '--service'],
    [['--service', 's3', 'https://example.com/'], '--region'],
    [['--payload', 'odd', url], '--payload'],
    [['--service', 'a/b', '--region', 'x', url], '--service'],
  ])('speaks of flags: %j', async (words, flag) => {
    const { code, stderr } = await command.run(['sign', ...words])
    expect([code, stderr]).toEqual([2, expect.stringContaining(flag)])
    expect(stderr).not.toMatch(/pass /)
  })

  it('speaks of flags where a URL would live too long', async () => {
    const { code, stderr } = await command.run(['presign', '--expires-in', '9999999', url])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--expires-in is 1 to 604800')])
  })

  it('takes a date in the form of AWS, and refuses what is none', async () => {
    const dated = (date: string) => command.run(['sign', '--signing-date', date, url])
    const [aws, iso, none] = await Promise.all([
      dated('20150830T123600Z'),
      dated('2015-08-30T12:36:00Z'),
      dated('yesterday'),
    ])
    expect([aws.code, aws.stdout]).toEqual([0, expect.stringContaining('20150830T123600Z')])
    expect(iso.stdout).toBe(aws.stdout)
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('20150830T123600Z')])
  })

  it('refuses a pasted body that is no text, as it would be another one', async () => {
    const head = 'PUT /a HTTP/1.1\r\nHost: bucket.s3.eu-west-1.amazonaws.com\r\n\r\n'
    const { code, stderr } = await command.run(
      ['sign'],
      Buffer.concat([Buffer.from(head), Buffer.of(255, 254)]),
    )
    expect([code, stderr]).toEqual([2, expect.stringContaining('--data @FILE')])
  })

  it.each([
    ['an HTTP message', 'GET /a%20b HTTP/1.1\r\nHost: bucket.s3.eu-west-1.amazonaws.com\r\n\r\n'],
    ['a curl line', "curl 'https://bucket.s3.eu-west-1.amazonaws.com/a%20b' -H $'x-a: \\u0041'"],
    ['a HAR entry', JSON.stringify({ request: { method: 'GET', url, headers: [] } })],
    ['a URL', url],
  ])('reads %s on standard input', async (_, input) => {
    const { code, stdout } = await command.run(['sign', '--json'], input)
    const signed = JSON.parse(stdout) as { url: string; headers: Record<string, string> }
    expect([code, signed.url]).toEqual([0, url])
    expect(signed.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//)
  })
})

describe('countersign presign and verify', () => {
  it('presigns, and verify takes the URL; altered, it is refused with exit code 1', async () => {
    const { stdout } = await command.run(['presign', '--expires-in', '60', url])
    expect(stdout).toContain('X-Amz-Expires=60')
    const good = await command.run(['verify'], stdout)
    const bad = await command.run(['verify', '--json'], stdout.replace('a%20b', 'other'))
    expect([good.code, bad.code]).toEqual([0, 1])
    expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, reason: 'signature-mismatch' })
  })
})

describe('the time of what is judged', () => {
  const days = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString()
  const presigned = async (signedAt: string) =>
    (await command.run(['presign', '--signing-date', signedAt, '--expires-in', '600', url])).stdout

  it.each([
    ['verify', 'Refused (expired): the URL expired 3 years ago'],
    ['explain', 'The presigned URL expired 3 years ago'],
  ])('%s says how long ago a URL has expired, and ends with 1', async (verb, sentence) => {
    const { code, stdout } = await command.run([verb], await presigned(days(3.5 * 365)))
    expect([code, stdout]).toEqual([1, expect.stringContaining(sentence)])
  })

  it.each(['verify', 'explain'])('%s judges as of --now', async (verb) => {
    const old = await presigned('20150830T123600Z')
    const at = (now: string) => command.run([verb, '--now', now], old)
    const [within, after, never] = [
      await at('20150830T124000Z'),
      await at('2015-08-30T14:00:00Z'),
      await at('yesterday'),
    ]
    expect([within.code, after.code, never.code]).toEqual([0, 1, 2])
    expect(after.stdout).toContain('expired 1 hour ago')
    expect(never.stderr).toContain('--now is no date')
  })

  it('verify says until when a request is accepted', async () => {
    const at = ['verify', '--now', '20150830T124000Z']
    const url = await command.run(at, await presigned('20150830T123600Z'))
    expect(url.stdout).toMatch(/, until 2015-08-30T12:46:00Z \(in 6 minutes\)\.\n$/)
    const words = [
      'sign',
      '--format',
      'curl',
      '--signing-date',
      '20150830T123600Z',
      'https://bucket.s3.eu-west-1.amazonaws.com/k',
    ]
    const line = (await command.run(words)).stdout
    const header = await command.run(['verify'], line)
    expect([header.code, header.stdout]).toEqual([
      0,
      expect.stringMatching(/, until 2015-08-30T12:51:00Z \(\d+ years ago\)\.\n$/),
    ])
  })
})

describe('countersign explain', () => {
  const answer = async (more: object = {}) => {
    const signed = await sign({ url }, { service: 's3', region: 'eu-west-1', credentials, ...more })
    const { canonicalRequest, stringToSign, signature } = signed.trace
    const body = `<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match</Message><AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId><StringToSign>${stringToSign}</StringToSign><SignatureProvided>${signature}</SignatureProvided><CanonicalRequest>${canonicalRequest}</CanonicalRequest></Error>`
    return { signed, body }
  }

  it('reads an answer of S3 alone: another secret has signed', async () => {
    const wrong = { ...credentials, secretAccessKey: 'another' }
    const { body } = await answer({ credentials: wrong })
    const { code, stdout } = await command.run(['explain'], body)
    expect(code).toBe(1)
    expect(stdout).toContain('[wrong-secret]')
  })

  it('says so where the signature holds with the key at hand', async () => {
    const { code, stdout } = await command.run(['explain'], (await answer()).body)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/holds|matches/)])
  })

  it('names requests and answers where it is given neither', async () => {
    const { code, stderr } = await command.run(['explain'], 'neither')
    expect([code, stderr]).toEqual([2, expect.stringContaining('neither a request nor an answer')])
  })

  it('retells an answer where there are no credentials', async () => {
    const { body } = await answer()
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
    const { code, stdout, stderr } = await command.run(['explain'], body, none)
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('Canonical request that the server'),
    ])
    expect(stderr).toContain('The cause was not searched for: invalid-credentials')
  })

  it('asks for the request where an answer does not quote its signature', async () => {
    const body = (await answer()).body.replace(/<SignatureProvided>.*<\/SignatureProvided>/, '')
    const { code, stderr } = await command.run(['explain'], body)
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/does not quote the signature.*--error/),
    ])
  })

  it('retells an answer that quotes nothing, and spells control characters out', async () => {
    const body = '<Error><Code>AccessDenied</Code><RequestId>R</RequestId></Error>'
    expect((await command.run(['explain'], body)).stdout).toBe('AccessDenied\n')
    const odd = '<Error><Code>Odd</Code><Message>a\x1b[2Jb\x07</Message></Error>'
    expect((await command.run(['explain'], odd)).stdout).toBe('Odd: a\\u001b[2Jb\\u0007\n')
  })

  it('compares a request with its answer, and names the cause', async () => {
    const { body } = await answer()
    const { code, stdout } = await command.run(
      ['explain', '--json', 'https://bucket.s3.eu-west-1.amazonaws.com/a%2520b'],
      body.replaceAll('/a%20b', '/a%20b'),
    )
    const said = JSON.parse(stdout) as { cause: string; differences: { part: string }[] }
    expect([code, said.differences[0]?.part]).toEqual([1, 'path'])
  })

  it('colours the lines that differ, ours red and theirs green', async () => {
    const { stdout } = await command.run(
      ['explain', 'https://bucket.s3.eu-west-1.amazonaws.com/a%2520b'],
      (await answer()).body,
      { FORCE_COLOR: '1' },
    )
    expect(stdout).toMatch(/^\u001b\[31m +\d+ - .*a%2520b\u001b\[0m$/m)
    expect(stdout).toMatch(/^\u001b\[32m +\d+ \+ .*a%20b\u001b\[0m$/m)
  })

  it('has colours where they are wanted, and none in a pipe or under NO_COLOR', async () => {
    const { body } = await answer({ credentials: { ...credentials, secretAccessKey: 'another' } })
    const plain = await command.run(['explain'], body)
    const forced = await command.run(['explain'], body, { FORCE_COLOR: '1' })
    const refused = await command.run(['explain'], body, { FORCE_COLOR: '1', NO_COLOR: '1' })
    const start = '\u001b['
    expect([plain, forced, refused].map(({ stdout }) => stdout.includes(start))).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('the command', () => {
  it.each([
    [['nonsense'], 2],
    [['sign', '--nonsense'], 2],
    [['sign', 'not a url'], 2],
    [['sign', 'https://example.com/'], 2],
    [['presign', '--expires-in', 'soon', url], 2],
    [['sign', '--credentials', 'false', url], 3],
    [['curl', '-L', url], 2],
    [['--help'], 0],
    [['--version'], 0],
    [[], 2],
  ])('%j ends with %i, and says what to do', async (words, expected) => {
    const { code, stdout, stderr } = await command.run(words)
    expect(code).toBe(expected)
    expect(expected === 0 || !words[0] ? stdout : stderr).not.toBe('')
  })

  it('asks a --credentials command, and shows neither its secret nor what it prints', async () => {
    const file = `${command.packed.consumer}/key.json`
    const key = { AccessKeyId: 'AKIDOTHER', SecretAccessKey: secretAccessKey }
    writeFileSync(file, JSON.stringify(key))
    const { code, stdout } = await command.run(['sign', '--credentials', `cat ${file}`, url])
    expect([code, stdout]).toEqual([0, expect.stringContaining('Credential=AKIDOTHER/')])
    writeFileSync(file, `not json ${secretAccessKey}`)
    const failed = await command.run(['sign', '--credentials', `cat ${file}`, url])
    expect([failed.code, failed.stderr.includes(secretAccessKey)]).toEqual([3, false])
  })

  it('never prints the secret', async () => {
    const outcomes = await Promise.all([
      command.run(['sign', '--json', url]),
      command.run(['presign', url]),
      command.run(['verify'], url),
      command.run(['explain'], `GET / HTTP/1.1\nHost: x\nAuthorization: ${secretAccessKey}\n\n`),
    ])
    for (const { stdout, stderr } of outcomes)
      expect(stdout + stderr).not.toContain(secretAccessKey)
  })

  it('shows no session token of a request that it judges', async () => {
    const sessionToken = 'SESSIONTOKENOFTHETEST'
    const line = await command.run(['sign', '--format', 'curl', url], '', {
      AWS_SESSION_TOKEN: sessionToken,
    })
    expect(line.stdout).toContain(sessionToken)
    const judged = await command.run(['verify', '--json'], line.stdout, {
      AWS_SESSION_TOKEN: sessionToken,
    })
    expect(JSON.parse(judged.stdout)).toMatchObject({ ok: true })
    const { trace } = JSON.parse(judged.stdout) as { trace: { canonicalRequest: string } }
    const error = `<Error><Code>X</Code><CanonicalRequest>${trace.canonicalRequest.replace('…', sessionToken)}</CanonicalRequest></Error>`
    const told = await command.run(['explain'], error)
    expect(judged.stdout + told.stdout).not.toContain(sessionToken)
  })

  it('changes what is pasted by its words', async () => {
    const words = ['sign', '--json', '-X', 'PUT', '-H', 'x-b: 2', '-d', 'new']
    const { stdout } = await command.run(words, `curl ${url} -H 'x-a: 1' -H 'X-B: 1' -d old`)
    expect(JSON.parse(stdout)).toMatchObject({ method: 'PUT', headers: { 'x-a': '1', 'x-b': '2' } })
  })

  it('ends in peace where its reader goes', () => {
    const { program, environment } = command
    const line = `node ${program} --help | head -1; echo "\${PIPESTATUS[0]}"`
    const output = execFileSync('bash', ['-c', line], { env: environment, encoding: 'utf8' })
    expect(output).toMatch(/^countersign: .*\n0\n$/)
  })

  it('is what the manifest names, and runs through npx', () => {
    const { packed, environment } = command
    expect(packed.manifest.bin).toEqual({ countersign: './dist/cli.js' })
    expect(readFileSync(`${packed.installed}/dist/cli.js`, 'utf8')).toMatch(
      /^#!\/usr\/bin\/env node/,
    )
    const words = [
      '--yes',
      '--prefer-offline',
      '--package',
      packed.tarball,
      'countersign',
      '--version',
    ]
    const env = { ...environment, npm_config_cache: process.env.npm_config_cache }
    const options = { cwd: packed.consumer, env, encoding: 'utf8' } as const
    expect(execFileSync('npx', words, options).trim()).toBe(packed.manifest.version)
  })
})

describe('a profile', () => {
  it('is read by the optional loader, and said what to install where there is none', async () => {
    const { consumer } = command.packed
    mkdirSync(`${consumer}/.aws`)
    const lines = ['[team]', 'aws_access_key_id = AKIDPROFILE', 'aws_secret_access_key = secret']
    writeFileSync(`${consumer}/.aws/credentials`, lines.join('\n'))
    const missing = await command.run(['sign', '--profile', 'team', url])
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('npm i @smithy/')])
    mkdirSync(`${consumer}/node_modules/@smithy`, { recursive: true })
    const loader = '@smithy/shared-ini-file-loader'
    symlinkSync(`${root}/node_modules/${loader}`, `${consumer}/node_modules/${loader}`)
    const { code, stdout } = await command.run(['sign', '--profile', 'team', url])
    expect([code, stdout]).toEqual([0, expect.stringContaining('Credential=AKIDPROFILE/')])
  })
})
