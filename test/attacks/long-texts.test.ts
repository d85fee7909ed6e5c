import { awsError, explain, inferScope, sign, verify } from 'countersign'
import { decodeChunked, verifyPostPolicy } from 'countersign/s3'
import { sigv4a } from 'countersign/sigv4a'
import { describe, expect, it } from 'vitest'
import { readRequest } from '../../src/inputs/request.ts'
import { CountersignError } from '../../src/model/errors.ts'
import { exampleKey } from '../support/example-key.ts'

/** More than an engine can go back in, a piece at a time: it ends at three or four million. */
const LENGTH = 9_000_000

/** A text of pieces that are alike, as an expression with a repeated group takes them one by one. */
const long = (piece: string, start = '', length = LENGTH): string =>
  start + piece.repeat(Math.ceil(length / piece.length))

const SHAPES: Readonly<Record<string, string>> = {
  labels: long('.a', 'a'),
  list: long(',a', 'a'),
  names: long(';a', 'a'),
  zeros: long('0'),
  'percent signs': long('25', '%'),
  quotations: long("''"),
  backslashes: long('\\\\'),
  'octal escapes': long('\\0'),
  elements: long('<a>'),
  lines: long('\n'),
}

const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
const day = date.slice(0, 8)
const zeros = '0'.repeat(64)
const lookup = { service: 's3', credentials: () => exampleKey }
const scope = { service: 's3', region: 'eu-west-1', credentials: exampleKey }

/** What is wrong with how a call ends: nothing where it answers, or throws an error of ours. */
async function faultOf(call: () => unknown): Promise<string | undefined> {
  try {
    await call()
    return undefined
  } catch (error) {
    return error instanceof CountersignError ? undefined : String(error)
  }
}

/** The shapes of text that some call does not stand, of those that may stand there. */
async function faultsOf(
  shapes: readonly string[],
  call: (text: string) => unknown,
): Promise<Record<string, string>> {
  const faults: Record<string, string> = {}
  for (const shape of shapes) {
    const fault = await faultOf(() => call(SHAPES[shape] as string))
    if (fault !== undefined) faults[shape] = fault
  }
  return faults
}

interface Stated {
  readonly credential?: string
  readonly names?: string
  readonly end?: string
}

