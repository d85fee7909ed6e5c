import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { loading } from '../../src/crypto/node-loading.ts'
import { keepProcess } from '../support/kept-process.ts'
import { root } from '../support/packed.ts'

/** A program in a process that may hold few files and connections; both formats of the package, as built. */
const withFew = (type: string, program: string): readonly [string, ...string[]] => [
  'bash',
  '-c',
  'ulimit -n 64; exec "$0" "$@"',
  ...[process.execPath, `--input-type=${type}`, '-e', program],
]

async function printedBy(type: string, program: string): Promise<unknown> {
  const load = type === 'module' ? 'await import' : 'require'
  const text = `;(async () => {
    const { closeSync, openSync } = ${load}('node:fs')
    const { subscribe } = ${load}('node:diagnostics_channel')
    const { createVerifier, explain, verify } = ${load}('countersign')
    const told = []
    subscribe('countersign:verify', ({ reason }) => told.push(reason))
    const options = { service: 's3', credentials: () => undefined }
    const unsigned = { url: '/', headers: { host: 'a.example' } }
    const held = []
    const fill = () => { try { for (;;) held.push(openSync('/dev/null')) } catch {} }
    const free = () => held.splice(0).forEach((file) => closeSync(file))
    const said = (call) => call().then(({ reason, cause }) => reason ?? cause, ({ code }) => code)
    const settled = async (call) => {
      for (;;) {
        const word = await said(call)
        if (word !== 'EMFILE') return word
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    ${program}
  })()`
  const [file, ...args] = withFew(type, text)
  const { stdout } = await promisify(execFile)(file, args, { cwd: root })
  return JSON.parse(stdout)
}

describe.each(['module', 'commonjs'])('a process whose descriptors are all taken, %s', (type) => {
  it('verifies and explains once some are free again', async () => {
    const printed = await printedBy(
      type,
      `fill()
      const verifier = createVerifier(options)
      const calls = [
        () => verify(unsigned, options),
        () => verifier.verify(unsigned),
        () => explain(unsigned, options),
      ]
      const none = []
      for (const call of calls) none.push(await said(call))
      // More than one try fails.
      await new Promise((resolve) => setTimeout(resolve, 1200))
      for (const call of calls) none.push(await said(call))
      free()
      console.log(JSON.stringify([none, await Promise.all(calls.map(settled))]))`,
    )
    expect(printed).toEqual([
      ['EMFILE', 'EMFILE', 'EMFILE', 'EMFILE', 'EMFILE', 'EMFILE'],
      ['missing-authentication', 'missing-authentication', 'not-signed'],
    ])
  })

  it('tells those who watch of each call that came to no verdict', async () => {
    const printed = await printedBy(
      type,
      `fill()
      await said(() => verify(unsigned, options))
      await said(() => createVerifier(options).verify(unsigned))
      free()
      console.log(JSON.stringify(told))`,
    )
    expect(printed).toEqual(['failed', 'failed'])
  })
})

describe('code that is read later', () => {
  it.each([
    ['verify', 'verifierAsync'],
    ['verify', 'verifyRequest'],
    ['explain', 'explainAsync'],
  ])('of %s is found in whichever file of its own could not be opened', async (part, name) => {
    const file = `${root}/dist/${part}/loaded.js`
    const [, chunk] = /from '(.*?)'/.exec(readFileSync(file, 'utf8')) ?? []
    for (const path of [file, new URL(chunk ?? '', pathToFileURL(file)).pathname]) {
      const unopened = Object.assign(new Error('EMFILE'), { path })
      const load = loading<Record<string, unknown>>(() => Promise.reject(unopened), name)
      await expect(load()).rejects.toBe(unopened)
      const found = await vi.waitUntil(() => load().catch(() => undefined), { timeout: 10_000 })
      expect(typeof found?.[name]).toBe('function')
    }
  })

  it('is looked for in no file that has become another', async () => {
    const unopened = Object.assign(new Error('EMFILE'), { path: `${root}/dist/fetch.js` })
    const read = vi.fn(() => Promise.reject(unopened))
    const load = loading<Record<string, unknown>>(read, 'verifierAsync')
    await vi.waitUntil(() => load().catch(() => read.mock.calls.length > 1), { timeout: 10_000 })
    await expect(load()).rejects.toBe(unopened)
  })
})

const SERVER = `
  const { createServer } = await import('node:http')
  const { createVerifier } = await import('countersign')
  const verifier = createVerifier({ service: 's3', credentials: () => undefined })
  const server = createServer(async ({ method, url, headers }, response) => {
    try {
      const { reason } = await verifier.verify({ method, url, headers })
      response.writeHead(403).end(reason)
    } catch ({ code }) {
      response.writeHead(500).end(code)
    }
  })
  server.listen(0, '127.0.0.1', () => console.log('listens on ' + server.address().port + '.'))`

async function answerOf(port: number): Promise<string> {
  const asked = request({ port, host: '127.0.0.1', agent: false }).end()
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return text
}

describe('a stranger who opens connections and says nothing on them', () => {
  it('keeps a server from verifying neither while they are open nor later', async () => {
    const server = keepProcess(withFew('module', SERVER))
    onTestFinished(() => server.stop())
    const port = Number((await server.printed(/listens on (\d+)\./))[1])
    const idle: Socket[] = []
    onTestFinished(() => idle.forEach((socket) => void socket.destroy()))
    for (let count = 0; count < 80; count++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      idle.push(socket)
      await once(socket, 'connect')
    }
    // The server has no descriptor left, and closes what comes.
    await Promise.race(idle.map((socket) => once(socket, 'close')))
    const [first] = idle as [Socket]
    first.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n')
    const [answer] = await once(first, 'data')
    expect(String(answer)).toContain('missing-authentication')
    for (const socket of idle) socket.destroy()
    expect(await answerOf(port)).toBe('missing-authentication')
  })
})
