import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { sign } from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/packed.ts'
import { credentials, installCommand } from './command.ts'

const blocksOf = (page: string, language: string) =>
  [...readFileSync(`${root}/${page}`, 'utf8').matchAll(/```(\w+)\n(.*?)```/gs)]
    .filter(([, named]) => named === language)
    .map(([, , block = '']) => block.replaceAll('npx countersign', 'countersign'))
// README's set-up commands are `sh`, and have a test of their own.
const blocks = [...blocksOf('docs/cli.md', 'sh'), ...blocksOf('README.md', 'bash')]
// Each command ends where a line does not go on, with a backslash or a pipe.
const commands = blocks.flatMap((block) =>
  block
    .replace(/^#.*\n|\s+# .*$/gm, '')
    .split(/(?<!\||\\)\n/)
    .filter((line) => line.trim()),
)

let command: ReturnType<typeof installCommand>
beforeAll(async () => {
  command = installCommand()
  const { consumer } = command.packed
  mkdirSync(`${consumer}/bin`)
  const script = `#!/bin/sh\nexec ${process.execPath} ${command.program} "$@"\n`
  writeFileSync(`${consumer}/bin/countersign`, script, { mode: 0o755 })
  const url = 'https://bucket.s3.eu-west-1.amazonaws.com/a%20b'
  const { trace } = await sign({ url }, { service: 's3', region: 'eu-west-1', credentials })
  const { canonicalRequest, stringToSign, signature } = trace
  const error = `<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><AWSAccessKeyId>${credentials.accessKeyId}</AWSAccessKeyId><StringToSign>${stringToSign}</StringToSign><SignatureProvided>${signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))}</SignatureProvided><CanonicalRequest>${canonicalRequest}</CanonicalRequest></Error>`
  writeFileSync(`${consumer}/error.xml`, error)
}, 60_000)
afterAll(() => command.packed.remove())

describe('docs/cli.md and README', () => {
  it('has commands', () => expect(commands.length).toBeGreaterThan(6))

  it.each(commands)('runs %s', (line) => {
    const { packed, environment } = command
    const env = { ...environment, PATH: `${packed.consumer}/bin:${environment.PATH}` }
    const script = `set -o pipefail; ${line}; echo "exit $?"`
    const output = execFileSync('bash', ['-c', script], {
      cwd: packed.consumer,
      env,
      encoding: 'utf8',
    })
    const explained = /explain/.test(line)
    expect(output).toMatch(explained ? /\nexit 1\n$/ : /\nexit 0\n$/)
    expect(output).toMatch(explained ? /\[[\w-]+\]/ : /AWS4-HMAC-SHA256|signature holds/)
  })
})
