import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createVerifyingServer } from 'countersign/testing'
import { describe, expect, it } from 'vitest'
import { curlOptionsOf } from '../../src/inputs/curl-options.ts'
import { describeWithPart } from '../real/parts.ts'
import { sha256 } from '../support/hash.ts'
import { listen } from '../support/loopback.ts'
import { besideServer, type Outcome } from './command.ts'

const world = besideServer()
const sessionToken = 'SESSIONTOKENOFTHETEST'

const scope = ['--service', 's3', '--region', 'eu-west-1']
const curl = (
  words: readonly string[],
  input: string | Uint8Array = '',
  env: object = {},
): Promise<Outcome> => world.command.run(['curl', ...scope, '-sS', ...words], input, env)
/** A file of the consumer's. */
const fileOf = (name: string, content?: string | Uint8Array): string => {
  const file = `${world.command.packed.consumer}/${name}`
  if (content !== undefined) writeFileSync(file, content)
  return file
}

/** What one request to a server of our own brings. */
async function served<Result>(
  answer: RequestListener,
  ask: (origin: string) => Promise<Result>,
): Promise<Result> {
  const own = createServer(answer)
  const origin = `http://127.0.0.1:${await listen(own)}`
  const result = await ask(origin)
  own.closeAllConnections()
  await new Promise((resolve) => own.close(resolve))
  return result
}

