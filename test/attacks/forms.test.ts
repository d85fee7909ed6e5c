import { awsError } from 'countersign'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { create, FILENAME, policyOf, sealed, verify } from '../s3/forms.ts'
import { credentials } from '../s3/support.ts'
import { counting } from '../verify/common.ts'

const KiB = 1024
const fileOf = (nameLength: number) => ({ name: 'n'.repeat(nameLength), size: 1 })
const bytesOf = (fields: object) => Buffer.byteLength(Object.entries(fields).flat().join(''))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a form in whatever shape a parser hands it over', () => {
  const read = (fields: unknown) => verify(fields as Record<string, unknown>)

  it('is refused where a part has no name', async () => {
    const { fields } = await create()
    const unnamed = [...Object.entries(fields), [undefined, 'x']]
    for (const form of [unnamed, [[undefined, 'x']], [[Symbol('file'), 'x']]])
      expect(await read(form)).toMatchObject({ ok: false, reason: 'field-repeated' })
  })

  it('is refused where its file is text of a stranger’s, whose size nobody knows', async () => {
    const signed = await create({ conditions: [['content-length-range', 1, 100]] })
    const texts = [['a', 'b'], { x: 'a' }, { size: '9' }, Object.create(null), undefined, null]
    for (const file of texts)
      expect(await read({ ...signed.fields, file })).toMatchObject({
        ...{ ok: false, reason: 'field-repeated', field: 'file' },
      })
  })
})

describe('a form whose policy I have signed', () => {
  it('has no script of its conditions repeated, though S3 repeats them', async () => {
    const value = '<img src=x onerror=alert(1)>&\ud83d'
    for (const condition of [
      { acl: value },
      ['starts-with', '$acl', value],
      ['eq', `$${value}`, 'a'],
    ]) {
      const refused = await verify({ ...(await sealed(policyOf([condition]))), acl: 'private' })
      if (refused.ok) throw new Error('accepted')
      expect(refused.reason).toBe('condition-failed')
      expect(refused.message).toContain('\\u003cimg src=x onerror=alert(1)\\u003e\\u0026\\ud83d')
      expect(refused.message).not.toMatch(/[<>&\ud800-\udfff]/)
    }
  })
})

describe('a form is proved before it is read: one that nobody has signed', () => {
  const unsigned = async (more: object) => {
    const { fields } = await create()
    return { ...fields, 'x-amz-signature': '0'.repeat(64), ...more }
  }

  it('does not have the name of its file multiplied', async () => {
    // A hundred thousand names of six thousand characters: more than a text may have.
    const many = { 'x-amz-meta-a': FILENAME.repeat(100_000), file: fileOf(6000) }
    const result = await verify(await unsigned(many))
    expect(result).toMatchObject({ ok: false, reason: 'signature-mismatch' })
  })

  it('does not have its policy read', async () => {
    const read = vi.spyOn(JSON, 'parse')
    for (const policy of [policyOf(Array(1000).fill({ a: 'b' })), 'e30=', '{}', '?'])
      expect(await verify(await unsigned({ policy }))).toMatchObject({
        reason: 'signature-mismatch',
      })
    expect(read).not.toHaveBeenCalled()
  })

  it('is told nothing of what a signed one would be refused for', async () => {
    for (const more of [{ a: 'b' }, { key: 'x' }, { a: 'a'.repeat(64 * KiB) }])
      expect(await verify(await unsigned(more))).toMatchObject({ reason: 'signature-mismatch' })
  })

  it('has no script of its field names repeated', async () => {
    const name = '<script>alert(1)</script>'
    const { fields } = await create()
    const twice = [...Object.entries(fields), [name, 'a'], [name, 'b']] as [string, string][]
    for (const form of [twice, { ...fields, [name]: 'a' }]) {
      const refused = await verify(form)
      if (refused.ok) throw new Error('accepted')
      expect(refused.message).not.toMatch(/[<>]/)
      expect(awsError(refused, 's3').body).not.toContain('script>')
    }
  })

  it('takes the same work whatever is wrong with its key', async () => {
    const { crypto, costOf } = counting()
    const form = await unsigned({})
    const { fields: other } = await create({
      credentials: { ...credentials, accessKeyId: 'NOBODY' },
    })
    const { fields: stolen } = await create({ credentials: { ...credentials, sessionToken: 'a' } })
    const lookup = (id: string) => (id === credentials.accessKeyId ? credentials : undefined)
    const signingKey = new Uint8Array(32)
    const scope = { date: '20150830', region: 'eu-west-1', service: 's3' }
    const derived = { accessKeyId: credentials.accessKeyId, signingKey, scope }
    const costs: object[] = []
    const reasons: string[] = []
    for (const [fields, find] of [
      [form, lookup],
      [other, lookup],
      [stolen, lookup],
      [form, () => derived],
    ] as const)
      costs.push(
        await costOf(async () => {
          const result = await verify(fields, { crypto, credentials: find })
          reasons.push(result.ok ? 'accepted' : result.reason)
        }),
      )
    expect(reasons).toEqual([
      'signature-mismatch',
      'unknown-access-key',
      'invalid-session-token',
      'signature-mismatch',
    ])
    expect(costs).toEqual(Array(4).fill({ hmac: 5, sha256: 0 }))
  })
})

