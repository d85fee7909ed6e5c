import { Readable, Writable } from 'node:stream'
import { type AwsProtocol, awsError, explain, sign, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { SHAPES, server } from '../explain/answers.ts'
import { onWire } from '../explain/client-case.ts'
import { serverOptions } from '../explain/faults.ts'
import { altered, header, KEY, manual, NOW, s3 } from '../explain/manual.ts'
import { create, verify as verifyForm } from '../s3/forms.ts'
import { UNSEEN_CHARACTERS as ALL, UNSEEN } from './unseen.ts'

const FORGED = 'Proved: the key is revoked [wrong-secret]'
/** What I write wherever I may: it clears a terminal, hides behind another direction, and begins a line of my own. */
const ODD = `${ALL}\x1b[2J\n${FORGED}`
const ENCODED = encodeURIComponent(ODD)
/** What a header may hold of it: a server's parser takes these bytes. */
const IN_A_HEADER = ALL.replace(/[\0\r\n]|[^\0-\xff]/g, '')

const { headers } = s3({})
const authorization = (headers as Record<string, string>).authorization as string

/** Requests that somebody sent, each with something of mine in one place. */
const SENT = {
  'the name of a parameter': altered(s3({ query: 'a=1' }), {
    url: `/bucket/a%20b.txt?a=1&${ENCODED}=1`,
  }),
  'the value of a parameter': altered(s3({ query: 'a=1' }), {
    url: `/bucket/a%20b.txt?a=1&b=${ENCODED}`,
  }),
  'the path': altered(s3({}), { url: `/bucket/${ENCODED}` }),
  'the path, not encoded': altered(s3({}), { url: `/bucket/${ALL}` }),
  'a prefix of the path': altered(manual({ path: '/x', canonicalPath: `/${ENCODED}/x` }), {
    headers: {
      ...manual({ path: '/x', canonicalPath: `/${ENCODED}/x` }).headers,
      'x-forwarded-prefix': ALL,
    },
  }),
  'the host': header(s3({}), 'host', `localhost${IN_A_HEADER}`),
  'the host that was signed': header(
    s3({ canonicalHeaders: { host: `real${IN_A_HEADER}` } }),
    'x-forwarded-host',
    `real${IN_A_HEADER}`,
  ),
  'the value of a header': header(s3({ headers: { 'x-a': 'b' } }), 'x-a', IN_A_HEADER),
  'the value of a header that is rewritten': header(
    s3({ headers: { 'accept-encoding': 'b' } }),
    'accept-encoding',
    IN_A_HEADER,
  ),
  'the method': altered(s3({}), { method: `P${ALL}` }),
  'the region': header(
    s3({}),
    'authorization',
    authorization.replace('eu-west-1', `eu${IN_A_HEADER}`),
  ),
  'the key id': header(
    s3({}),
    'authorization',
    authorization.replace(KEY.accessKeyId, `AKID${IN_A_HEADER}`),
  ),
  'the signature': header(s3({}), 'authorization', `${authorization}${IN_A_HEADER}`),
  'the list of names': header(
    s3({}),
    'authorization',
    authorization.replace('host;', `host;${IN_A_HEADER};`),
  ),
  'the date': header(s3({}), 'x-amz-date', `20261124T120000Z${IN_A_HEADER}`),
  'the hash of the body': header(s3({}), 'x-amz-content-sha256', IN_A_HEADER),
  'the session token': header(s3({}), 'x-amz-security-token', IN_A_HEADER),
}

/** All that is shown to people of an explanation. */
function check(why: Awaited<ReturnType<typeof explain>>): void {
  const texts = why.findings.flatMap(({ detail = '', message, advice }) => [
    detail,
    message,
    advice,
  ])
  for (const text of [why.message, why.advice, ...texts]) expect(text).not.toMatch(UNSEEN)
  const lines = String(why).split('\n')
  for (const line of lines) expect(line).not.toMatch(UNSEEN)
  expect(lines.filter((line) => line.startsWith('Proved: the key'))).toEqual([])
}

describe('nothing that a stranger wrote moves a cursor, turns a text around or forges a line', () => {
  it.each(Object.entries(SENT))('in an explanation of what came: %s', async (_, received) => {
    for (const pathPrefixes of [[], [ALL]])
      check(await explain(received, { ...serverOptions, pathPrefixes }))
  })

  it('and such characters are shown where they stood, by their code, and are as data what it was', async () => {
    const why = await explain(SENT['the name of a parameter'], serverOptions)
    expect(why.cause).toBe('query-parameters-added')
    expect(why.findings[0]?.detail).toContain('\\u0000\\u0001')
    expect(why.findings[0]?.detail).toMatch(/\\u001b|\\u202e/)
    // As data it is what it was.
    const host = SENT['the host that was signed']
    const exact = await explain(host, serverOptions)
    expect(exact.causes).toEqual(['host-changed'])
    expect(exact.theirs?.canonicalRequest).toContain(`host:real${IN_A_HEADER.trim()}`)
    expect(exact.findings[0]?.detail).toContain('real')
    expect(exact.findings[0]?.detail).toContain('\\u001b')
  })

  const error = (name: string, text: string) => `<Error>${name}<${text}</Error>`
  const xml = (name: string, text: string) => `<${name}>${text}</${name}>`
  const inXml = Array.from(ODD, (it) => `&#${it.codePointAt(0)};`).join('')
  const client = { service: 's3', region: 'eu-west-1', credentials: KEY, signingDate: NOW }
  const request = { url: 'https://bucket.s3.eu-west-1.amazonaws.com/a' }

  it('in an explanation of what a server answers', async () => {
    const signed = await sign(request, client)
    for (const text of [ODD, inXml]) {
      const code = (it: string) => xml('Code', it)
      const mismatch = code('SignatureDoesNotMatch')
      const answers = [
        code(text) + xml('Message', text),
        mismatch + xml('Message', text),
        code('PermanentRedirect') + xml('Endpoint', text) + xml('Region', text),
        code('AuthorizationHeaderMalformed') +
          xml('Message', 'The region is wrong') +
          xml('Region', text),
        mismatch + xml('CanonicalRequest', `GET\n/${text}\n\nhost:${text}\n\nhost\nabc`),
        mismatch +
          xml('CanonicalRequest', `GET\n/a\n${text}\nhost:a\n${text}:a\n\nhost;${text}\n${text}`),
        mismatch +
          xml('StringToSign', `AWS4-HMAC-SHA256${text}\n20261124T120000Z\n${text}/s3\nabc`),
        code('RequestTimeTooSkewed') + xml('RequestTime', `20200101T000000Z${text}`),
        code('AccessDenied') +
          xml('Refusal', xml('Reason', 'unsigned-headers') + xml('Header', text)),
        code('AccessDenied') + xml('Refusal', xml('Reason', text) + xml('Header', text)),
        JSON.stringify({ __type: `X#${text}`, message: text }),
        JSON.stringify({
          message: 'a',
          refusal: { reason: 'unsigned-headers', header: text, part: text },
        }),
        text,
      ]
      for (const serverError of answers) {
        check(await explain(request, { ...client, serverError }))
        check(await explain(signed, { ...client, serverError: error('', serverError) }))
      }
    }
    const elsewhere = server(
      onWire(await sign({ ...request, url: `${request.url}?${ENCODED}` }, client)),
    )
    for (const answer of Object.values(SHAPES))
      check(await explain(signed, { ...client, serverError: answer(elsewhere) }))
  })

  it.each(Object.entries(SENT))('in a refusal, nor in what it is answered: %s', async (_, sent) => {
    const { otherCredentials: _other, ...options } = serverOptions
    const result = await verify(sent, options)
    if (result.ok) throw new Error('accepted')
    expect(result.message).not.toMatch(UNSEEN)
    for (const protocol of ['s3', 'json', 'query'] as const satisfies readonly AwsProtocol[]) {
      const { body, headers } = awsError(result, protocol, 'coarse')
      expect(body.replace(/\n/g, '')).not.toMatch(UNSEEN)
      expect(Object.values(headers).join('')).not.toMatch(UNSEEN)
    }
  })

  it('in a refusal of a form', async () => {
    const { fields } = await create({
      conditions: [['starts-with', '$x-amz-meta-a', ALL]],
      fields: { 'x-amz-meta-b': 'b' },
    })
    const covered = { ...fields, 'x-amz-meta-a': ALL }
    const forms = [
      { ...fields, 'x-amz-meta-a': 'a' },
      { ...covered, key: ALL },
      { ...covered, [`x${ALL}`]: 'b' },
      { ...covered, policy: ALL },
      { ...covered, 'x-amz-credential': ALL },
    ]
    for (const form of forms) {
      const result = await verifyForm(form)
      if (result.ok) throw new Error('accepted')
      expect(result.message).not.toMatch(UNSEEN)
    }
  })
})

describe('nothing that the command prints does, whoever wrote it', () => {
  const env = {
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    AWS_REGION: 'eu-west-1',
  }
  async function printed(words: readonly string[], input: string): Promise<string> {
    let text = ''
    const out = () =>
      new Writable({
        write(piece, _, done) {
          text += piece
          done()
        },
      })
    await run(words, '0', {
      stdin: Readable.from([Buffer.from(input)]),
      stdout: out(),
      stderr: out(),
      env,
    })
    return text
  }

  const har = (more: object) =>
    JSON.stringify({
      method: 'POST',
      url: 'https://bucket.s3.eu-west-1.amazonaws.com/a',
      headers: [],
      postData: { text: ODD },
      ...more,
    })
  const message = (received: { headers?: object; url: string; method?: string }) =>
    [
      `${received.method ?? 'PUT'} ${received.url} HTTP/1.1`,
      ...Object.entries(received.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      '',
      ODD,
    ].join('\r\n')

  const INPUTS: Readonly<Record<string, string>> = {
    'a body': har({}),
    'a method': har({ method: ODD }),
    'a URL': har({ url: `https://bucket.s3.eu-west-1.amazonaws.com/${ODD}` }),
    'the name of a header': har({ headers: [{ name: ODD, value: 'a' }] }),
    'the value of a header': har({ headers: [{ name: 'x-a', value: ODD }] }),
    'a header that can be sent': har({ headers: [{ name: 'x-a', value: IN_A_HEADER }] }),
    'an answer': `<Error><Code>${ODD}</Code><Message>${ODD}</Message></Error>`,
    'an answer that quotes': `<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>GET\n/${ODD}\n\nhost:${ODD}\n\nhost\nabc</CanonicalRequest><StringToSign>${ODD}</StringToSign></Error>`,
    'an answer of text': ODD,
    ...Object.fromEntries(
      Object.entries(SENT).map(([name, received]) => [`a request with ${name}`, message(received)]),
    ),
  }

  it.each(Object.entries(INPUTS))('of %s', async (_, input) => {
    for (const verb of ['sign', 'presign', 'verify', 'explain'])
      for (const form of [[], ['--json'], ['--format', 'curl']]) {
        const text = await printed([verb, ...form], input)
        const lines = text.split('\n')
        for (const line of lines) expect(line.replace(/\t/g, '')).not.toMatch(UNSEEN)
        // A curl line holds the lines of a body, within its quotation.
        if (form[1] !== 'curl' || /^(verify|explain)$/.test(verb))
          expect(lines.filter((line) => line.startsWith(FORGED))).toEqual([])
      }
  })

  it('and a curl line still sends what was signed', async () => {
    const body = `it's ${ODD.replace(/\0/g, '')} \\n`
    const line = await printed(['sign', '--format', 'curl'], har({ postData: { text: body } }))
    const again = await printed(['sign', '--json'], line)
    const once = await printed(['sign', '--json'], har({ postData: { text: body } }))
    const hash = (text: string) => /"x-amz-content-sha256": "(\w+)"/.exec(text)?.[1]
    expect(hash(again)).toBe(hash(once))
    expect(hash(once)).toHaveLength(64)
  })
})
