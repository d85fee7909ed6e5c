import { describe, expect, it } from 'vitest'
import { checkPolicy, sizeRange } from '../../src/s3/check-policy.ts'
import {
  type Condition,
  givenOf,
  keeps,
  parseCondition,
  parsePolicy,
} from '../../src/s3/policy-conditions.ts'
import { fillIn, readForm } from '../../src/s3/post-form.ts'
import { FILENAME } from './forms.ts'

const field = (operator: string, name: string, value: string, written: unknown) => ({
  ...{ operator, field: name.slice(1).toLowerCase(), name, value, written },
})
const size = (least: number, most: number, written: unknown) => ({
  ...{ operator: 'content-length-range', least, most, written },
})

describe('a condition', () => {
  it.each<[unknown, object]>([
    [['eq', '$Key', 'a'], field('eq', '$Key', 'a', ['eq', '$Key', 'a'])],
    [['Eq', '$k', 'a'], field('eq', '$k', 'a', ['Eq', '$k', 'a'])],
    [['starts-with', '$k', ''], field('starts-with', '$k', '', ['starts-with', '$k', ''])],
    [{ Acl: 'a' }, field('eq', '$Acl', 'a', { Acl: 'a' })],
    [['eq', '$$', 'a'], field('eq', '$$', 'a', ['eq', '$$', 'a'])],
    [['eq', '$a\nb', 'a'], field('eq', '$a\nb', 'a', ['eq', '$a\nb', 'a'])],
    [['content-length-range', 0, 0], size(0, 0, ['content-length-range', 0, 0])],
    [['Content-Length-Range', 0, 0], size(0, 0, ['Content-Length-Range', 0, 0])],
    [['content-length-range', '1', '20'], size(1, 20, ['content-length-range', '1', '20'])],
  ])('%j is taken apart', (written, parsed) => expect(parseCondition(written)).toEqual(parsed))

  it.each([
    ...[undefined, null, 'eq', 1, [], ['eq'], ['eq', '$a'], ['eq', '$a', 'b', 'c'], [1, '$a', 'b']],
    ...[
      ['ne', '$a', 'b'],
      ['eq', 'a', 'b'],
      ['eq', '$', 'b'],
      ['eq', 'x$a', 'b'],
      ['eq', '$a', 1],
      ['eq', ['$a'], 'b'],
    ],
    ...[['eq', 1, 'b'], { a: 1 }, { a: 'b', c: 'd' }, {}, { '': 'a' }, ['toString', '$a', 'b']],
    ...[
      ['starts-with', '$a', null],
      ['content-length-range', 2, 1],
      ['content-length-range', 1],
    ],
    ['content-length-range', -1, 1],
    ['content-length-range', 0.5, 1],
    ['content-length-range', 0, 1.5],
    ['content-length-range', 0, 2 ** 53],
    ['content-length-range', '1x', 2],
    ['content-length-range', 'x1', 2],
    ['content-length-range', '', 2],
    ['content-length-range', 0, 1, 2],
    ['content-length-range', [], 1],
    ['content-length-range', true, 2],
  ])('%j is none', (written) => expect(parseCondition(written)).toMatch(/^Invalid .*\.$/))
})

describe('a policy', () => {
  const expiration = '2015-08-30T12:36:00Z'
  const of = (value: unknown) =>
    parsePolicy(
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64'),
    )

  it.each(['2015-08-30T12:36:00Z', '2015-08-30T12:36:00.5Z', '2015-08-30T12:36:00.123456Z'])(
    'may expire at %s',
    (expiration) =>
      expect(of({ expiration, conditions: [] })).toEqual({
        expiration: new Date(expiration),
        conditions: [],
      }),
  )

  it('has the conditions of all its parts', () =>
    expect(
      of({ expiration, conditions: [{ a: '1' }, { b: '2' }, ['eq', '$c', '3']] }),
    ).toHaveProperty('conditions.length', 3))

  it.each<[string, unknown]>([
    ['no expiration', { conditions: [] }],
    ['a number for an expiration', { expiration: 1, conditions: [] }],
    ['a list for an expiration', { expiration: [expiration], conditions: [] }],
    ['another member', { expiration, conditions: [], a: 1 }],
    ['a day alone', { expiration: '2015-08-30', conditions: [] }],
    ['text before it', { expiration: `x${expiration}`, conditions: [] }],
    ['a year of six digits', { expiration: `+00${expiration}`, conditions: [] }],
    ['text behind it', { expiration: `${expiration}x`, conditions: [] }],
    ['a local time', { expiration: '2015-08-30T12:36:00', conditions: [] }],
    ['a point without a fraction', { expiration: '2015-08-30T12:36:00.Z', conditions: [] }],
    ['a month that is none', { expiration: '2015-13-30T12:36:00Z', conditions: [] }],
    ['no conditions', { expiration }],
    ['conditions that are no list', { expiration, conditions: {} }],
    ['a condition that is none', { expiration, conditions: [{ a: '1' }, 1] }],
    ['null', null],
    ['no JSON', '{'],
    ['bytes that are no UTF-8', undefined],
  ])('is none with %s', (_, value) =>
    expect(value === undefined ? parsePolicy('/w==') : of(value)).toBeTypeOf('string'),
  )

  it('is none where a byte of it is no UTF-8, though all else is right', () => {
    const text = (byte: number) =>
      Buffer.from(`{"expiration":"${expiration}","conditions":[{"a":"~"}]}`).map((it) =>
        it === 0x7e ? byte : it,
      )
    expect(parsePolicy(Buffer.from(text(0x7e)).toString('base64'))).toHaveProperty('conditions')
    expect(parsePolicy(Buffer.from(text(0xff)).toString('base64'))).toBe('Invalid JSON.')
  })

  it.each(['?', 'e30', 'e30=e30=', ''])('is none of %j', (text) =>
    expect(parsePolicy(text)).toBe('Invalid JSON.'),
  )

  it("has S3's escapes and JSON's own", () => {
    const text = `{"expiration":"${expiration}","conditions":[{"a":"\\$\\v\\\\v\\n\\u0024\\""}]}`
    expect(of(text)).toHaveProperty('conditions.0.value', '$\v\\v\n$"')
    expect(of(text.replace('\\v', '\\x'))).toBe('Invalid JSON.')
  })
})

