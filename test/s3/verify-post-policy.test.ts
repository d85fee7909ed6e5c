import type { PostCondition, VerifyPostOptions } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { create, FILENAME, later, sealed, temporary, verify } from './forms.ts'
import { credentials, now } from './support.ts'

describe('verifyPostPolicy', () => {
  const conditions: PostCondition[] = [
    ['starts-with', '$Content-Type', 'image/'],
    ['starts-with', '$x-amz-meta-tag', ''],
    ['eq', '$x-amz-meta-a', 'A'],
    ['content-length-range', 10, 20],
    ['content-length-range', 5, 15],
  ]
  const good = { 'content-type': 'image/png', 'x-amz-meta-tag': 'any', 'x-amz-meta-a': 'A' }
  const form = async () => ({ ...(await create({ conditions })).fields, ...good })

  it.each<[string, Record<string, string>, Partial<VerifyPostOptions>, object]>([
    ['another key', { key: 'user/2.jpg' }, {}, { condition: { key: 'user/1.jpg' } }],
    ['another bucket', {}, { bucket: 'films' }, { condition: { bucket: 'photos' } }],
    ['another value', { 'x-amz-meta-a': 'a' }, {}, { condition: ['eq', '$x-amz-meta-a', 'A'] }],
    ['another beginning', { 'content-type': 'text/html' }, {}, { condition: conditions[0] }],
    ['a list of types', { 'content-type': 'image/a,text/b' }, {}, { condition: conditions[0] }],
    ['too small a file', {}, { contentLength: 9 }, { condition: conditions[3], status: 400 }],
    ['too large a file', {}, { contentLength: 16 }, { condition: conditions[4], status: 400 }],
  ])('names the condition that %s fails', async (_, fields, more, detail) => {
    const result = await verify({ ...(await form()), ...fields }, { contentLength: 12, ...more })
    expect(result).toMatchObject({ ok: false, reason: 'condition-failed', status: 403, ...detail })
  })

  it('accepts what keeps them', async () => {
    const result = await verify(await form(), { contentLength: 12 })
    expect(result).toMatchObject({ ok: true, contentLengthRange: [10, 15] })
    const list = { ...(await form()), 'content-type': 'image/a, image/b', 'X-Ignore-Me': 'x' }
    expect((await verify(list, { contentLength: 'deferred' })).ok).toBe(true)
  })

  it('an absent field is an empty one', async () => {
    const { 'x-amz-meta-tag': _, ...without } = await form()
    expect((await verify(without, { contentLength: 12 })).ok).toBe(true)
    const { key: __, ...keyless }: Record<string, string> = await form()
    expect(await verify(keyless, { contentLength: 12 })).toMatchObject({
      reason: 'condition-failed',
      condition: { key: 'user/1.jpg' },
    })
  })

  it('every field has a condition', async () => {
    const result = await verify({ ...(await form()), acl: 'public-read' }, { contentLength: 12 })
    expect(result).toMatchObject({
      ok: false,
      reason: 'field-not-covered',
      field: 'acl',
      status: 403,
      message: 'Invalid according to Policy: Extra input fields: acl',
    })
  })

  it('a size that is not known must be said to be', async () => {
    const withFile = { ...(await form()), file: { name: 'a.png' } }
    await expect(verify(withFile)).rejects.toMatchObject({ code: 'invalid-options' })
    expect((await verify(withFile, { contentLength: 'deferred' })).ok).toBe(true)
  })

  it('a form without a file has none of the size that is asked', async () => {
    expect(await verify(await form())).toMatchObject({ reason: 'missing-file', status: 400 })
  })

  it.each(['e30=', '{}'])(
    'a policy that S3 does not read is refused, though signed: %s',
    async (text) => {
      expect(await verify(await sealed(text))).toMatchObject({ reason: 'invalid-policy' })
    },
  )

  it.each<[string, Record<string, string | undefined>, Partial<VerifyPostOptions>, string]>([
    [
      'another secret',
      {},
      { credentials: () => ({ ...credentials, secretAccessKey: 'x' }) },
      'signature-mismatch',
    ],
    ['an unknown key', {}, { credentials: () => undefined }, 'unknown-access-key'],
    ['no signature', { 'x-amz-signature': undefined }, {}, 'malformed-authorization'],
    ['no policy', { policy: undefined }, {}, 'malformed-authorization'],
    ['another policy', { policy: 'e30=' }, {}, 'signature-mismatch'],
    ['a policy not in base64', { policy: '{}' }, {}, 'signature-mismatch'],
    ['another algorithm', { 'x-amz-algorithm': 'AWS4-X' }, {}, 'unsupported-algorithm'],
    ['another date', { 'x-amz-date': '20150831T123600Z' }, { now: later(86400) }, 'scope-mismatch'],
    ["another day's scope", { 'x-amz-date': '20150829T123600Z' }, {}, 'scope-mismatch'],
    ['no date', { 'x-amz-date': 'today' }, {}, 'malformed-authorization'],
    ['another region', {}, { region: 'us-east-1' }, 'scope-mismatch'],
    ['another service', {}, { service: 's3express' }, 'scope-mismatch'],
    ['a late time', {}, { now: later(901) }, 'expired'],
    ['an early time', {}, { now: later(-901) }, 'not-yet-valid'],
    ['a shorter life', {}, { now: later(61), maxExpiresIn: 60 }, 'expired'],
    [
      'an expired key',
      {},
      { credentials: () => ({ ...credentials, expiration: now }) },
      'expired-session-token',
    ],
  ])('refuses %s', async (_, fields, more, reason) => {
    const given = Object.entries({ ...(await create()).fields, ...fields })
    const sent = given.filter((entry): entry is [string, string] => entry[1] !== undefined)
    const result = await verify(sent, more)
    expect(result).toMatchObject({ ok: false, reason })
    expect(JSON.stringify(result)).not.toMatch(/[\da-f]{64}|wJalr/)
  })

  it('takes the last second', async () => {
    const { fields } = await create()
    expect((await verify(fields, { now: later(900) })).ok).toBe(true)
    expect((await verify(fields, { now: later(-900) })).ok).toBe(true)
  })

  it('a form without a word of a signature is not signed', async () => {
    expect(await verify({ key: 'x' })).toMatchObject({ reason: 'missing-authentication' })
  })

  it('a field that comes twice, in any case, counts for nothing', async () => {
    const { fields } = await create()
    for (const more of [
      ['key', 'user/1.jpg'],
      ['KEY', 'x'],
      ['Policy', ''],
      ['x', new Blob()],
    ])
      expect(await verify([...Object.entries(fields), more as [string, string]])).toMatchObject({
        reason: 'field-repeated',
        field: more[0],
        status: 400,
      })
  })

  it('reads a FormData, and what its file tells', async () => {
    const { fields } = await create({
      key: `up/${FILENAME}`,
      conditions: [['content-length-range', 1, 5]],
    })
    const formOf = (file: string | File) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      form.set('file', file)
      return form
    }
    expect(await verify(formOf(new File(['hello'], 'a.txt')))).toMatchObject({
      ok: true,
      fields: { key: 'up/a.txt' },
    })
    expect(await verify(formOf('hello!'))).toMatchObject({ reason: 'condition-failed' })
    const own = { contentLength: 5, filename: 'b' }
    expect(await verify(formOf('hello!'), own)).toMatchObject({ fields: { key: 'up/b' } })
  })

  it('never shows a session token', async () => {
    const { fields } = await create({
      credentials: temporary,
      conditions: [{ 'x-amz-security-token': 'another/token' }],
    })
    const result = await verify(fields, { credentials: () => temporary })
    expect(result).toMatchObject({ reason: 'condition-failed' })
    expect(JSON.stringify(result)).not.toMatch(/another|a\/token/)
  })

  it('the key that matched is at hand, but not in sight', async () => {
    const { fields } = await create()
    const old = { ...credentials, secretAccessKey: 'old' }
    const result = await verify(fields, { credentials: () => [old, credentials] })
    if (!result.ok) throw new Error(result.message)
    expect(result.credentials).toBe(credentials)
    expect(JSON.stringify(result)).not.toContain('wJalr')
  })

  it("reads S3's own escapes", async () => {
    const { parsePolicy } = await import('../../src/s3/policy-conditions.ts')
    const text =
      '{"expiration":"2015-08-30T12:36:00Z","conditions":[{"a":"\\$\\v\\\\$"},["starts-with","$B",""]]}'
    expect(parsePolicy(Buffer.from(text).toString('base64'))?.conditions).toEqual([
      { operator: 'eq', field: 'a', value: '$\v\\$', written: { a: '$\v\\$' } },
      { operator: 'starts-with', field: 'b', value: '', written: ['starts-with', '$B', ''] },
    ])
  })
})
