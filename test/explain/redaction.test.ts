import { createHash, createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import {
  type CryptoBackend,
  type Explanation,
  explain,
  presign,
  type ReceivedRequest,
  type ServerExplainOptions,
  type SignOptions,
  sign,
} from 'countersign'
import { describe, expect, it } from 'vitest'
import { hashAlone, SHAPES, server } from './answers.ts'
import { KEY, NOW, onWire, SECRET, TEMPORARY, TOKEN } from './client-case.ts'
import { clientCases } from './client-cases.ts'
import { faults, serverOptions } from './faults.ts'
import { OTHER } from './manual.ts'

/** A backend that remembers all that it computes with a key: derived keys and signatures. */
function recording(): { crypto: CryptoBackend; computed: Set<string> } {
  const computed = new Set<string>()
  const mac = (key: unknown, data: string | Uint8Array) => {
    const bytes = createHmac('sha256', key as string)
      .update(data)
      .digest()
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
      computed.add(bytes.toString(encoding))
    computed.add([...bytes.subarray(0, 8)].join(', '))
    return bytes
  }
  const crypto: CryptoBackend = {
    sha256: (data) =>
      createHash('sha256')
        .update(data as Uint8Array)
        .digest('hex'),
    hmac: mac,
    hmacHex: (key, data) => mac(key, data).toString('hex'),
  }
  return { crypto, computed }
}

/** A value in the spellings of URLs and forms. */
const spellings = (value: string) => [
  value,
  encodeURIComponent(value),
  encodeURIComponent(encodeURIComponent(value)),
  value.replace(/\+/g, ' '),
  Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('base64'),
]

const HELD = [SECRET, TOKEN, OTHER.secretAccessKey, `AWS4${SECRET}`].flatMap(spellings)

/** All that a log, a debugger or a person would see of an explanation. */
const texts = (why: Explanation): string =>
  [
    String(why),
    JSON.stringify(why),
    inspect(why, { depth: 9, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    Object.entries(why).join('\n'),
  ].join('\n')

function leaksOf(why: Explanation, computed: Iterable<string>, sent: string): string[] {
  const text = texts(why)
  const words = new Set(text.match(/[\da-f]{64}/g))
  const others = [...computed].filter((it) =>
    /^[\da-f]{64}$/.test(it) ? words.has(it) : text.includes(it),
  )
  return [...[...HELD, sent].filter((it) => it && text.includes(it)), ...others]
}

const signatureOf = ({ url, headers }: { url: unknown; headers?: unknown }): string =>
  /Signature(?:=|%3D)([\da-f]{60,64})/i.exec(`${url} ${JSON.stringify(headers)}`)?.[1] ?? ''

async function leaksOfServer(received: ReceivedRequest, given: Partial<ServerExplainOptions> = {}) {
  const { crypto, computed } = recording()
  const why = await explain(received, { budget: 1000, ...serverOptions, ...given, crypto })
  return leaksOf(why, computed, signatureOf(received))
}

describe('an explanation for a server shows no secret', async () => {
  const all = await faults()

  it.each(all.map((fault) => [fault.name, fault] as const))('of: %s', async (_, fault) => {
    expect(await leaksOfServer(fault.received, fault.options)).toEqual([])
  })

  it.each(all.map((fault) => [fault.name, fault] as const))(
    'of a token that is sent in vain: %s',
    async (_, { received, options }) => {
      const headers = { ...(received.headers as Record<string, string>) }
      const query = `X-Amz-Security-Token=${encodeURIComponent(TOKEN)}`
      const inHeader = { ...received, headers: { ...headers, 'x-amz-security-token': TOKEN } }
      const inQuery = {
        ...received,
        url: `${received.url}${/\?/.test(received.url) ? '&' : '?'}${query}`,
      }
      for (const with_ of [inHeader, inQuery]) {
        expect(await leaksOfServer(with_, options)).toEqual([])
        expect(await leaksOfServer({ ...with_, method: 'PATCH' }, options)).toEqual([])
      }
    },
  )

  it.each([
    ['encoded again', (url: string) => url.replace(/%/g, '%25')],
    [
      'encoded as a whole',
      (url: string) => url.replace(/\?.*/s, (query) => `?q=${encodeURIComponent(query)}`),
    ],
    ['with &amp;', (url: string) => url.replace(/&/g, '&amp;')],
    ['with its = encoded', (url: string) => url.replace(/=/g, '%3D')],
    ['in lower case', (url: string) => url.toLowerCase()],
    ['in another path', (url: string) => `/other/${encodeURIComponent(url)}`],
    ['twice', (url: string) => `${url}&${url.replace(/^.*\?/s, '').replace(/X-Amz/g, 'x-Amz')}`],
  ])('of a presigned URL, %s', async (_, change) => {
    const credentials = TEMPORARY
    const options = { service: 's3', region: 'eu-west-1', credentials, signingDate: NOW }
    const { url } = await presign(
      { url: 'https://b.s3.eu-west-1.amazonaws.com/a%20b?x=1' },
      options,
    )
    const path = url.replace(/^https:\/\/[^/]*/, '')
    const headers = { host: 'b.s3.eu-west-1.amazonaws.com' }
    const signed = await sign({ url: 'https://b.s3.eu-west-1.amazonaws.com/a' }, options)
    for (const received of [
      { method: 'GET', url: change(path), headers },
      // A request that is signed in its header, and has another's signature in its query.
      {
        method: 'GET',
        url: `/a?${change(path).replace(/^.*?\?/s, 'z=')}`,
        headers: { ...headers, ...signed.headers },
      },
    ])
      expect(await leaksOfServer(received, { credentials: () => TEMPORARY })).toEqual([])
  })

  it('of a presigned URL whose key id is a secret', async () => {
    const credentials = { accessKeyId: SECRET, secretAccessKey: KEY.accessKeyId }
    const options = { service: 's3', region: 'eu-west-1', credentials, signingDate: NOW }
    const { url } = await presign({ url: 'https://b.s3.eu-west-1.amazonaws.com/a?x=1' }, options)
    const target = url.replace(/^https:\/\/[^/]*/, '')
    const headers = { host: 'b.s3.eu-west-1.amazonaws.com' }
    for (const path of [target, `${target}&y=2`, target.replace(/%2F/g, '%252F')])
      expect(await leaksOfServer({ method: 'GET', url: path, headers })).toEqual([])
    for (const change of [(text: string) => text, (text: string) => text.replace('GET', 'PUT')]) {
      const read = server({ method: 'GET', target, headers: Object.entries(headers) }, { change })
      for (const answer of [...Object.values(SHAPES), () => '<Code>InvalidAccessKeyId</Code>']) {
        const why = await explain({ url }, { ...options, serverError: answer(read) })
        expect(leaksOf(why, [], signatureOf({ url }))).toEqual([])
      }
    }
  })

  it('of a request that is received as it was signed, but for its secret', async () => {
    const other = { ...KEY, secretAccessKey: 'SomeOtherSecretSomeOtherSecretSomeOther0' }
    const given = {
      service: 'execute-api',
      region: 'eu-west-1',
      credentials: other,
      signingDate: NOW,
    }
    const { headers } = await sign({ url: 'https://a.example/x' }, given)
    const received = { method: 'GET', url: '/x', headers: { host: 'a.example', ...headers } }
    const { crypto, computed } = recording()
    const why = await explain(received, { ...serverOptions, crypto })
    // The right signature is among those that were computed: it would sign the attacker's request.
    const right = server(
      { method: 'GET', target: '/x', headers: Object.entries(received.headers) },
      { secret: SECRET },
    )
    let key: string | Buffer = `AWS4${SECRET}`
    for (const part of ['20261124', 'eu-west-1', 'execute-api', 'aws4_request', right.stringToSign])
      key = createHmac('sha256', key).update(part).digest()
    expect(computed).toContain(Buffer.from(key).toString('hex'))
    expect(leaksOf(why, computed, signatureOf(received))).toEqual([])
  })
})

describe('an explanation for a client shows no secret', () => {
  const swapped = { accessKeyId: SECRET, secretAccessKey: 'AKIAIOSFODNN7EXAMPLE' }
  const keys: Readonly<Record<string, SignOptions['credentials'] | undefined>> = {
    'its own key': undefined,
    'a temporary key': TEMPORARY,
    'id and secret swapped': swapped,
  }

  it.each(Object.keys(keys).flatMap((key) => clientCases.map((it) => [it.name, key, it] as const)))(
    'of: %s, with %s',
    async (_, key, it) => {
      const { crypto, computed } = recording()
      const options = {
        ...{ service: 'execute-api', region: 'eu-west-1', credentials: KEY, signingDate: NOW },
        ...it.options,
        ...(keys[key] && { credentials: keys[key] }),
      }
      const signed = await sign(it.request, options)
      const wire = onWire(signed)
      const read = server(it.onTheWay?.(wire) ?? wire, { secret: SECRET, ...it.server })
      for (const answer of [...Object.values(SHAPES), hashAlone, () => undefined]) {
        const serverError = answer(read)
        const why = await explain(signed, {
          ...options,
          crypto,
          otherCredentials: [OTHER],
          serverError,
        })
        expect(leaksOf(why, computed, signed.signature)).toEqual([])
      }
    },
  )

  it('of an answer that quotes what it must not', async () => {
    const options = {
      service: 'execute-api',
      region: 'eu-west-1',
      credentials: TEMPORARY,
      signingDate: NOW,
    }
    const signed = await sign(
      { url: 'https://a.example/x', headers: { 'x-custom': 'abc' } },
      options,
    )
    const { canonicalRequest, stringToSign } = server(onWire(signed))
    for (const quoted of [SECRET, TOKEN, signed.signature, encodeURIComponent(TOKEN)]) {
      const told = {
        canonicalRequest: canonicalRequest.replace('x-custom:abc', `x-custom:${quoted}`),
        stringToSign: stringToSign.replace('execute-api', quoted),
      }
      for (const answer of Object.values(SHAPES)) {
        const why = await explain(signed, { ...options, serverError: answer(told) })
        expect(leaksOf(why, [], signed.signature)).toEqual([])
      }
    }
  })
})
