import { type FormInput, type PostPolicyOptions, verifyPostPolicy } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { captures } from '../captures.ts'
import { s3Examples } from '../vectors.ts'
import { create, FILENAME, later, temporary, verify } from './forms.ts'
import { credentials, now } from './support.ts'

const policyOf = (fields: Record<string, string>) =>
  JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString()) as {
    expiration: string
    conditions: unknown[]
  }

describe("S3's documented form", () => {
  const example = s3Examples.cases.find(({ name }) => name === 'post-policy') as unknown as {
    policyBase64: string
    signature: string
  }
  const fields = {
    key: `user/user1/${FILENAME}`,
    acl: 'public-read',
    success_action_redirect: 'http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html',
    'Content-Type': 'image/jpeg',
    'x-amz-meta-uuid': '14365123651274',
    'x-amz-server-side-encryption': 'AES256',
    'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': '20151229T000000Z',
    'x-amz-meta-tag': '',
    Policy: example.policyBase64,
    'X-Amz-Signature': example.signature,
  }
  const options = {
    bucket: 'sigv4examplebucket',
    region: 'us-east-1',
    now: new Date('2015-12-29T01:00:00Z'),
    credentials: () => s3Examples.credentials,
  }

  it('has the published signature', async () => {
    expect(await verifyPostPolicy(fields, { ...options, filename: 'a.jpg' })).toMatchObject({
      ok: true,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      scope: { date: '20151229', region: 'us-east-1', service: 's3' },
      signedAt: new Date('2015-12-29T00:00:00Z'),
      expiresAt: new Date('2015-12-30T12:00:00Z'),
      fields: { key: 'user/user1/a.jpg', acl: 'public-read', bucket: 'sigv4examplebucket' },
    })
  })

  it('is refused with any character of its policy or signature changed', async () => {
    for (const name of ['Policy', 'X-Amz-Signature'] as const)
      for (let at = 0; at < fields[name].length; at++) {
        const character = fields[name][at] === 'b' ? 'c' : 'b'
        const other = fields[name].slice(0, at) + character + fields[name].slice(at + 1)
        expect((await verifyPostPolicy({ ...fields, [name]: other }, options)).ok).toBe(false)
      }
  })
})

