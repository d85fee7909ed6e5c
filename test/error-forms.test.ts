import { CountersignError, deriveSigningKey, type ErrorCode } from 'countersign'
import { decodeChunked } from 'countersign/s3'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { credentials, read, upload } from './s3/support.ts'
import { root } from './support/packed.ts'
import { type Form, throwSites } from './support/throw-sites.ts'

/**
 * Every code, and which of the two forms its error has in which file: of an argument, "pass …"; of
 * data that arrived, a whole sentence that does not blame who reads it.
 */
const FORMS: Readonly<Record<ErrorCode, Partial<Record<Form, readonly string[]>>>> = {
  'body-limit': { data: ['s3/read-body'] },
  'checksum-mismatch': { data: ['s3/checksums'] },
  'chunk-limit': { data: ['s3/byte-buffer', 's3/unframe'] },
  'chunk-mismatch': { data: ['s3/unframe'] },
  'credentials-refused': { data: ['node-credentials/instance', 'providers/service'] },
  'crypto-unavailable': {
    argument: [
      'algorithms/x509/private-key',
      'algorithms/x509/x509',
      'crypto/p256-web',
      'crypto/web',
      'verify/payload-check',
    ],
  },
  'dot-segments': { argument: ['canonical/path'] },
  'expired-credentials': {
    argument: ['credentials/resolve'],
    data: ['node-credentials/process'],
  },
  'invalid-body': {
    argument: [
      'adapters/smithy-signer',
      'canonical/payload',
      'cli/curl/body',
      'eventstream/signer',
      'explain/case/case',
      'explain/case/request',
      'inputs/curl-line',
      'inputs/har',
      's3/streams',
      'verify/received',
    ],
    data: ['adapters/lambda-event', 'eventstream/frames', 'eventstream/verifier'],
  },
  'invalid-checksum': { data: ['s3/body-statements', 's3/checksums'] },
  'invalid-chunk': { data: ['s3/byte-buffer', 's3/trailer', 's3/unframe'] },
  'invalid-credentials': {
    argument: [
      'algorithms/sigv4a/derive',
      'algorithms/sigv4a/index',
      'algorithms/x509/certificate',
      'algorithms/x509/private-key',
      'algorithms/x509/x509',
      'credentials/env',
      'credentials/resolve',
      'explain/case/case',
      'node-credentials/machine',
      'providers/key-handles',
      's3/decode-chunked',
      'tokens/ses',
      'verify/keys',
    ],
    data: [
      'cli/credentials',
      'cli/keys/profile-key',
      'credentials/temporary',
      'node-credentials/container',
      'node-credentials/machine',
      'node-credentials/process',
      'node-credentials/profile',
      'node-credentials/role-chain',
    ],
  },
  'invalid-date': { argument: ['lib/time', 'providers/key-handles'] },
  'invalid-expiry': { argument: ['canonical/expiry', 'tokens/bedrock'] },
  'invalid-header': {
    argument: [
      'canonical/headers',
      'explain/case/case',
      'inputs/curl-line',
      'inputs/har',
      'node-credentials/container',
    ],
  },
  'invalid-options': {
    argument: [
      'adapters/axios-config',
      'adapters/request-options',
      'algorithms/x509/x509',
      'canonical/words',
      'eventstream/chain',
      'node-credentials/instance',
      'node-credentials/role-chain',
      'probe/find-place',
      'probe/run',
      'providers/roles-anywhere',
      'providers/s3-express-session',
      'providers/sts',
      's3/decode-chunked',
      's3/encode-plan',
      's3/read-body',
      's3/verify-post-policy',
      'testing/faults',
      'tokens/host-token',
      'verify/replay-guard',
    ],
  },
  'invalid-payload': {
    argument: ['canonical/payload', 's3/encode-plan'],
    data: ['s3/decode-chunked', 's3/read-body'],
  },
  'invalid-policy': { argument: ['s3/post-policy'] },
  'invalid-scope': {
    argument: [
      'algorithms/sigv4',
      'algorithms/sigv4a/index',
      'algorithms/sigv4a/region-set',
      'canonical/scope',
      'probe/find-place',
      'providers/key-handles',
      'providers/service',
    ],
  },
  'invalid-url': {
    argument: [
      'adapters/dispatch-options',
      'adapters/smithy-request',
      'canonical/url',
      'explain/case/case',
      'inputs/curl-line',
      'inputs/har',
      'inputs/raw-request',
      'inputs/request',
      'node-credentials/container',
      'node-credentials/instance',
      'probe/find-place',
      'sign/sign',
      'tokens/host-token',
    ],
  },
  'length-mismatch': {
    argument: ['s3/encode-chunked'],
    data: ['s3/decode-chunked', 's3/unframe', 'testing/judge'],
  },
  'long-term-credentials': { argument: ['credentials/resolve'] },
  'missing-length': { data: ['s3/read-body'] },
  'not-synchronous': { argument: ['lib/awaitable'] },
  'payload-mismatch': { data: ['s3/body-statements', 'verify/payload-check'] },
  'replay-guard-full': { data: ['verify/replay-guard'] },
  'small-chunk': { data: ['s3/unframe'] },
  'trailer-mismatch': { data: ['s3/trailer'] },
  'unknown-checksum': { argument: ['s3/encode-chunked'], data: ['s3/checksums'] },
}

