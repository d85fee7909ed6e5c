import * as countersign from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's'.repeat(40) }
const signing = { service: 's3', region: 'r-1', credentials: key }
const rules = { service: 's3', credentials: () => key }

/** A request that I have signed for a method, whatever I then send as one. */
const signedFor = (method: string) => {
  const { headers } = sync.sign({ method, url: 'https://h.example/public/x' }, signing)
  return { method, url: '/public/x', headers: { host: 'h.example', ...headers } }
}

const REFUSED = { ok: false, reason: 'malformed-authorization', status: 400 }

/** As it comes out of a queue, or of an event of some gateway's. */
const asJson = (request: object) => JSON.parse(JSON.stringify(request))

describe('a method that is no token', () => {
  it.each<[string, string, unknown]>([
    ['a list that passes for its text', 'GET', ['GET']],
    ['a list whose length is less than that of its text', 'AB,C', ['AB', 'C']],
    ['a list with a path in it', 'GET,/../../etc/passwd', ['GET', '/../../etc/passwd']],
    ['an object that is no text', 'GET', { toString: 1 }],
    ['an object', 'GET', {}],
    ['nothing', 'GET', null],
    ['a number', '7', 7],
    ['truth', 'TRUE', true],
    ['an empty text', 'GET', ''],
    ['a text with a path of its own in it', 'GET', 'GET\n/admin'],
    ['a text with a blank', 'GET', 'GET /admin'],
    ['a text with a colon', 'GET', 'GET:'],
    ['a text that ends with its line', 'GET', 'GET\n'],
    ['a text that no header may hold', 'GET', 'G\u00cbT'],
  ])('%s is refused', async (_, text, method) => {
    const request = asJson({ ...signedFor(text), method })
    expect(sync.verify(request, rules)).toMatchObject(REFUSED)
    for (const verify of [countersign.verify, countersign.createVerifier(rules).verify])
      expect(await verify(request, rules)).toMatchObject(REFUSED)
    expect(sync.explain(request, rules).matches).toBe(false)
  })

  it.each(['GET', 'get', 'M-SEARCH', "A!#$%&'*+.^_`|~9"])('%s is one', (method) => {
    const signed = signedFor(method)
    const result = sync.verify({ ...signed, method: method.toUpperCase() }, rules)
    expect(result).toMatchObject({ ok: true, path: '/public/x' })
  })
})

describe('a target that is no text', () => {
  it.each<[string, unknown]>([
    ['a list', ['/public/x']],
    ['an object that is no text', { toString: 1 }],
    ['an object', {}],
    ['nothing', null],
    ['absent', undefined],
    ['a number', 7],
  ])('%s is refused', async (_, url) => {
    const request = asJson({ ...signedFor('GET'), url })
    const refused = { ...REFUSED, about: { part: 'url' } }
    expect(sync.verify(request, rules)).toMatchObject(refused)
    expect(await countersign.verify(request, rules)).toMatchObject(refused)
  })

  it('is refused where it is an object that has no text at all', () => {
    const url = Object.create(null)
    expect(sync.verify({ ...signedFor('GET'), url }, rules)).toMatchObject(REFUSED)
  })
})

describe('a header that a gateway takes for another', () => {
  const { headers, ...rest }: { headers: Record<string, string>; method: string; url: string } =
    signedFor('GET')

  it.each(['x_amz_acl', 'X_Amz_Acl', 'x-amz_acl', 'x_amz-meta-a'])(
    '%s is not let in unsigned',
    async (name) => {
      const request = { ...rest, headers: { ...headers, [name]: 'public-read' } }
      const refused = { reason: 'unsigned-headers', about: { header: name.toLowerCase() } }
      expect(await countersign.verify(request, rules)).toMatchObject(refused)
      const toleratedUnsignedHeaders = [name]
      expect(sync.verify(request, { ...rules, toleratedUnsignedHeaders }).ok).toBe(true)
    },
  )

  it.each(['x-amzn-trace-id', 'x_amzn_trace_id', 'xamz-a', 'x-other_amz_a'])(
    'and %s still is',
    (name) =>
      expect(sync.verify({ ...rest, headers: { ...headers, [name]: 'a' } }, rules).ok).toBe(true),
  )

  it('__PROTO__ is as any other that is not signed, and cannot be said to be', () => {
    const fields: [string, string][] = [...Object.entries(headers), ['__PROTO__', 'a']]
    expect(sync.verify({ ...rest, headers: fields }, rules).ok).toBe(true)
    const authorization = `${headers.authorization}`.replace('host', '__proto__;host')
    const signed: [string, string][] = fields.map(([name, value]) =>
      name === 'authorization' ? [name, authorization] : [name, value],
    )
    expect(sync.verify({ ...rest, headers: signed }, rules)).toMatchObject({
      reason: 'signed-header-missing',
    })
  })
})

describe('half of a pair, which is hashed as another character', () => {
  const url = 'https://h.example/x'
  const { headers } = sync.sign({ url, headers: { 'x-amz-meta-a': 'a' } }, signing)

  it.each(['\ud83d', '\ude00', '\ude00\ud83d', 'a\udfff'])('%j is in no header', (value) => {
    const sent = { ...headers, host: 'h.example', 'x-amz-meta-a': value }
    expect(sync.verify({ method: 'GET', url: '/x', headers: sent }, rules)).toMatchObject({
      ...REFUSED,
      message: 'A header cannot be read.',
    })
  })

  it('and a whole one, and what stands for half of one, may be', () => {
    for (const value of ['\u{1f600}', 'a\ufffd']) {
      const sent = { ...headers, host: 'h.example', 'x-amz-meta-a': value }
      expect(sync.verify({ method: 'GET', url: '/x', headers: sent }, rules)).toMatchObject({
        reason: 'signature-mismatch',
      })
    }
  })
})

it('a signed header may be cut at its commas on the way, and have its blanks changed', () => {
  const named = { 'x-amz-copy-source': '/b/a,b', 'x-amz-meta-n': 'one two' }
  const { headers } = sync.sign({ url: 'https://h.example/x', headers: named }, signing)
  const others = Object.entries(headers).filter(([name]) => !Object.hasOwn(named, name))
  const result = sync.verify(
    {
      ...{ method: 'GET', url: '/x' },
      headers: [
        ...others,
        ['host', 'h.example'],
        ['x-amz-copy-source', '/b/a'],
        ['x-amz-copy-source', 'b'],
        ['x-amz-meta-n', 'one \t  two'],
      ],
    },
    rules,
  )
  // What was signed is told, as one line.
  expect(result.trace?.canonicalRequest).toContain('\nx-amz-copy-source:/b/a,b\n')
  expect(result).toMatchObject({ ok: true })
})
