import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sign } from 'countersign'
import { expect, it } from 'vitest'
import { readRequest } from '../../src/inputs/request.ts'
import { readTranscript } from '../../src/inputs/transcript.ts'
import { describeWithPart } from '../real/parts.ts'
import { besideServer, credentials } from './command.ts'

const world = besideServer()

describeWithPart('curl', 'a transcript of curl -v', () => {
  /** What a curl with a signature of a secret prints, on both of its outputs. */
  const transcriptOf = async (secretAccessKey: string, body?: string) => {
    const own = { ...credentials, secretAccessKey }
    const method = body === undefined ? 'GET' : 'PUT'
    const request = { method, url: `${world.server.url}/bucket/a%20b?x=1`, body: body ?? null }
    const signed = await sign(request, { service: 's3', region: 'eu-west-1', credentials: own })
    const fields = Object.entries(signed.headers).flatMap(([name, value]) => [
      '-H',
      `${name}: ${value}`,
    ])
    const words = ['-v', '-X', method, ...fields, ...(body ? ['-d', body] : []), signed.url]
    const { stdout, stderr } = await promisify(execFile)('curl', words)
    return `${stderr}${stdout}`
  }

  it.each(['<?xml version="1.0"?>\n<Error/>', '{"message":"no"}'])(
    'is read with its answer: %s',
    (answer) => {
      const meter = '  % Total    % Received\r\n  0     0 --:--:--     0\r100  9 --:--:--  0\n'
      const text = `* Connected\n> GET / HTTP/1.1\n> Host: a\n> \n${meter}< HTTP/1.1 403\n< \n{ [9 bytes data]\n${answer}\n`
      expect(readTranscript(text)).toEqual({
        head: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
        answer,
      })
    },
  )

  it('is read as its request', async () => {
    const { method, url, headers } = readRequest(await transcriptOf(credentials.secretAccessKey))
    expect([method, url]).toEqual(['GET', `${world.server.url}/bucket/a%20b?x=1`])
    expect(headers.map(([name]) => name.toLowerCase())).toContain('authorization')
  })

  it('explains why it was refused, by request and answer in one', async () => {
    const words = ['explain', '--service', 's3', '--region', 'eu-west-1']
    const { code, stdout, stderr } = await world.command.run(words, await transcriptOf('another'))
    expect([code, stdout, stderr]).toEqual([1, expect.stringContaining('[wrong-secret]'), ''])
  })

  it('asks for the body, which it does not show', async () => {
    const words = ['explain', '--service', 's3', '--region', 'eu-west-1']
    const { stderr } = await world.command.run(words, await transcriptOf('another', 'text'))
    expect(stderr).toContain(
      'curl -v shows no body, and 4 bytes were sent: give them with --data @FILE.',
    )
    const whole = await world.command.run(
      [...words, '-d', 'text'],
      await transcriptOf('another', 'text'),
    )
    expect([whole.stdout, whole.stderr]).toEqual([expect.stringContaining('[wrong-secret]'), ''])
  })
})