describe('a field of a form', () => {
  it.each([
    ['a', ' b , c', ' b , c'],
    ['content-type', 'image/png', 'image/png'],
    ['content-type', 'image/png,image/jpeg', 'image/'],
    ['content-type', 'image/png , image/png', 'image/png'],
    ['content-type', ' image/png , image/png', ''],
    ['content-type', 'a,b', ''],
    ['content-type', 'ab,a,abc', 'a'],
    ['content-type', 'a,', ''],
    ['content-type', '', ''],
  ])('%s of %j begins with %j', (name, text, start) =>
    expect(givenOf(name, text)).toEqual({ text, start }),
  )

  it.each<['eq' | 'starts-with', string, string, boolean]>([
    ['eq', 'a', 'a', true],
    ['eq', 'a', 'ab', false],
    ['eq', '', '', true],
    ['starts-with', 'a', 'ab', true],
    ['starts-with', 'a', 'ba', false],
    ['starts-with', '', 'x', true],
    ['starts-with', '', '', true],
  ])('%s %j: %j is kept: %s', (operator, value, text, kept) =>
    expect(
      keeps({ operator, field: 'a', name: '$a', value, written: {} }, givenOf('a', text)),
    ).toBe(kept),
  )

  const conditions = (...written: unknown[]) => ({
    expiration: new Date(),
    conditions: written.map((it) => parseCondition(it) as Condition),
  })
  const check = (fields: object, written: unknown[], size?: number | 'deferred') =>
    checkPolicy(conditions(...written), new Map(Object.entries(fields)), size)

  it.each([...['file', 'policy', 'x-amz-signature', 'x-ignore-', 'x-ignore-a\nb']])(
    '%j needs no condition',
    (name) => expect(check({ [name]: 'a' }, [])).toBeUndefined(),
  )

  it.each([
    'files',
    'a-policy',
    'policy\n',
    'x-amz-signature2',
    'x-ignore',
    'a',
    'xfile',
    'x-amz-date',
  ])('%j needs one', (name) =>
    expect(check({ [name]: 'a' }, [])).toMatchObject({
      ...{ ok: false, reason: 'field-not-covered', status: 403, field: name },
    }),
  )

  it('must keep every condition, each of the field as it came', () => {
    const both = [
      ['starts-with', '$a', 'x'],
      ['eq', '$a', 'xy'],
    ]
    expect(check({ a: 'xy' }, both)).toBeUndefined()
    expect(check({ a: 'xz' }, both)).toMatchObject({ condition: both[1] })
    expect(check({ a: 'yy' }, both)).toMatchObject({
      ...{ reason: 'condition-failed', status: 403, condition: both[0] },
      message: 'Invalid according to Policy: Policy Condition failed: ["starts-with", "$a", "x"]',
    })
    expect(check({ a: '' }, [['eq', '$a', '']])).toBeUndefined()
    expect(check({}, [['eq', '$a', '']])).toMatchObject({ reason: 'condition-failed' })
    expect(check({ 'x-amz-security-token': 'a' }, [{ 'x-amz-security-token': 'b' }])).toMatchObject(
      {
        condition: ['eq', '$x-amz-security-token', '…'],
      },
    )
  })

  it.each<[number | 'deferred' | undefined, object | undefined]>([
    [2, undefined],
    [4, undefined],
    ['deferred', undefined],
    [
      1,
      { reason: 'condition-failed', size: 1, message: expect.stringMatching(/smaller .* minimum/) },
    ],
    [
      5,
      { reason: 'condition-failed', size: 5, message: expect.stringMatching(/exceeds .* maximum/) },
    ],
    [undefined, { reason: 'missing-file' }],
  ])('a file of %s bytes', (bytes, refused) => {
    const range = ['content-length-range', 2, 4]
    const found = check({}, [range], bytes)
    if (refused) expect(found).toMatchObject({ ...refused, status: 400, condition: range })
    else expect(found).toBeUndefined()
  })

  it('leaves the file the range that all conditions leave', () => {
    const range = (least: number, most: number) => ['content-length-range', least, most]
    expect(sizeRange(conditions({ a: 'b' }))).toBeUndefined()
    expect(sizeRange(conditions(range(1, 9)))).toEqual([1, 9])
    expect(sizeRange(conditions(range(1, 9), { a: 'b' }, range(2, 8), range(0, 7)))).toEqual([2, 7])
  })
})