describeWithPart('curl', 'countersign curl', () => {
  const bytes = Uint8Array.from([0, 10, 13, 255, 254, 128, 61, 38, 64])

  /** Puts by the words of a call, and gets it back. */
  const stored = async (key: string, words: readonly string[], input?: string | Uint8Array) => {
    const url = `${world.server.url}/bucket/${key}`
    const back = fileOf('back.bin', '')
    const up = await curl([...words, url], input)
    const down = await curl(['-o', back, url])
    expect([up.code, up.stdout, up.stderr, down.code]).toEqual([0, '', '', 0])
    return readFileSync(back)
  }

  it.each([
    ['-T', (file: string) => ['-T', file]],
    ['--data-binary', (file: string) => ['-XPUT', '--data-binary', `@${file}`]],
    ['--json', (file: string) => ['-X', 'PUT', '--json', `@${file}`]],
  ])('sends the bytes of a file: %s', async (name, words) => {
    const sent = await stored(`file${name}`, words(fileOf('body.bin', bytes)))
    expect([...sent]).toEqual([...bytes])
  })

  it.each([
    ['-T', ['-T', '-']],
    ['--data-binary', ['-X', 'PUT', '--data-binary', '@-']],
    ['-T of a stream that is not hashed', ['-T', '-', '--payload', 'UNSIGNED-PAYLOAD']],
  ])('sends the bytes of standard input: %s', async (name, words) => {
    expect([...(await stored(encodeURIComponent(name), words, bytes))]).toEqual([...bytes])
  })

  it('sends data as curl reads it', async () => {
    const text = fileOf('text', 'a\r\nbc\n')
    const put = (...words: string[]) => stored('data', ['-X', 'PUT', ...words])
    expect(`${await put('-d', `@${text}`, '-d', 'x=1')}`).toBe('abc&x=1')
    expect(`${await put('--data-raw', '@text')}`).toBe('@text')
    expect(`${await put('--data-urlencode', "a=b c!'()*~\u00e9")}`).toBe(
      'a=b+c%21%27%28%29%2A~%C3%A9',
    )
    expect(`${await put('--data-urlencode', `n@${text}`)}`).toBe('n=a%0D%0Abc%0A')
    expect(`${await put('-d', '')}`).toBe('')
    expect(`${await put('--json', '{"a":', '--json', '1}')}`).toBe('{"a":1}')
    expect(`${await put('-d', 'x', '-H', 'Content-Type:')}`).toBe('x')
    expect(`${await put('-d', 'x', '-H', `@${fileOf('fields', 'X-Amz-Meta-A: 1\n')}`)}`).toBe('x')
  })

  it('sends a long body and brings it back, byte for byte', async () => {
    const long = randomBytes(12 * 1048576)
    expect(sha256(await stored('long', ['-T', fileOf('long.bin', long)]))).toBe(sha256(long))
  })

  it('takes s3://bucket/key, as the environment leads to it', async () => {
    const env = { AWS_ENDPOINT_URL: world.server.url, AWS_REGION: 'eu-west-1' }
    const run = (...words: string[]) => world.command.run(['curl', '-sS', ...words], '', env)
    const put = await run('-T', fileOf('s3.txt', 'of s3'), 's3://bucket/a b/')
    const got = await run('s3://bucket/a b/s3.txt')
    expect([put.code, got.code, got.stdout]).toEqual([0, 0, 'of s3'])
  })

  it('names the object after the file, where the URL names none', async () => {
    const file = fileOf('na me.txt', 'named')
    expect((await curl(['-T', file, `${world.server.url}/bucket/folder/`])).code).toBe(0)
    expect((await curl([`${world.server.url}/bucket/folder/na%20me.txt`])).stdout).toBe('named')
  })

  it.each([['-G'], ['-sGI'], ['-GX', 'GET']])(
    'signs what %s makes of the data',
    async (...flags) => {
      const words = [...flags, '-d', 'list-type=2', '--data-urlencode', "prefix=a b!'*\u00e9"]
      const { code, stdout } = await curl([...words, `${world.server.url}/bucket`])
      const isHead = flags.join('').includes('I')
      expect([code, stdout]).toEqual([
        0,
        isHead ? expect.stringMatching(/^HTTP\/1\.1 200/) : expect.stringContaining('<Prefix>a b!'),
      ])
    },
  )

  it("keeps the path as it is spelled, and what curl's own words say of the output", async () => {
    const url = `${world.server.url}/bucket//a%2fb~!'()*[1]{2}`
    expect((await curl(['-g', '-X', 'PUT', '-d', 'odd', url])).code).toBe(0)
    const words = ['-gi', '-A', 'me', '-b', 'a=b', '--compressed', '-w', '%{http_code}', url]
    expect((await curl(words)).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nodd200$/)
  })

  it('shows no signature and no token in its arguments', async () => {
    const seen: string[] = []
    const look: RequestListener = (request, response) => {
      const token = request.headers['x-amz-security-token']
      for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const line = commandLineOf(id)
        if (line.includes(request.headers.host as string)) seen.push(line)
      }
      request.resume().on('end', () => response.end(`${token}`))
    }
    await served(look, async (origin) => {
      for (const words of [
        ['-d', 'x'],
        ['-T', '-'],
      ]) {
        const env = { AWS_SESSION_TOKEN: sessionToken }
        expect((await curl([...words, `${origin}/a`], 'piped', env)).stdout).toBe(sessionToken)
      }
    })
    expect(seen.filter((line) => /(^|\/)curl\0/.test(line)).length).toBeGreaterThanOrEqual(2)
    expect(seen.join('')).not.toMatch(/Signature|SESSIONTOKEN|Credential=/)
  })

  it('follows no redirect, whatever a file of options says', async () => {
    writeFileSync(`${world.command.packed.consumer}/.curlrc`, 'location\n')
    const visited: unknown[] = []
    const redirect: RequestListener = (request, response) => {
      visited.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    }
    await served(redirect, (origin) => curl([`${origin}/a`]))
    writeFileSync(`${world.command.packed.consumer}/.curlrc`, '')
    expect(visited).toEqual(['/a'])
  })

  it.each([
    ['-L', /^countersign: -L is refused: a signature is of one URL/],
    ['--location-trusted', /is refused: a signature is of one URL/],
    ['-sLf', /^countersign: -L is refused/],
    ['--next', /one request/],
    ['-K', /file of options/],
    ['http://127.0.0.1:1/b', /one URL/],
    ['-u', /without -u/],
    ['-F', /the body as --data-raw/],
    ['-HAuthorization: mine', /signing adds it/],
  ])('refuses %s, and says why', async (word, why) => {
    const { code, stderr } = await curl(['http://127.0.0.1:1/{a}', '-g', word])
    expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
  })

  it('refuses zeros in what is no binary, which versions of curl read in two ways', async () => {
    const { code, stderr } = await curl(['-d', `@${fileOf('zero', 'a\0b')}`, 'http://127.0.0.1:1/'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('as --data-binary')])
  })

  it('refuses a URL that curl would take for several', async () => {
    const { code, stderr } = await curl(['http://127.0.0.1:1/[1-3]'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('with -g')])
  })

  it("ends as curl ends, with curl's own words", async () => {
    const url = `${world.server.url}/bucket/missing`
    expect((await curl(['--fail', url])).code).toBe(22)
    const gone = await curl(['http://127.0.0.1:1/'])
    expect([gone.code, gone.stderr]).toEqual([7, expect.stringMatching(/^curl: \(7\)/)])
    const file = await curl(['-T', 'missing.bin', url])
    expect([file.code, file.stderr]).toEqual([2, expect.stringMatching(/ENOENT.*missing/)])
  })

  it('says of a 403 how the cause is told, and --explain tells it', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'wrong' }
    const url = `${world.server.url}/bucket/key`
    const plain = await world.command.run(['curl', ...scope, url], '', env)
    expect([plain.code, plain.stdout]).toEqual([
      0,
      expect.stringContaining('SignatureDoesNotMatch'),
    ])
    expect(plain.stderr).toMatch(
      /\ncountersign: the server answered 403; with --explain it is said why\.\n$/,
    )
    for (const output of [[], ['-o', fileOf('answer.xml')]]) {
      const told = await curl(['--explain', ...output, url], '', env)
      expect([told.code, told.stderr]).toEqual([0, expect.stringContaining('[wrong-secret]')])
      expect(told.stdout === '').toBe(output.length > 0)
    }
  })

  it('--explain tells of a wrong region too, which S3 answers with 400', async () => {
    const server = await createVerifyingServer({ service: 's3', region: 'eu-central-1' })
    const told = await curl(['--explain', `${server.url}/bucket/key`])
    await server.close()
    expect(told.stdout).toContain('AuthorizationHeaderMalformed')
    expect(told.stderr).toContain('[wrong-region]')
  })

  it('knows each option that has a value', () => {
    const help = execFileSync('curl', ['--help', 'all'], { encoding: 'utf8' })
    const options = [...help.matchAll(/^ *(?:(-\S), )?(--[\w.-]+) (<|\[)/gm)]
    expect(options.length).toBeGreaterThan(100)
    for (const [, short, long] of options)
      for (const word of [short, long].filter((each) => each && !/^(-h|--help)$/.test(each)))
        expect([word, [...curlOptionsOf([word as string, 'v', 'u'])].length]).toEqual([word, 2])
  })
})