const sites = throwSites(`${root}/src`)

describe('the places where an error is thrown', () => {
  it('have the form that the table says, and no other', () => {
    const found: Record<string, Partial<Record<Form, readonly string[]>>> = {}
    for (const { file, form, codes } of sites)
      for (const code of codes) {
        const files = new Set(found[code]?.[form]).add(file.replace('.ts', ''))
        found[code] = { ...found[code], [form]: [...files] }
      }
    expect(found).toEqual(FORMS)
  })

  it('say of an argument what to pass: words that fit behind "pass" and before a full stop', () => {
    const remedies = sites.filter((it) => it.form === 'argument').flatMap((it) => it.sentences)
    expect(remedies.length).toBeGreaterThan(50)
    expect(remedies.filter((it) => !/^(?!pass)\S.*[^.\s]$|^…$/.test(it))).toEqual([])
  })

  it('say of data a sentence, and never what to pass', () => {
    const sentences = sites.filter((it) => it.form === 'data').flatMap((it) => it.sentences)
    expect(sentences.length).toBeGreaterThan(20)
    expect(sentences.filter((it) => !/^(?!pass)[a-z].*(\.|\. …)$/.test(it))).toEqual([])
  })
})

describe('what an error says', () => {
  it('of an argument: code, and what to pass', () => {
    const wrong = () => sync.sign({ url: 'nowhere' }, { service: 's3', region: 'a', credentials })
    expect(wrong).toThrow(
      expect.objectContaining({
        code: 'invalid-url',
        message: 'invalid-url: pass absolute http or ws url, # as %23.',
      }),
    )
  })

  it('of a chunk that was changed on its way: nothing that its reader should have passed', async () => {
    const { bytes, verified } = await upload('a body that is signed')
    bytes[bytes.indexOf('b'.charCodeAt(0), 80)] = 'B'.charCodeAt(0)
    const error = await read(decodeChunked(bytes, verified)).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(CountersignError)
    expect((error as Error).message).toBe(
      'chunk-mismatch: the signature of a chunk does not hold: its bytes are not those signed.',
    )
  })
})

describe('a scope that is not whole', () => {
  const signingDate = new Date('2015-08-30T12:36:00Z')
  const missing = undefined as unknown as string
  const request = { url: 'https://example.com/' }

  it.each([
    ['region', { region: missing, service: 's3' }],
    ['region', { region: '', service: 's3' }],
    ['region', { region: 'eu west', service: 's3' }],
    ['region', { region: 'eu/west', service: 's3' }],
    ['region', { region: missing, service: missing }],
    ['service', { region: 'eu-west-1', service: missing }],
    ['service', { region: 'eu-west-1', service: '' }],
    ['service', { region: 'eu-west-1', service: 's3/aws4_request' }],
  ])('says that the %s is: %j', async (name, scope) => {
    const told = expect.objectContaining({
      code: 'invalid-scope',
      message: `invalid-scope: pass ${name}.`,
    })
    expect(() => sync.sign(request, { ...scope, credentials, signingDate })).toThrow(told)
    expect(() => sync.createSigner({ ...scope, credentials }).sign(request)).toThrow(told)
    await expect(deriveSigningKey('secret', { ...scope, signingDate })).rejects.toEqual(told)
  })
})
