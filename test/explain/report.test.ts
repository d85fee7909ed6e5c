import { awsError, explain, type SignOptions, sign, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { SHAPES, server } from './answers.ts'
import {
  type Change,
  get,
  header,
  KEY,
  NOW,
  onWire,
  SECRET,
  TEMPORARY,
  target,
} from './client-case.ts'
import { serverOptions } from './faults.ts'
import { manual } from './manual.ts'

const options: SignOptions = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}

/** What is said to a client whose request came to its server in another form. */
async function toClient(request: ReturnType<typeof get>, change: Change, given = options) {
  const signed = await sign(request, given)
  const read = server(change(onWire(signed)), { secret: SECRET })
  const serverError = (SHAPES["S3's XML"] as (typeof SHAPES)[string])(read)
  return String(await explain(signed, { ...given, serverError }))
}

const custom = (value: string) => get('/p', { 'x-custom': value })
const lines = (text: string, wanted: RegExp) => text.split('\n').filter((it) => wanted.test(it))

describe('the text of an explanation', () => {
  it('says to a client what is wrong, its cure, where, and both canonical requests', async () => {
    const text = await toClient(
      get('/prod/items'),
      target((path) => path.replace('/prod', '')),
    )
    expect(text.split('\n').map((it) => it.replace(/[\da-f]{64}/, 'HASH'))).toEqual([
      'Proved: A prefix of the path was added or stripped on the way. [path-prefix]',
      '  Cure: Sign and verify the same path: where a gateway adds a stage or mount, verify what the client sent.',
      '',
      'Path, line 2, column 2:',
      '  ours, as signed                 /prod/items',
      '  theirs, as the server reads it  /items',
      '                                   ^ "p" / "i"',
      '',
      'Canonical request (- ours, as signed; + theirs, as the server reads it):',
      '   1   GET',
      '   2 - /prod/items',
      '   2 + /items',
      '   3',
      '   4   host:abc.execute-api.eu-west-1.amazonaws.com',
      '   5   x-amz-date:20261124T120000Z',
      '   6',
      '   7   host;x-amz-date',
      '   8   HASH',
    ])
  })

  it('says to a server the same from its own side', async () => {
    const received = manual({ query: 'b=2&a=1', canonicalQuery: 'b=2&a=1' })
    const text = String(await explain(received, serverOptions))
    expect(text).toContain(
      'Proved: The query was signed in its own order, not sorted. [query-order]',
    )
    expect(lines(text, /^ {2}(ours|theirs)|\^/)).toEqual([
      '  ours, as read here  a=1&b=2',
      '  theirs, as signed   b=2&a=1',
      '                      ^ "a" / "b"',
    ])
    expect(text).toContain('Canonical request (- ours, as read here; + theirs, as signed):')
  })

  it.each([
    ['a tab', 'a b', 'a\tb', 'a\\u0009b', '^ a blank / a tab'],
    ['blanks in a row', 'a b', 'a  b', 'a\u00b7\u00b7b', '^ "b" / a blank'],
    ['a blank at the end', 'a', 'a ', 'a\u00b7', '^ the end / a blank'],
    ['a no-break space', 'a b', 'a\u00a0b', 'a\\u00a0b', '^ a blank / U+00A0'],
    ['a letter that looks alike', 'abc', '\u0430bc', '\u0430bc', '^ "a" / "\u0430" U+0430'],
    ['a zero-width space', 'ab', 'a\u200bb', 'a\\u200bb', '^ "b" / U+200B'],
    ['no value', 'ab', '', '', '^ "a" / the end'],
  ])('shows %s', async (_, ours, theirs, shownAs, mark) => {
    const signed = await sign(custom(ours), options)
    const change = (text: string) => text.replace(/x-custom:.*/, `x-custom:${theirs}`)
    const read = server(onWire(signed), { change })
    const serverError = (SHAPES["S3's XML"] as (typeof SHAPES)[string])(read)
    const text = String(await explain(signed, { ...options, serverError }))
    expect(lines(text, /^ {2}theirs/)[0]).toMatch(
      new RegExp(`x-custom:${shownAs.replace(/\\/g, '\\\\')}$`),
    )
    expect(text).toContain(mark)
    expect(text).toContain(`6 + x-custom:${shownAs}`)
    const places = ['ours', 'theirs'].map(
      (label) => lines(text, new RegExp(`^ {2}${label}`))[0] ?? '',
    )
    const at = (lines(text, /\^/)[0] ?? '').indexOf('^')
    const [before, other] = places.map((it) => it.slice(0, at).slice(-9).replace('\u00b7', ' '))
    expect(before).toBe(other)
  })

  it('marks the end of a line that is the beginning of the other', async () => {
    const text = await toClient(custom('gzip, br'), header('x-custom', 'gzip'))
    const [ours = '', theirs = '', mark = ''] = lines(text, /^ {2}(ours|theirs)|\^/)
    expect(mark.indexOf('^')).toBe(theirs.length)
    expect(ours[mark.indexOf('^')]).toBe(',')
  })

  it('shortens long lines around the difference', async () => {
    const long = `${'x'.repeat(5000)}Y${'z'.repeat(5000)}`
    const text = await toClient(custom(long), header('x-custom', long.replace('Y', 'y')))
    for (const it of text.split('\n')) expect(it.length).toBeLessThanOrEqual(150)
    const [ours = '', , mark = ''] = lines(text, /^ {2}(ours|theirs)|\^/)
    expect(ours[mark.indexOf('^')]).toBe('Y')
    expect(text).toContain('column 5010')
  })

  it('lists the parameters that one query alone has', async () => {
    const text = await toClient(
      get('/p?a=1&b=2&b=2'),
      target(() => '/p?a=1&b=2&c=3&d=4'),
    )
    expect(lines(text, /alone/)).toEqual(['  in ours alone: b=2', '  in theirs alone: c=3  d=4'])
  })

  it('says which hash is that of an empty body', async () => {
    const signed = await sign({ ...get('/p'), method: 'POST', body: 'a' }, options)
    const read = server({ ...onWire(signed), body: '' })
    const serverError = (SHAPES["S3's XML"] as (typeof SHAPES)[string])(read)
    const text = String(await explain(signed, { ...options, serverError }))
    expect(lines(text, /of an empty body/).length).toBe(1)
  })

  it('says that values differ which it does not show', async () => {
    const given = { ...options, credentials: TEMPORARY }
    const text = await toClient(get('/p'), header('x-amz-security-token', 'another'), given)
    expect(text).toContain('The values differ, and are not shown.')
    expect(lines(text, /x-amz-security-token:/).every((it) => it.endsWith(':…'))).toBe(true)
  })

  it('says each further cause with its cure', async () => {
    const received = manual({
      ...{ path: '/prod/a%20b', canonicalPath: '/prod/a%20b' },
      ...{ query: 'b=1&a=2', canonicalQuery: 'b=1&a=2' },
    })
    const text = String(await explain(received, serverOptions))
    expect(lines(text, /^ *(Proved|And|Cure):/).length).toBe(4)
  })

  it('says where only the key differs that all else is alike', async () => {
    const received = manual({ secret: `${SECRET}\n` })
    const text = String(await explain(received, serverOptions))
    expect(text).toContain('Canonical request (the same on both sides):')
    expect(text).not.toMatch(/^ +\d+ [-+] /m)
  })

  it('names the scope that a key was derived for', async () => {
    const keyScope = ['20261124', 'us-east-1', 'execute-api', 'aws4_request']
    const why = await explain(manual({ keyScope }), serverOptions)
    expect(why.message).toContain('the key was derived for 20261124/us-east-1/execute-api')
  })

  it('is short where the canonical request tells nothing', async () => {
    const now = new Date('2026-11-24T13:00:00Z')
    const text = String(await explain(manual({}), { ...serverOptions, now }))
    expect(text.split('\n').length).toBe(2)
    expect(text).toContain('request 2026-11-24T12:00:00Z, server 2026-11-24T13:00:00Z')
    expect(String(await explain(manual({}), serverOptions))).toBe('The signature matches.')
  })

  it('shows the differing lines alone of a request with hundreds of headers', async () => {
    const names = Array.from({ length: 300 }, (_, at) => [`x-h${at}`, 'a'] as const)
    const headers = { ...Object.fromEntries(names), 'x-custom': 'a' }
    const text = await toClient(get('/p', headers), header('x-custom', 'b'))
    expect(text.split('\n').length).toBeLessThan(20)
    expect(text).toContain('- x-custom:a')
    expect(text).toMatch(/… of \d{3} lines/)
  })

  it('is plain text, and holds what awsError quotes', async () => {
    const signed = await sign(custom('abc'), options)
    const headers = { ...signed.headers, host: 'abc.execute-api.eu-west-1.amazonaws.com' }
    const received = { method: 'GET', url: '/p', headers: { ...headers, 'x-custom': 'abd' } }
    const refused = await verify(received, serverOptions)
    if (refused.ok) throw new Error('accepted')
    const serverError = awsError(refused, 'json').body
    const text = String(await explain(signed, { ...options, serverError }))
    expect(text).toContain('+ x-custom:abd')
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f]/)
  })
})
