import { channel } from 'node:diagnostics_channel'
import { explain, presign, sign, type VerifyOptions, verify } from 'countersign'
import { createPostPolicy, verifyPostPolicy } from 'countersign/s3'
import { describe, expect, it } from 'vitest'
import { equalConstantTime } from '../../src/lib/constant-time.ts'

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's'.repeat(40) }
const credentials = () => key

describe('names that every object has', () => {
  const inherited = ['constructor', '__proto__', 'toString', 'hasownproperty', 'valueof']

  it.each(inherited)('%s as a signed header is explained, and throws nothing', async (name) => {
    const { headers } = await sign(
      { url: 'https://h.example/a' },
      { service: 's3', region: 'r-1', credentials: key },
    )
    const authorization = (headers.authorization as string).replace(
      'SignedHeaders=',
      `SignedHeaders=${name};`,
    )
    const request = {
      method: 'GET',
      url: '/a',
      headers: { ...headers, host: 'h.example', authorization },
    }
    const explained = await explain(request, { service: 's3', credentials, now: new Date() })
    expect(explained.matches).toBe(false)
  })

  it.each(inherited)('%s as a key id is no key, where the lookup is a plain object', async (id) => {
    const { headers } = await sign(
      { url: 'https://h.example/a' },
      { service: 's3', region: 'r-1', credentials: { ...key, accessKeyId: id } },
    )
    const keys: Record<string, typeof key> = {}
    const request = { method: 'GET', url: '/a', headers: { ...headers, host: 'h.example' } }
    const options: VerifyOptions = { service: 's3', credentials: (id) => keys[id] }
    expect(await verify(request, options)).toMatchObject({ reason: 'unknown-access-key' })
  })
})

describe("a service that is none of S3's, and wants the hash in a header", () => {
  const options = { service: 'aoss', region: 'eu-west-1', credentials: key }
  const request = {
    method: 'POST',
    url: 'https://x.eu-west-1.aoss.amazonaws.com/i/_doc',
    body: '{}',
  }
  const asReceived = ({ url, headers }: { url: string; headers: object }, body: string) => {
    const { host, pathname, search } = new URL(url)
    return { method: 'POST', url: pathname + search, headers: { ...headers, host }, body }
  }

  it('has the body of a presigned URL hashed', async () => {
    const signed = await presign(request, options)
    const rules = { service: 'aoss', credentials }
    expect(await verify(asReceived(signed, '{}'), rules)).toMatchObject({ payload: 'verified' })
    expect(await verify(asReceived(signed, 'EVIL'), rules)).toMatchObject({ ok: false })
  })

  it.each(['aoss', 'any'])('takes no unsigned body by default, asked as %s', async (service) => {
    const signed = await sign(request, { ...options, payload: 'UNSIGNED-PAYLOAD' })
    expect(await verify(asReceived(signed, 'EVIL'), { service, credentials })).toMatchObject({
      reason: 'unsigned-payload',
    })
  })
})

it('tells those who watch the host that held, not the one that a proxy or an attacker wrote', async () => {
  const told: unknown[] = []
  const listen = (use: unknown) => told.push(use)
  channel('countersign:verify').subscribe(listen)
  const { url } = await presign(
    { url: 'https://a.example/y' },
    { service: 's3', region: 'r-1', credentials: key },
  )
  const request = { method: 'GET', url: url.slice(17), headers: { host: 'evil.example' } }
  await verify(request, { service: 's3', hosts: ['a.example'], credentials })
  channel('countersign:verify').unsubscribe(listen)
  expect(told).toMatchObject([{ ok: true, host: 'a.example' }])
})

describe('the length of a token that is held', () => {
  /** A text that counts how many of its characters are looked at. */
  const counting = (text: string) => {
    const looked = { times: 0 }
    const charCodeAt = (at: number) => {
      looked.times++
      return text.charCodeAt(at)
    }
    return { looked, text: { length: text.length, charCodeAt } as unknown as string }
  }

  it('costs nothing where none was sent', () => {
    const { looked, text } = counting('t'.repeat(1500))
    expect(equalConstantTime(text, '')).toBe(false)
    expect(looked.times).toBe(0)
  })

  it('does not let a form without it in', async () => {
    const held = { ...key, sessionToken: 't'.repeat(1500) }
    const { fields } = await createPostPolicy({
      bucket: 'b',
      key: 'k',
      region: 'r-1',
      credentials: key,
    })
    const rules = { bucket: 'b', credentials: () => held }
    const form = { ...fields, file: 'x' }
    expect(await verifyPostPolicy(form, rules)).toMatchObject({ reason: 'invalid-session-token' })
  })
})
