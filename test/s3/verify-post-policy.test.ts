import { awsError } from 'countersign'
import type { PostCondition, VerifyPostOptions } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { create, FILENAME, later, policyOf, sealed, temporary, verify } from './forms.ts'
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
    ['a blank before it', { 'content-type': ' image/a' }, {}, { condition: conditions[0] }],
    ['a newline before it', { 'content-type': '\nimage/a' }, {}, { condition: conditions[0] }],
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

  it('a field that is not sent keeps no condition, not even that it is nothing', async () => {
    const { 'x-amz-meta-tag': _, ...without } = await form()
    expect(await verify(without, { contentLength: 12 })).toMatchObject({
      reason: 'condition-failed',
      code: 'AccessDenied',
      condition: conditions[1],
      message:
        'Invalid according to Policy: Policy Condition failed: ["starts-with", "$x-amz-meta-tag", ""]',
    })
    expect((await verify({ ...without, 'x-amz-meta-tag': '' }, { contentLength: 12 })).ok).toBe(
      true,
    )
    for (const empty of [
      ['eq', '$A', ''],
      ['starts-with', '$A', ''],
      { A: '' },
    ] as PostCondition[]) {
      const { fields } = await create({ conditions: [empty] })
      expect(await verify(fields)).toMatchObject({ reason: 'condition-failed', condition: empty })
      expect((await verify({ ...fields, a: '' })).ok).toBe(true)
    }
  })

  it('a form names the key, whatever its policy says', async () => {
    const refused = { reason: 'missing-field', field: 'key', status: 400, code: 'InvalidArgument' }
    const { key: _, ...keyless }: Record<string, string> = await form()
    expect(await verify(keyless, { contentLength: 12 })).toMatchObject(refused)
    const { key: __, ...any } = await sealed(policyOf([]))
    expect(await verify(any)).toMatchObject(refused)
    expect(await verify({ ...any, key: '' })).toMatchObject(refused)
    const named = { ...any, key: FILENAME }
    expect(await verify(named, { filename: '' })).toMatchObject(refused)
    expect(await verify(named, { filename: 'a' })).toMatchObject({ ok: true })
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

  const expiration = '2015-08-30T12:51:00Z'
  it.each<[string, unknown]>([
    ['Invalid JSON.', null],
    ['Invalid JSON.', []],
    ['Policy missing expiration.', { conditions: [] }],
    ['Policy missing conditions.', { expiration }],
    ["Unexpected: 'CONDITIONS'", { expiration, CONDITIONS: [] }],
    ["Unexpected: 'Statement'", { expiration, conditions: [], Statement: [] }],
    [
      "Invalid 'expiration' value: must be of the form 2015-08-30T12:36:00Z.",
      { expiration: '2015-08-30T12:51:00+00:00', conditions: [] },
    ],
    [
      "Invalid 'expiration' value: must be of the form 2015-08-30T12:36:00Z.",
      { expiration: true, conditions: [] },
    ],
    ["Invalid 'conditions' value: must be a List.", { expiration, conditions: {} }],
  ])('says what is wrong with a policy: %s', async (fault, document) => {
    expect(await verify(await sealed(btoa(JSON.stringify(document))))).toMatchObject({
      reason: 'invalid-policy',
      code: 'InvalidPolicyDocument',
      status: 400,
      message: `Invalid Policy: ${fault}`,
    })
  })

  const ONE =
    'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.'
  it.each<[string, unknown]>([
    [ONE, {}],
    [ONE, { acl: 'private', key: 'user/1.jpg' }],
    ['Invalid Simple-Condition: value must be a string.', { acl: 1 }],
    ['Invalid Condition: must be a List or Object.', null],
    ['Invalid Condition: must be a List or Object.', 'eq'],
    ['Invalid Condition: missing operation identifier.', []],
    ["Invalid Condition: unknown operation 'ends-with'.", ['ends-with', '$key', 'a']],
    ['Invalid eq: wrong number of arguments.', ['eq', '$key']],
    ['Invalid eq: wrong number of arguments.', ['EQ', '$key', 'a', 'b']],
    ['Invalid eq: must name a $field, and a string.', ['eq', 'key', 'a']],
    ['Invalid content-length-range: wrong number of arguments.', ['content-length-range', 0]],
  ])('says what is wrong with a condition: %s %j', async (fault, condition) => {
    // All else is kept, so that nothing but this can be what is refused.
    const { fields } = { fields: { ...(await sealed(policyOf([condition]))), acl: 'private' } }
    expect(await verify(fields)).toMatchObject({
      reason: 'invalid-policy',
      code: 'InvalidPolicyDocument',
      status: 400,
      message: `Invalid Policy: ${fault}`,
    })
    await expect(create({ conditions: [condition as PostCondition] })).rejects.toMatchObject({
      code: 'invalid-policy',
      message: expect.stringContaining(fault.slice(0, -1)),
    })
  })

  it('reads operators and names in any case, and shows them as they are written', async () => {
    const written = [
      ['StArTs-WiTh', '$X-Amz-Meta-A', 'a'],
      ['EQ', '$ACL', 'private'],
      ['Content-Length-Range', 2, 3],
    ]
    const fields = { ...(await sealed(policyOf(written))), 'x-amz-meta-a': 'ab', aCl: 'private' }
    expect(await verify(fields, { contentLength: 2 })).toMatchObject({
      ok: true,
      contentLengthRange: [2, 3],
    })
    expect(await verify({ ...fields, 'x-amz-meta-a': 'b' }, { contentLength: 2 })).toMatchObject({
      condition: written[0],
      message:
        'Invalid according to Policy: Policy Condition failed: ["starts-with", "$X-Amz-Meta-A", "a"]',
    })
    for (const [contentLength, code, fault] of [
      [1, 'EntityTooSmall', 'is smaller than the minimum'],
      [4, 'EntityTooLarge', 'exceeds the maximum'],
    ] as const)
      expect(await verify(fields, { contentLength })).toMatchObject({
        ...{ reason: 'condition-failed', code, status: 400, size: contentLength },
        message: `Your proposed upload ${fault} allowed size: ${contentLength} bytes.`,
      })
  })

  it('what a form says of its signature is an argument to S3, and names the field', async () => {
    const argument = { reason: 'malformed-authorization', code: 'InvalidArgument', status: 400 }
    const { fields } = await create()
    const { 'x-amz-signature': _, ...without } = fields
    expect(await verify(without)).toMatchObject({
      ...{ ...argument, field: 'X-Amz-Signature' },
      message:
        "Bucket POST must contain a field named 'X-Amz-Signature'. If it is specified, please check the order of the fields.",
    })
    for (const more of [{ 'x-amz-date': 'today' }, { 'x-amz-credential': 'AKIDEXAMPLE' }]) {
      const refused = await verify({ ...fields, ...more })
      expect(refused).toMatchObject(argument)
      if (!refused.ok) expect(awsError(refused, 's3').body).toContain('<Code>InvalidArgument<')
    }
    expect(await verify(fields, { region: 'us-east-1' })).toMatchObject({
      reason: 'scope-mismatch',
      code: 'InvalidArgument',
    })
  })

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
        message: `The field ${more[0]} must come once, as text.`,
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
    expect(parsePolicy(Buffer.from(text).toString('base64'))).toHaveProperty('conditions', [
      { operator: 'eq', field: 'a', name: '$a', value: '$\v\\$', written: { a: '$\v\\$' } },
      {
        ...{ operator: 'starts-with', field: 'b', name: '$B', value: '' },
        written: ['starts-with', '$B', ''],
      },
    ])
  })
})
