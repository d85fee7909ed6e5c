import { createSigner, createVerifier } from 'countersign'
import { smithySigner } from 'countersign/smithy'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { arriving, credentials, now, signing, verdict, verifying } from './verify/common.ts'

const url = 'https://abc.example.com/a%20b?c=d'
const own = {
  ...signing,
  pathEncoding: 'single' as const,
  signableHeaders: ['user-agent'],
  unsignableHeaders: ['x-left-out'],
  sessionTokenName: 'x-amz-my-token',
  credentials: { ...credentials, sessionToken: 'token' },
  expiresIn: 60,
  hoistableHeaders: ['x-amz-meta-a'],
  payload: 'UNSIGNED-PAYLOAD',
}
const request = {
  url,
  headers: { 'user-agent': 'a', 'x-left-out': 'b', 'x-amz-meta-a': 'c' },
  body: 'body',
}

/** Each option of a call, undefined. */
const undefinedOf = (options: object): object =>
  Object.fromEntries(Object.keys(options).map((name) => [name, undefined]))

describe('an option of a call that is undefined overrides nothing', () => {
  it.each([
    ['createSigner', createSigner],
    ['sync createSigner', sync.createSigner],
  ])('of %s', async (_, make) => {
    const signer = make(own as never) as sync.SyncSigner
    const none = undefinedOf(own) as never
    expect(await signer.sign(request, none)).toEqual(await signer.sign(request))
    expect(await signer.presign(request, none)).toEqual(await signer.presign(request))
  })

  it('of fetch, whose corrected clock it does not turn back', async () => {
    const sent: string[] = []
    let skew = 0
    const fetch = async (_url: unknown, init: unknown) => {
      const { headers } = init as { headers: Record<string, string> }
      sent.push(`${headers['x-amz-date']} ${headers.authorization?.slice(0, 80)}`)
      skew++
      const date = new Date(Date.now() + 3_600_000).toUTCString()
      return skew === 1
        ? new Response('<Code>RequestTimeTooSkewed</Code>', { status: 403, headers: { date } })
        : new Response('')
    }
    const { signingDate: _, ...rest } = own
    const signer = createSigner({ ...rest, fetch: fetch as never } as never)
    const answer = await signer.fetch(url, { method: 'PUT' }, undefinedOf(own) as never)
    expect(answer.status).toBe(200)
    expect(sent).toHaveLength(2)
    expect(sent[1]?.slice(0, 16)).not.toBe(sent[0]?.slice(0, 16))
    for (const line of sent) expect(line).toContain('/us-east-1/execute-api/')
  })

  it.each([
    ['createVerifier', createVerifier],
    ['sync createVerifier', sync.createVerifier],
  ])('of %s', async (_, make) => {
    const rules = {
      ...verifying,
      maxClockSkew: 10,
      maxExpiresIn: 10,
      unsignedPayload: 'accept',
      hosts: ['abc.example.com'],
    }
    const verifier = make(rules as never)
    const good = arriving(sync.sign({ url }, signing))
    const elsewhere = arriving(sync.sign({ url }, { ...signing, region: 'eu-west-1' }))
    const late = arriving(
      sync.sign({ url }, { ...signing, signingDate: new Date(Number(now) - 11_000) }),
    )
    const other = arriving(sync.sign({ url }, { ...signing, service: 's3' }))
    for (const none of [undefined, undefinedOf(rules), { region: undefined }] as never[]) {
      expect(verdict(await verifier.verify(good, none))).toBe('accepted')
      expect(verdict(await verifier.verify(elsewhere, none))).toBe('scope-mismatch')
      expect(verdict(await verifier.verify(other, none))).toBe('scope-mismatch')
      expect(verdict(await verifier.verify(late, none))).toBe('clock-skew')
    }
    expect(verdict(await verifier.verify(elsewhere, { region: 'eu-west-1' }))).toBe('accepted')
  })

  it('leaves the payload of a signer of the SDK to bodies that cannot be hashed', async () => {
    const asked = {
      method: 'PUT',
      protocol: 'https:',
      hostname: 'abc.example.com',
      path: '/a',
      headers: { host: 'abc.example.com' },
    }
    const signatureOf = async (options: object, body: unknown) => {
      const signer = smithySigner({ ...signing, ...options })
      const { headers } = (await signer.sign({ ...asked, body } as never)) as never as typeof asked
      return (headers as Record<string, string>).authorization
    }
    const unsigned = { payload: 'UNSIGNED-PAYLOAD' }
    expect(await signatureOf(unsigned, 'a')).toBe(await signatureOf({}, 'a'))
    expect(await signatureOf(unsigned, new ReadableStream())).not.toBe(await signatureOf({}, ''))
  })
})
