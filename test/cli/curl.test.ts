import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createVerifyingServer } from 'countersign/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../support/hash.ts'
import { listen } from '../support/loopback.ts'
import { credentials, installCommand } from './command.ts'

type Server = Awaited<ReturnType<typeof createVerifyingServer>>
let command: ReturnType<typeof installCommand>
let server: Server
beforeAll(async () => {
  command = installCommand()
  server = await createVerifyingServer({ credentials })
}, 60_000)
afterAll(async () => {
  await server.close()
  command.packed.remove()
})

const scope = ['--service', 's3', '--region', 'eu-west-1']

describe('countersign curl', () => {
  it('sends a long body and brings it back, byte for byte', async () => {
    const long = randomBytes(12 * 1048576)
    const file = `${command.packed.consumer}/long.bin`
    writeFileSync(file, long)
    const url = `${server.url}/bucket/long`
    const up = await command.run(['curl', ...scope, '-T', file, '--progress', url])
    expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('sent 12.0 MiB, done')])
    const back = `${command.packed.consumer}/back.bin`
    const down = await command.run(['curl', ...scope, '-o', back, url])
    expect([down.code, sha256(readFileSync(back))]).toEqual([0, sha256(long)])
  })

  it('sends what is piped, and prints the answer with its head', async () => {
    const url = `${server.url}/bucket/piped`
    expect((await command.run(['curl', ...scope, '-T', '-', url], 'from a pipe')).code).toBe(0)
    const { stdout } = await command.run(['curl', ...scope, '--include', url])
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\n/)
    expect(stdout).toMatch(/\n\nfrom a pipe$/)
  })

  it('keeps the path as it is spelled', async () => {
    const url = `${server.url}/bucket//a%2fb~!'()*`
    expect((await command.run(['curl', ...scope, '-X', 'PUT', '-d', 'odd', url])).code).toBe(0)
    expect((await command.run(['curl', ...scope, url])).stdout).toBe('odd')
  })

  it('shows a refusal, and ends with 22 where it is asked to fail', async () => {
    const env = { AWS_SECRET_ACCESS_KEY: 'wrong' }
    const url = `${server.url}/bucket/key`
    const shown = await command.run(['curl', ...scope, url], '', env)
    expect([shown.code, shown.stdout]).toEqual([
      0,
      expect.stringContaining('SignatureDoesNotMatch'),
    ])
    const failed = await command.run(['curl', ...scope, '--fail', url], '', env)
    expect([failed.code, failed.stdout]).toEqual([22, ''])
  })

  it('ends with 4 where there is no server, or the answer breaks off, and with 2 for its files', async () => {
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '9' }).write('half')
      setTimeout(() => response.destroy(), 50)
    })
    const url = `http://127.0.0.1:${await listen(broken)}/a`
    const half = await command.run(['curl', ...scope, url])
    expect([half.code, half.stdout, half.stderr]).toEqual([
      4,
      'half',
      'countersign: The answer broke off before its end.\n',
    ])
    await new Promise((resolve) => broken.close(resolve))
    const gone = await command.run(['curl', ...scope, url])
    expect([gone.code, gone.stderr]).toEqual([
      4,
      'countersign: The request could not be sent: ECONNREFUSED.\n',
    ])
    const there = `${server.url}/bucket/key`
    for (const words of [
      ['-T', 'missing.bin', there],
      ['-o', 'missing/back.bin', there],
    ]) {
      const { code, stderr } = await command.run(['curl', ...scope, ...words])
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^countersign: ENOENT: .*missing/)])
    }
  })
})
