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
