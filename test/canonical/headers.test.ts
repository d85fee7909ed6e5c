import { describe, expect, it } from 'vitest'
import {
  canonicalHeaders,
  isListed,
  nameList,
  readHeaders,
  signedHeaderNames,
} from '../../src/canonical/headers.ts'
import type { HeadersInput } from '../../src/model/types.ts'

const any = (headers: unknown) => headers as HeadersInput

describe('header fields', () => {
  it.each<[string, HeadersInput | undefined, object]>([
    ['none', undefined, {}],
    ['a record', { 'X-A': '1', b: undefined }, { 'x-a': '1' }],
    ['a record of lists', { a: ['1', '2'], b: [] }, { a: '1,2' }],
    ['Headers', new Headers({ 'X-A': '1' }), { 'x-a': '1' }],
    ['pairs, where one alone keeps its blanks', [['A', ' 1  2 ']], { a: ' 1  2 ' }],
    [
      'pairs of one name, joined in their order without blanks at their ends',
      [
        ['a', ' 1  2\t'],
        ['A', '\t3'],
        ['a', '4 '],
      ],
      { a: '1 2,3,4' },
    ],
    ['names that objects inherit', [['constructor', '1']], { constructor: '1' }],
    [
      'one that objects inherit, twice',
      [
        ['valueOf', '1'],
        ['valueof', '2'],
      ],
      { valueof: '1,2' },
    ],
    [
      'a member of every object, twice',
      [
        ['constructor', '1'],
        ['constructor', '2'],
      ],
      { constructor: '1,2' },
    ],
    ['every character of a name', { "!#$%&'*+.^`|~-_09aZ": '1' }, { "!#$%&'*+.^`|~-_09az": '1' }],
    ['the ends of ISO 8859-1', { a: '\t ~\x80\xff' }, { a: '\t ~\x80\xff' }],
  ])('are read of %s', (_, input, fields) => expect(readHeaders(input)).toEqual(fields))

  it.each<[string, HeadersInput]>([
    ['an empty name', { '': '1' }],
    ['a blank in a name', { 'a b': '1' }],
    ['a line break behind a name', { 'a\n': '1' }],
    ['a name that starts with one that is none', { '(a': '1' }],
    ['__proto__', [['__proto__', '1']]],
    ['a number', any({ a: 1 })],
    ['a number in a list', any({ a: ['1', 2] })],
    ['a line break', { a: '1\n2' }],
    ['a control character', { a: '\x1f' }],
    ['DEL', { a: '\x7f' }],
    ['a character beyond ISO 8859-1', { a: '\u0100' }],
  ])('are refused with %s', (_, input) =>
    expect(() => readHeaders(input)).toThrow(expect.objectContaining({ code: 'invalid-header' })),
  )

  it('may be judged otherwise', () => {
    expect(readHeaders({ a: '\x1f' }, () => true)).toEqual({ a: '\x1f' })
    expect(() => readHeaders({ a: '1' }, () => false)).toThrow('invalid-header')
  })

  it('may have __proto__ within their names', () =>
    expect(readHeaders({ __proto__a: '1', a__proto__: '2' })).toEqual({
      __proto__a: '1',
      a__proto__: '2',
    }))
})

describe('lists of header names', () => {
  it.each<[Iterable<string>, string[]]>([
    [
      ['A', 'b'],
      ['a', 'b'],
    ],
    [
      ['A,B', 'c d', 'E , F'],
      ['a', 'b', 'c', 'd', 'e', 'f'],
    ],
    [['Close'], ['close']],
    [new Set(['A', 'b']), ['a', 'b']],
  ])('%j', (names, list) => expect(nameList(names)).toEqual(list))

  it.each([
    ['cf-*', 'cf-ray', true],
    ['cf-*', 'cf-', true],
    ['cf-*', 'cf', false],
    ['cf-*', 'cfx', false],
    ['x-forwarded-*', 'x-forwarded-for', true],
    ['x-forwarded-*', 'x-forward', false],
    ['*', 'x', true],
    ['cf', 'cf-ray', false],
  ])('%s names %s: %s', (name, header, isOne) =>
    expect(!!isListed(nameList(['other', name]), header)).toBe(isOne),
  )
})

describe('the headers that are signed', () => {
  const LEFT_OUT = [
    ...['accept-encoding', 'transfer-encoding', 'authorization', 'connection', 'content-length'],
    ...['expect', 'keep-alive', 'proxy-authorization', 'proxy-', 'te', 'trailer', 'upgrade'],
    ...['user-agent', 'x-amzn-trace-id', 'sec-fetch-mode', 'sec-'],
  ]
  it.each(LEFT_OUT)('are without %s, unless it is asked for', (name) => {
    expect(signedHeaderNames({ [name]: '1' }, {})).toEqual(['host'])
    const asked = signedHeaderNames({ [name]: '1' }, { signableHeaders: [name.toUpperCase()] })
    expect(asked).toEqual(['host', name].sort())
    // A name that has it in it is another.
    expect(
      signedHeaderNames({ [`${name.replace(/-$/, '')}`]: '1', [`x${name}`]: '1' }, {}),
    ).toEqual(expect.arrayContaining([`x${name}`]))
  })

  it.each(LEFT_OUT.filter((name) => !/^(proxy|sec)-/.test(name)))(
    'have what begins with %s',
    (name) => expect(signedHeaderNames({ [`${name}x`]: '1' }, {})).toContain(`${name}x`),
  )

  it.each<[string, Record<string, string>, Parameters<typeof signedHeaderNames>[1], string[]]>([
    ['sorted, with the host', { z: '1', a: '1' }, {}, ['a', 'host', 'z']],
    ['with the host once', { host: 'a', i: '1' }, {}, ['host', 'i']],
    ['without those of Connection', { connection: 'close, X-Hop', 'x-hop': '1' }, {}, ['host']],
    ['without those named', { a: '1', b: '1' }, { unsignableHeaders: ['A'] }, ['b', 'host']],
    ['with the host whatever is said', { host: 'a' }, { unsignableHeaders: ['host'] }, ['host']],
    [
      'with what is named in both ways',
      { a: '1' },
      { unsignableHeaders: ['a'], signableHeaders: ['a'] },
      ['a', 'host'],
    ],
    ['with none that is only named', {}, { signableHeaders: ['expect'] }, ['host']],
  ])('are %s', (_, headers, rules, names) =>
    expect(signedHeaderNames(headers, rules)).toEqual(names),
  )
})

describe('the canonical header block', () => {
  it('has a line each, in the order of the names, the host where there is no header', () =>
    expect(
      canonicalHeaders(
        { b: ' 1 \t 2 ', a: '\t', c: 'x\ty', d: '1  ' },
        ['b', 'host', 'a', 'c', 'd'],
        'h:1',
      ),
    ).toBe('b:1 2\nhost:h:1\na:\nc:x y\nd:1\n'))

  it('is empty without a name', () => expect(canonicalHeaders({ a: '1' }, [], 'h')).toBe(''))

  it('keeps an empty value', () => expect(canonicalHeaders({ a: '' }, ['a'], 'h')).toBe('a:\n'))
})
