import { awsError } from 'countersign'
import { describe, expect, it } from 'vitest'
import { create, later, verify } from './forms.ts'
import { credentials, now } from './support.ts'

describe('a form', () => {
  it('tells a time that is off as one of a form, with both clocks', async () => {
    const { fields } = await create()
    for (const [seconds, more, reason, message] of [
      [-901, {}, 'not-yet-valid', 'The form is not valid yet.'],
      [-6, { maxClockSkew: 5 }, 'not-yet-valid', 'The form is not valid yet.'],
      [901, {}, 'expired', 'Invalid according to Policy: Policy expired.'],
      [61, { maxExpiresIn: 60 }, 'expired', 'Invalid according to Policy: Policy expired.'],
      [Number.NaN, {}, 'not-yet-valid', 'The form is not valid yet.'],
    ] as const) {
      const server = later(seconds)
      const refused = await verify(fields, { now: server, ...more })
      expect(refused).toMatchObject({ reason, message, times: { request: now, server } })
    }
    expect((await verify(fields, { now: later(60), maxExpiresIn: 60 })).ok).toBe(true)
    expect((await verify(fields, { now: later(-5), maxClockSkew: 5 })).ok).toBe(true)
  })

  it('of Version 2 is told as of another algorithm', async () => {
    const form = { key: 'a', policy: 'e30=', AWSAccessKeyId: 'AKID', signature: 'a' }
    expect(await verify(form)).toMatchObject({ reason: 'unsupported-algorithm', status: 400 })
    const { fields } = await create({ conditions: [['starts-with', '$AWSAccessKeyId', '']] })
    expect((await verify({ ...fields, AWSAccessKeyId: 'AKID' })).ok).toBe(true)
    expect(await verify({ key: 'a' })).toMatchObject({ reason: 'missing-authentication' })
  })

  it('has a wrong signature in what can be none', async () => {
    const { fields } = await create()
    for (const signature of ['x', 'F'.repeat(64), '!'])
      expect(await verify({ ...fields, 'x-amz-signature': signature })).toMatchObject({
        ...{ reason: 'signature-mismatch', status: 403 },
      })
  })

  it('tells what part of a signature is wrong', async () => {
    const { fields } = await create()
    for (const [more, part] of [
      [{ 'x-amz-date': 'today' }, 'date'],
      [{ 'x-amz-credential': 'AKIDEXAMPLE' }, 'credential'],
    ] as const)
      expect(await verify({ ...fields, ...more })).toMatchObject({ about: { part } })
    const other = await verify({ ...fields, 'x-amz-algorithm': 'AWS4-X' })
    expect(other).toMatchObject({ about: { part: 'algorithm' }, placement: 'query' })
  })

  it('of a key that is held for another scope tells nobody so, coarsely', async () => {
    const { fields } = await create()
    const scope = { date: '20150830', region: 'us-east-1', service: 's3' }
    const held = { accessKeyId: credentials.accessKeyId, signingKey: new Uint8Array(32), scope }
    const refused = await verify(fields, { credentials: () => held })
    expect(refused).toMatchObject({ reason: 'scope-mismatch' })
    if (refused.ok) throw new Error('accepted')
    expect(awsError(refused, 's3', 'coarse').body).toContain('<Code>SignatureDoesNotMatch<')
    expect(awsError(refused, 's3').body).not.toContain('<Region>')
  })

  it('of a key that is to end is taken until then', async () => {
    const { fields } = await create()
    const until = (expiration: Date) => ({ credentials: () => ({ ...credentials, expiration }) })
    expect((await verify(fields, until(later(1)))).ok).toBe(true)
    expect((await verify(fields, until(later(-1)))).ok).toBe(false)
  })

  it('has a size that is a number, or comes later', async () => {
    const { fields } = await create()
    for (const contentLength of ['later', '5', ''])
      await expect(verify(fields, { contentLength: contentLength as never })).rejects.toMatchObject(
        {
          code: 'invalid-options',
        },
      )
    expect((await verify(fields, { contentLength: 'deferred' })).ok).toBe(true)
  })
})
