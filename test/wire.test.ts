import {
  type CountersignError,
  presign,
  type SignedRequest,
  type SignOptions,
  sign,
} from 'countersign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceSignature, type WireRequest } from './reference.ts'
import {
  hostileTargets,
  parsed,
  type Recorder,
  type Send,
  senders,
  startRecorder,
  targetOf,
} from './senders.ts'
import { exampleKey } from './support/example-key.ts'

const { secretAccessKey } = exampleKey
const options = (service: string, more: Partial<SignOptions> = {}): SignOptions => ({
  ...{ service, region: 'eu-west-1', ...more },
  credentials: { ...exampleKey, sessionToken: 'a/token+of==' },
})

let recorder: Recorder
beforeAll(async () => {
  recorder = await startRecorder()
})
afterAll(() => recorder?.stop())

const SENDERS: readonly (readonly [string, Send])[] = Object.entries(senders)
const raw = senders['node:http with a raw target']

async function sendAndCheck(signed: SignedRequest, send: Send): Promise<WireRequest> {
  recorder.take()
  await send(signed)
  const [wire] = recorder.take() as [WireRequest]
  const check = referenceSignature(wire, secretAccessKey)
  expect(check.canonicalRequest).toBe(signed.trace.canonicalRequest)
  expect([check.expected, check.received]).toEqual([signed.signature, signed.signature])
  return wire
}

const cases = ['s3', 'execute-api'].flatMap((service) =>
  hostileTargets.map((target) => [service, target] as const),
)

describe.each(SENDERS)('%s puts on the wire what was signed', (_, send) => {
  it.each(cases)('for %s, %j', async (service, target) => {
    const request = { url: recorder.origin + target }
    for (const verb of [sign, presign]) {
      const signed = await verb(request, options(service))
      const wire = await sendAndCheck(signed, send)
      expect(parsed(wire.target)).toBe(parsed(targetOf(signed.url)))
    }
  })

  it('with header fields that repeat, hold blanks or are not ASCII, and a body', async () => {
    const headers = [
      ['X-Amz-Meta-A', '  a  b\t'],
      ['x-amz-meta-a', 'c'],
      ['X-Note', 'ü"  "'],
      ['content-type', 'text/plain; charset=utf-8'],
    ] as const
    for (const verb of [sign, presign])
      for (const body of ['ü😀', new Uint8Array([0, 255, 128])]) {
        const request = { method: 'put', url: `${recorder.origin}/a?b`, headers, body }
        await sendAndCheck(await verb(request, options('s3')), send)
        await sendAndCheck(await verb(request, options('execute-api')), send)
      }
  })
})

describe('a dot segment', () => {
  const signAt = (path: string, rules: SignOptions) => sign({ url: recorder.origin + path }, rules)
  const DOTTED = ['/a/../b', '/a/./b', '/../b', '/a/b/..', '/a/b/.', '/..', '/a/../', '/a/../../..']

  it.each(DOTTED.flatMap((path) => SENDERS.map(([name, send]) => [path, name, send] as const)))(
    'of a service that resolves them, %s, arrives by %s and verifies',
    async (path, _name, send) => {
      const signed = await signAt(path, options('execute-api'))
      const wire = await sendAndCheck(signed, send)
      if (send !== raw) expect(wire.target).toBe(new URL(recorder.origin + path).pathname)
    },
  )

  // AWS drops the empty segment first, URL parsers take it for the parent.
  it.each(['/a//../b', '/a//b/../../c', '/a//./../b', '/a/b//..'])(
    'behind a repeated slash, %s, is refused or arrives as it was signed',
    async (path) => {
      const signed = await signAt(path, options('execute-api')).catch(
        (error: CountersignError) => error.code,
      )
      if (typeof signed !== 'object') expect(signed).toBe('dot-segments')
      else for (const [, send] of SENDERS) await sendAndCheck(signed, send)
    },
  )

  it('before a repeated slash arrives as it was signed', async () => {
    for (const path of ['/a/..//b', '/a//./b', '/./a//b'])
      for (const [, send] of SENDERS)
        await sendAndCheck(await signAt(path, options('execute-api')), send)
  })

  it('that S3 is asked to take literally arrives by a client that can send it', async () => {
    const literal = options('s3', { dotSegments: 'literal' })
    for (const path of ['/a/../b', '/a/./b', '/a/%2e%2E/b', '/a/..']) {
      const signed = await signAt(path, literal)
      const wire = await sendAndCheck(signed, raw)
      expect(wire.target).toBe(path)
    }
  })

  it.each([
    ['s3', '/a/../b'],
    ['s3', '/a/.'],
    ['s3', '/%2E%2e/b'],
    ['execute-api', '/a/%2e%2e/b'],
    ['execute-api', '/a/.%2E'],
  ])('that %s would sign and a client would resolve, %s, is refused', async (service, path) => {
    await expect(signAt(path, options(service))).rejects.toMatchObject({
      code: 'dot-segments',
    })
  })
})