const commandLineOf = (id: string): string => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

describe('countersign curl, where curl is not installed', () => {
  const alone = (words: readonly string[], input = '', env: object = {}) =>
    world.command.run(['curl', ...scope, ...words], input, { PATH: '/nonexistent', ...env })
  const said = 'countersign: curl is not installed; countersign sends it itself.\n'

  it('says so, and sends a long body and brings it back, byte for byte', async () => {
    const long = randomBytes(12 * 1048576)
    const url = `${world.server.url}/bucket/alone`
    const up = await alone(['-T', fileOf('long.bin', long), '-#', url])
    expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('sent 12.0 MiB, done')])
    expect(up.stderr).toContain(said)
    const down = await alone(['-o', fileOf('back.bin'), url])
    expect([down.code, sha256(readFileSync(fileOf('back.bin')))]).toEqual([0, sha256(long)])
  })

  it('sends what is piped, and prints the answer with its head', async () => {
    const url = `${world.server.url}/bucket/piped`
    expect((await alone(['-T', '-', url], 'from a pipe')).code).toBe(0)
    const { stdout } = await alone(['-i', url])
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\n/)
    expect(stdout).toMatch(/\n\nfrom a pipe$/)
  })

  it('shows a refusal, and ends with 22 where it is asked to fail', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'wrong' }
    const url = `${world.server.url}/bucket/key`
    const shown = await alone([url], '', env)
    expect([shown.code, shown.stdout]).toEqual([
      0,
      expect.stringContaining('SignatureDoesNotMatch'),
    ])
    const failed = await alone(['--fail', url], '', env)
    expect([failed.code, failed.stdout]).toEqual([22, ''])
    const other = await alone(['--http2', url])
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("--http2 is curl's")])
  })

  it('ends with 4 where there is no server, or the answer breaks off, and with 2 for its files', async () => {
    const breakOff: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': '9' }).write('half')
      setTimeout(() => response.destroy(), 50)
    }
    const half = await served(breakOff, (origin) => alone([`${origin}/a`]))
    expect([half.code, half.stdout, half.stderr]).toEqual([
      4,
      'half',
      `${said}countersign: The answer broke off before its end.\n`,
    ])
    const gone = await alone(['http://127.0.0.1:1/a'])
    expect([gone.code, gone.stderr]).toEqual([
      4,
      `${said}countersign: The request could not be sent: ECONNREFUSED.\n`,
    ])
    const there = `${world.server.url}/bucket/key`
    for (const words of [
      ['-T', 'missing.bin', there],
      ['-o', 'missing/back.bin', there],
    ]) {
      const { code, stderr } = await alone(words)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/countersign: ENOENT: .*missing/)])
    }
  })
})