/** A request whose headers are all signed, by nobody. */
function signing(more: Readonly<Record<string, string>>, stated: Stated = {}): object {
  const headers: Record<string, string> = {
    ...{ host: 'a.example', 'x-amz-date': date, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    ...more,
  }
  const isGlobal = 'x-amz-region-set' in more
  const own = isGlobal ? `AKID/${day}/s3/aws4_request` : `AKID/${day}/r/s3/aws4_request`
  const { credential = own, names = Object.keys(headers).sort().join(';'), end = zeros } = stated
  headers.authorization ??= `AWS4-${isGlobal ? 'ECDSA-P256' : 'HMAC'}-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${end}`
  return { url: '/', headers }
}

/** A received request by what of it is long. */
const RECEIVED: Readonly<Record<string, (text: string) => object>> = {
  method: (text) => ({ ...signing({}), method: text }),
  path: (text) => ({ ...signing({}), url: `/${text}` }),
  url: (text) => ({ url: `https://a.example/?${text}`, headers: {} }),
  query: (text) => ({ ...signing({}), url: `/?a=${text.slice(0, 2_000_000)}` }),
  host: (text) => signing({ host: text }),
  authority: (text) =>
    signing({ ':authority': text }, { names: 'host;x-amz-content-sha256;x-amz-date' }),
  date: (text) => signing({ 'x-amz-date': text }),
  'content-type': (text) => signing({ 'content-type': text }),
  'a hash': (text) => signing({ 'x-amz-content-sha256': text }),
  'a token': (text) => signing({ 'x-amz-security-token': text }),
  'a token in another header': (text) => signing({ 'x-amz-meta-a': `security-token=${text}` }),
  regions: (text) => signing({ 'x-amz-region-set': text }),
  authorization: (text) => signing({ authorization: text }),
  credential: (text) => signing({}, { credential: text }),
  'names of headers': (text) => signing({}, { names: text }),
  signature: (text) => signing({}, { end: text }),
  'a signature in a URL': (text) => ({ url: `/?X-Amz-Signature${text}`, headers: {} }),
  'a token in a URL': (text) => ({ ...signing({}), url: `/?security-token=${text}` }),
  'names in a URL': (text) => ({
    url: `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID/${day}/r/s3/aws4_request&X-Amz-Date=${date}&X-Amz-Expires=9&X-Amz-Signature=${zeros}&X-Amz-SignedHeaders=${text.slice(0, 2_000_000)}`,
    headers: { host: 'a.example' },
  }),
  body: (text) => ({ ...signing({}), method: 'PUT', body: text }),
}

const IN_HEADERS = ['labels', 'list', 'names', 'zeros']
const ENCODED = ['percent signs', 'labels']
const shapesOf = (part: string): readonly string[] =>
  /query|URL/.test(part) ? ENCODED : IN_HEADERS

const verified = (request: object) =>
  verify(request as never, { ...lookup, hosts: ['*.example'], algorithm: [sigv4a] as never })

describe('a text of megabytes is answered or refused', { timeout: 120_000 }, () => {
  it.each(Object.keys(RECEIVED))('as %s of a request', async (part) => {
    const make = RECEIVED[part] as (text: string) => object
    const faults = await faultsOf(shapesOf(part), async (text) => {
      const request = make(text)
      await verified(request)
      const result = await verify(request as never, { ...lookup, hosts: ['*.example'] })
      if (!result.ok) awsError(result, 's3')
    })
    expect(faults).toEqual({})
  })

  const FORMS = [
    ['AWS4-HMAC-SHA256', `AKID/${day}/r/s3/aws4_request`],
    ['AWS4-ECDSA-P256-SHA256', `AKID/${day}/s3/aws4_request`],
  ]
  const FIELDS = [
    ...['key', 'policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date'],
    ...['x-amz-signature', 'x-amz-region-set', 'x-amz-security-token', 'acl'],
  ]

  it.each(FORMS)('in a form of %s', async (algorithm, credential) => {
    for (const field of FIELDS) {
      const faults = await faultsOf(IN_HEADERS, (text) =>
        verifyPostPolicy(
          {
            ...{ key: 'a', policy: 'e30=', 'x-amz-algorithm': algorithm, 'x-amz-date': date },
            ...{ 'x-amz-credential': credential, 'x-amz-region-set': '*' },
            'x-amz-signature': zeros,
            [field]: text,
          },
          { bucket: 'b', region: 'r', credentials: () => exampleKey, algorithm: sigv4a },
        ),
      )
      expect({ field, faults }).toEqual({ field, faults: {} })
    }
  })

  it.each(['', '300602010002'])('of zeros, as a signature behind "%s"', async (start) => {
    const form = {
      ...{ key: 'a', policy: 'e30=', 'x-amz-algorithm': 'AWS4-ECDSA-P256-SHA256' },
      ...{ 'x-amz-date': date, 'x-amz-credential': `AKID/${day}/s3/aws4_request` },
      ...{ 'x-amz-region-set': '*', 'x-amz-signature': long('00', start) },
    }
    const options = { bucket: 'b', region: 'r', credentials: () => undefined, algorithm: sigv4a }
    expect(await verifyPostPolicy(form, options)).toMatchObject({ ok: false })
  })

  // Of what can be read each likely mistake is tried, which takes its time.
  const UNREADABLE = ['url', 'a signature in a URL', 'authorization', 'credential', 'signature']

  it.each(UNREADABLE)('as %s of what is explained', async (part) => {
    const make = RECEIVED[part] as (text: string) => object
    const faults = await faultsOf(
      ENCODED,
      async (text) => `${await explain(make(text) as never, lookup)}`,
    )
    expect(faults).toEqual({})
  })

  it.each(['', '<Error><Code>SignatureDoesNotMatch</Code><Message>', '{"message":"'])(
    "as a server's answer, behind %s",
    async (start) => {
      const request = { url: 'https://b.s3.eu-west-1.amazonaws.com/k' }
      const faults = await faultsOf(
        ['elements', 'lines', 'backslashes', 'percent signs'],
        async (text) => `${await explain(request, { ...scope, serverError: start + text })}`,
      )
      expect(faults).toEqual({})
    },
  )

  it('in what is signed', async () => {
    const url = 'https://b.s3.eu-west-1.amazonaws.com'
    const CALLS: readonly ((text: string) => unknown)[] = [
      (text) => sign({ url: `${url}/${text}` }, scope),
      (text) => sign({ url: `${url}/?${text}` }, scope),
      (text) => sign({ url: `https://${text}/` }, scope),
      (text) => sign({ url, headers: { 'x-amz-meta-a': text } }, scope),
      (text) => sign({ url, headers: { host: text } }, scope),
      (text) => sign({ url, method: 'PUT', body: text }, scope),
      (text) => sign({ url }, { ...scope, region: text }),
      (text) => sign({ url }, { ...scope, algorithm: sigv4a, regionSet: text } as never),
      (text) => inferScope(text),
      (text) => inferScope(`https://${text}.amazonaws.com/${text}`),
    ]
    for (const [at, call] of CALLS.entries())
      expect([at, await faultsOf(['labels', 'list', 'percent signs'], call)]).toEqual([at, {}])
  })

  it('in chunks', async () => {
    const headers = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
    const signed = await sign(
      { url: 'https://a.example/k', method: 'PUT', headers },
      { ...scope, payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    )
    const result = await verify(signed, lookup)
    if (!result.ok) throw new Error(result.message)
    for (const start of ['', '5;chunk-signature=', '0\r\nx-amz-checksum-crc32:']) {
      const faults = await faultsOf([...IN_HEADERS, 'lines'], async (text) => {
        const body = new Blob([start + text]).stream()
        for await (const _ of decodeChunked(body, result));
      })
      expect(faults).toEqual({})
    }
  })

  const PASTED: Readonly<Record<string, (text: string) => string>> = {
    'a text': (text) => text,
    'a url': (text) => `https://a.example/${text}`,
    'a curl line': (text) => `curl https://a.example/ -d ${text}`,
    'a curl line with a quotation': (text) => `curl https://a.example/ -d "${text}"`,
    'a curl line of a browser': (text) => `curl https://a.example/ -d $'${text}'`,
    'a header of a curl line': (text) => `curl https://a.example/ -H '${text}: a'`,
    'the host of a message': (text) => `GET / HTTP/1.1\r\nHost: ${text}\r\n\r\n`,
    'the body of a message': (text) => `PUT / HTTP/1.1\r\nHost: a.example\r\n\r\n${text}`,
    'what curl shows': (text) => `> GET / HTTP/1.1\n> Host: ${text}\n>\n< ${text}\n${text}`,
    'a HAR entry': (text) => JSON.stringify({ request: { url: text, postData: { text } } }),
  }

  it.each(Object.keys(PASTED))('pasted as %s', async (kind) => {
    const paste = PASTED[kind] as (text: string) => string
    const shapes = ['labels', 'quotations', 'backslashes', 'octal escapes', 'lines']
    expect(await faultsOf(shapes, (text) => readRequest(paste(text)))).toEqual({})
    // What is just not too long.
    const short = await faultsOf(shapes, (text) => readRequest(paste(text.slice(0, 2_097_100))))
    expect(short).toEqual({})
  })
})