describe('createPostPolicy', () => {
  it('makes a form that verifies, and covers every field', async () => {
    const { url, fields } = await create({ fields: { acl: 'private', 'x-amz-meta-ü': 'ü"\\$😀' } })
    expect(url).toBe('https://photos.s3.eu-west-1.amazonaws.com/')
    expect(Object.keys(fields)).toEqual([
      ...['key', 'acl', 'x-amz-meta-ü', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date'],
      ...['policy', 'x-amz-signature'],
    ])
    expect(Buffer.from(fields.policy ?? '', 'base64').toString()).toMatch(/^[\0-\x7f]+$/)
    expect(policyOf(fields)).toEqual({
      expiration: '2015-08-30T12:51:00.000Z',
      conditions: [
        { bucket: 'photos' },
        { key: 'user/1.jpg' },
        { acl: 'private' },
        { 'x-amz-meta-ü': 'ü"\\$😀' },
        { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
        { 'x-amz-credential': 'AKIDEXAMPLE/20150830/eu-west-1/s3/aws4_request' },
        { 'x-amz-date': '20150830T123600Z' },
      ],
    })
    expect((await verify(fields)).ok).toBe(true)
  })

  it.each([
    ['photos', 'cn-north-1', 'https://photos.s3.cn-north-1.amazonaws.com.cn/'],
    ['photos', 'eusc-de-east-1', 'https://photos.s3.eusc-de-east-1.amazonaws.eu/'],
    ['photos', 'us-iso-east-1', 'https://photos.s3.us-iso-east-1.c2s.ic.gov/'],
    ['photos', 'us-gov-west-1', 'https://photos.s3.us-gov-west-1.amazonaws.com/'],
    ['my.photos', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com/my.photos'],
  ])('%s in %s is at %s', async (bucket, region, url) => {
    expect((await create({ bucket, region })).url).toBe(url)
  })

  it('is sent where the caller says', async () => {
    const url = 'http://localhost:9000/photos'
    expect((await create({ url })).url).toBe(url)
    expect((await create({ url: new URL(url) })).url).toBe(url)
  })

  it('has the session token in field and condition', async () => {
    const { fields } = await create({ credentials: async () => temporary })
    expect(fields['x-amz-security-token']).toBe(temporary.sessionToken)
    expect(policyOf(fields).conditions).toContainEqual({
      'x-amz-security-token': temporary.sessionToken,
    })
    expect((await verify(fields, { credentials: () => temporary })).ok).toBe(true)
    const { 'x-amz-security-token': _, ...without } = fields
    const other = { ...fields, 'x-amz-security-token': 'other' }
    for (const [form, key] of [
      [fields, credentials],
      [without, temporary],
      [other, temporary],
    ] as const)
      expect(await verify(form, { credentials: () => key })).toMatchObject({
        reason: 'invalid-session-token',
      })
  })

  it('ends with the credentials where they end before', async () => {
    const expiration = later(60)
    const { fields } = await create({ credentials: { ...temporary, expiration } })
    expect(policyOf(fields).expiration).toBe(expiration.toISOString())
  })

  it('a key may end in the name of the file', async () => {
    const { fields } = await create({ key: `up/${FILENAME}` })
    expect(policyOf(fields).conditions[1]).toEqual(['starts-with', '$key', 'up/'])
    const named = await verify(fields, { filename: 'C:\\Users\\me\\a $& b.jpg' })
    expect(named).toMatchObject({ ok: true, fields: { key: 'up/a $& b.jpg' } })
  })

  it("leaves a field alone that the caller's conditions cover", async () => {
    const { fields } = await create({
      key: 'up/x',
      fields: { 'Content-Type': 'image/' },
      conditions: [
        ['starts-with', '$Content-Type', 'image/'],
        ['starts-with', '$key', 'up/'],
        ['content-length-range', 1, 10],
      ],
    })
    expect(policyOf(fields).conditions.slice(0, 4)).toEqual([
      { bucket: 'photos' },
      ['starts-with', '$Content-Type', 'image/'],
      ['starts-with', '$key', 'up/'],
      ['content-length-range', 1, 10],
    ])
    const form = { ...fields, 'Content-Type': 'image/png' }
    expect((await verify(form, { contentLength: 5 })).ok).toBe(true)
  })

  it('signs alike by every backend, and by a derived key', async () => {
    const { fields } = await create()
    expect((await create({ crypto: web })).fields).toEqual(fields)
    expect((await verify(fields, { crypto: web })).ok).toBe(true)
  })

  it('asks nobody for credentials where its expiry is wrong', async () => {
    let asked = 0
    const provider = () => {
      asked++
      return credentials
    }
    await expect(create({ expiresIn: 0, credentials: provider })).rejects.toMatchObject({
      code: 'invalid-expiry',
    })
    expect(asked).toBe(0)
  })

  it.each<[string, Partial<PostPolicyOptions>, string]>([
    ['no bucket', { bucket: '' }, 'invalid-policy'],
    ['no key', { key: '' }, 'invalid-policy'],
    ['no time', { expiresIn: 0 }, 'invalid-expiry'],
    ['too long a time', { expiresIn: 604801 }, 'invalid-expiry'],
    ['half a second', { expiresIn: 0.5 }, 'invalid-expiry'],
    ['no region', { region: '' }, 'invalid-scope'],
    ['no key id', { credentials: { ...credentials, accessKeyId: '' } }, 'invalid-credentials'],
    [
      'old credentials',
      { credentials: { ...credentials, expiration: now } },
      'expired-credentials',
    ],
    ['a field of its own', { fields: { 'X-Amz-Date': 'x' } }, 'invalid-policy'],
    ['a second key', { fields: { Key: 'x' } }, 'invalid-policy'],
    ['a file', { fields: { file: 'x' } }, 'invalid-policy'],
    [
      'an unknown operator',
      { conditions: [['ends-with', '$key', 'x'] as never] },
      'invalid-policy',
    ],
    ['a bare name', { conditions: [['eq', 'key', 'x'] as never] }, 'invalid-policy'],
    ['a number', { conditions: [{ key: 1 } as never] }, 'invalid-policy'],
    ['no range', { conditions: [['content-length-range', 2, 1]] }, 'invalid-policy'],
    ['a range of halves', { conditions: [['content-length-range', 0.5, 1]] }, 'invalid-policy'],
    ['nothing', { conditions: [null as never] }, 'invalid-policy'],
  ])('%s is a typed error', async (_, more, code) => {
    await expect(create(more)).rejects.toMatchObject({ name: 'CountersignError', code })
  })
})

describe('forms that real clients sent', () => {
  const forms = captures.filter(({ kind }) => kind === 'post-policy')
  it('are 3', () => expect(forms.length).toBe(3))

  it.each(forms.map((one) => [one.name, one] as const))('%s: each field counts', async (_, one) => {
    const type = one.headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? ''
    const body = Buffer.from(one.bodyBase64, 'base64')
    const form = await new Response(body, { headers: { 'content-type': type } }).formData()
    const check = (fields: FormInput) =>
      verifyPostPolicy(fields, {
        bucket: 'bucket',
        now: new Date(one.receivedAt),
        credentials: () => one.credentials,
      })
    expect(await check(form)).toMatchObject({ ok: true, accessKeyId: 'AKIDEXAMPLE' })
    for (const [name, value] of form) {
      if (typeof value !== 'string' || name === 'bucket') continue
      for (let at = 0; at < value.length; at++) {
        // What follows the prefix of a key is free.
        if (name === 'key' && value.slice(0, at).includes('/')) break
        const fields = new Map(form)
        fields.set(name, value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1))
        expect((await check(fields)).ok, `${name} ${at}`).toBe(false)
      }
    }
  })
})
