import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeWithPart, requirePart } from '../real/parts.ts'
import { listen } from '../support/loopback.ts'
import { installCommand } from './command.ts'

let command: ReturnType<typeof installCommand>
beforeAll(() => {
  command = installCommand()
}, 60_000)
afterAll(() => command.packed.remove())

type Environment = Record<string, string>

const environmentOf = (lines: string): Environment =>
  Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  )

/** Starts the command, and waits for what it prints. */
async function serve(words: string[] = [], stdin: 'pipe' | 'ignore' = 'pipe') {
  const child = spawn(process.execPath, [command.program, 'serve', ...words], {
    stdio: [stdin, 'pipe', 'inherit'],
  })
  const [printed] = await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')
  return { child, printed: String(printed), environment: environmentOf(String(printed)) }
}

const listBuckets = ({
  AWS_ENDPOINT_URL: endpoint = '',
  AWS_REGION: region = '',
  ...key
}: Environment) =>
  new S3Client({
    ...{ endpoint, region, maxAttempts: 1 },
    credentials: {
      accessKeyId: key.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: key.AWS_SECRET_ACCESS_KEY ?? '',
    },
  }).send(new ListBucketsCommand())

/** Nobody listens there any more. */
const expectGone = (environment: Environment) =>
  vi.waitFor(
    () => expect(listBuckets(environment)).rejects.toMatchObject({ code: 'ECONNREFUSED' }),
    { timeout: 10_000, interval: 100 },
  )

describe('countersign serve', () => {
  it('prints what leads clients to it, and stops with its standard input', async () => {
    const { child, environment } = await serve(['--region', 'eu-west-1'])
    expect(environment).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' })
    await listBuckets(environment)
    const elsewhere = listBuckets({ ...environment, AWS_REGION: 'us-east-1' })
    await expect(elsewhere).rejects.toMatchObject({ name: 'AuthorizationHeaderMalformed' })
    child.stdin?.end()
    expect(await once(child, 'exit')).toEqual([0, null])
    await expectGone(environment)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops by %s', async (signal) => {
    const { child, printed } = await serve(['--json'], 'ignore')
    const environment = JSON.parse(printed) as Environment
    await listBuckets(environment)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('stops with its parent, which says nothing when it is killed', async () => {
    const script = `"$0" "$1" serve </dev/null & echo "$!"; wait`
    const parent = spawn('sh', ['-c', script, process.execPath, command.program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    parent.stdout.on('data', (piece) => {
      printed += piece
    })
    await vi.waitFor(() => expect(printed).toContain('AWS_DEFAULT_REGION'), { timeout: 10_000 })
    const environment = environmentOf(printed)
    await listBuckets(environment)
    parent.kill('SIGKILL')
    await expectGone(environment)
  }, 30_000)

  it('listens where it is told to, and says where it cannot', async () => {
    const other = createServer()
    const port = await listen(other)
    const taken = await command.run(['serve', '--port', `${port}`])
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('EADDRINUSE')])
    other.close()
    const { child, environment } = await serve(['--port', `${port}`])
    expect(environment.AWS_ENDPOINT_URL).toBe(`http://127.0.0.1:${port}`)
    child.stdin?.end()
    await once(child, 'exit')
    for (const words of [['--port', 'tea'], ['--port', '65536'], ['http://example.com']])
      expect((await command.run(['serve', ...words])).code).toBe(2)
  })
})

describeWithPart('awscli', 'countersign serve with the AWS CLI', () => {
  it('is where the environment leads it', async () => {
    const { child, environment } = await serve()
    // Debian's does not know AWS_ENDPOINT_URL yet.
    const endpoint = ['--endpoint-url', environment.AWS_ENDPOINT_URL ?? '']
    const asked = ['sts', 'get-caller-identity', '--output', 'text', ...endpoint]
    const aws = spawn(requirePart('awscli'), asked, {
      env: { PATH: process.env.PATH, ...environment, AWS_EC2_METADATA_DISABLED: 'true' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    aws.stdout.on('data', (piece) => {
      printed += piece
    })
    expect(await once(aws, 'close')).toEqual([0, null])
    expect(printed).toContain('123456789012')
    child.stdin?.end()
    await once(child, 'exit')
  }, 60_000)
})