describe('a form', () => {
  it.each<[string, Parameters<typeof readForm>[0], object]>([
    ['a record', { Key: 'a' }, { fields: [['key', 'a']] }],
    [
      'pairs',
      [
        ['Key', 'a'],
        ['b', ''],
      ],
      {
        fields: [
          ['key', 'a'],
          ['b', ''],
        ],
      },
    ],
    ['a file that tells all', { file: { name: 'n', size: 3 } }, { file: { name: 'n', size: 3 } }],
    ['a file that tells nothing', { file: null }, { file: { mayBeText: true } }],
    [
      'a file that tells what is none',
      { file: { name: 1, size: '2' } },
      { file: { mayBeText: true } },
    ],
    ['a file as text', { File: 'é' }, { file: { size: 2 } }],
    [
      'a second file',
      [
        ['file', 'a'],
        ['FILE', 'b'],
      ],
      { file: { size: 1 }, odd: 'FILE' },
    ],
    [
      'a field twice',
      [
        ['a', '1'],
        ['A', '2'],
        ['b', 1],
      ],
      { fields: [['a', '1']], odd: 'A' },
    ],
    ['a field that is no text', { a: 1 }, { odd: 'a' }],
  ])(
    'is read of %s',
    (_, input, {
      fields = [],
      ...more
    }: Record<string, never> | (object & { fields?: unknown })) => {
      const form = readForm(input)
      expect({ ...form, fields: [...form.fields] }).toEqual({
        file: undefined,
        odd: undefined,
        ...more,
        fields,
      })
    },
  )

  const filled = (fields: object, name?: string, most = 1000) => {
    const all = fillIn(new Map(Object.entries(fields)), name, most)
    return all && Object.fromEntries(all)
  }
  const F = FILENAME

  it.each<[object, string | undefined, object]>([
    [{ key: `a/${F}/${F}` }, 'n.txt', { key: 'a/n.txt/n.txt' }],
    [{ key: F }, 'C:\\dir\\n.txt', { key: 'n.txt' }],
    [{ key: F }, '/a/b\n/n', { key: 'n' }],
    [{ key: F }, '', { key: '' }],
    [{ key: F }, '$&', { key: '$&' }],
    [{ key: F }, undefined, { key: F }],
    ...['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-security-token']
      .concat('x-amz-signature')
      .map((name): [object, string, object] => [{ [name]: F }, 'n', { [name]: F }]),
    [{ 'x-amz-dates': F, 'my-policy': F }, 'n', { 'x-amz-dates': 'n', 'my-policy': 'n' }],
  ])('%j has the file %j in its place', (fields, name, all) =>
    expect(filled(fields, name)).toEqual(all),
  )

  it('has no more bytes than it may, before and after', () => {
    expect(filled({ a: 'éé', b: '1' }, undefined, 7)).toBeDefined()
    expect(filled({ a: 'éé', b: '1' }, undefined, 6)).toBeUndefined()
    const form = { a: `${F}${F}` }
    const before = 1 + 2 * F.length
    expect(filled(form, 'n'.repeat(F.length + 3), before + 6)).toBeDefined()
    expect(filled(form, 'n'.repeat(F.length + 3), before + 5)).toBeUndefined()
    expect(filled(form, 'é'.repeat(F.length), before + 2 * F.length)).toBeDefined()
    expect(filled(form, 'é'.repeat(F.length), before + 2 * F.length - 1)).toBeUndefined()
    expect(filled(form, 'n', before)).toBeDefined()
    expect(filled(form, 'n', before - 1)).toBeUndefined()
    expect(filled({ policy: F }, 'n'.repeat(99), 6 + F.length)).toBeDefined()
  })
})