describe('a form is proved before it is read: one that somebody was given', () => {
  const open = () => create({ conditions: [['starts-with', '$x-amz-meta-a', '']] })

  it('is refused beyond 20480 bytes, as its fields are bounded', async () => {
    const { fields } = await open()
    const room = 20 * KiB - bytesOf({ ...fields, 'x-amz-meta-a': '' })
    const filled = (length: number) => ({ ...fields, 'x-amz-meta-a': 'é'.repeat(length / 2) })
    const even = room - (room % 2)
    expect((await verify(filled(even))).ok).toBe(true)
    const refused = await verify(filled(even + 2))
    expect(refused).toMatchObject({ ok: false, reason: 'fields-too-large', status: 400 })
    if (!refused.ok)
      expect(awsError(refused, 's3').body).toContain('<Code>MaxPostPreDataLengthExceeded</Code>')
    expect((await verify(filled(even + 2), { maxFieldsSize: 20 * KiB + 2 })).ok).toBe(true)
    expect(await verify(fields, { maxFieldsSize: 100 })).toMatchObject({
      reason: 'fields-too-large',
    })
  })

  it('has no more of them with the name of the file filled in', async () => {
    const { fields } = await open()
    const form = (length: number, times: number) => ({
      ...fields,
      'x-amz-meta-a': FILENAME.repeat(times),
      file: fileOf(length),
    })
    const result = await verify(form(100, 10))
    expect(result).toMatchObject({ ok: true, fields: { 'x-amz-meta-a': 'n'.repeat(1000) } })
    for (const [length, times] of [
      [20 * KiB, 1],
      [100, 300],
      [1_000_000, 1500],
    ] as const)
      expect(await verify(form(length, times))).toMatchObject({ reason: 'fields-too-large' })
    // A short name makes the form no smaller than it came.
    expect(await verify(form(1, 2000))).toMatchObject({ reason: 'fields-too-large' })
    const one = { ...(await create({ key: `up/${FILENAME}` })).fields, file: fileOf(1 * KiB) }
    expect((await verify(one)).ok).toBe(true)
  })

  it('is refused where its file is missing, or too small or large, by the names that S3 has', async () => {
    const { fields } = await create({ conditions: [['content-length-range', 2, 3]] })
    const codes: unknown[] = []
    for (const file of [undefined, 'a', 'ab', 'abcd']) {
      const result = await verify({ ...fields, ...(file && { file }) })
      codes.push(result.ok || /<Code>(\w+)/.exec(awsError(result, 's3').body)?.[1])
    }
    expect(codes).toEqual([
      'IncorrectNumberOfFilesInPostRequest',
      'EntityTooSmall',
      true,
      'EntityTooLarge',
    ])
  })

  it('keeps each beginning that it must, in each of its content types', async () => {
    const { fields } = await create({
      conditions: [
        ['starts-with', '$Content-Type', 'image/'],
        ['starts-with', '$Content-Type', 'im'],
      ],
    })
    for (const [types, ok] of [
      ['image/png', true],
      ['image/png, image/jpeg,image/x', true],
      ['image/png,text/html', false],
      ['text/html,image/png', false],
      ['image/png,', false],
      ['', false],
    ] as const)
      expect((await verify({ ...fields, 'Content-Type': types })).ok).toBe(ok)
  })
})

describe('a key that is told of a form is no path of files', () => {
  it.each([
    ['..', 'user1/..'],
    ['../..', 'user1/..'],
    ['C:\\..\\..', 'user1/..'],
    ['.', 'user1/.'],
    ['../../etc/passwd', 'user1/passwd'],
    ['a/..\\b', 'user1/b'],
    ['/', 'user1/'],
  ])(
    'as at S3, where a file that is named .. makes one of its name: %s is %s',
    async (filename, key) => {
      const { fields } = await create({ key: `user1/${FILENAME}` })
      expect(await verify(fields, { filename, contentLength: 1 })).toMatchObject({
        ok: true,
        fields: { key },
      })
    },
  )
})
