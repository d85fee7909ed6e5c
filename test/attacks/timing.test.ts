import { createHash, createHmac } from 'node:crypto'
import { createVerifier, deriveSigningKey, sign, type VerifyOptions, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it, vi } from 'vitest'
import { backend } from '../../src/crypto/node.ts'
import { serialEqual, serialMacs } from '../../src/crypto/node-serial.ts'
import { equalConstantTime } from '../../src/lib/constant-time.ts'
import { arriving, counting, credentials, now, signing, verdict } from '../verify/common.ts'

const url = 'https://abc.example.com/a'
const lasting = { accessKeyId: 'AKIDLASTING', secretAccessKey: 'another' }
const temporary = { ...credentials, accessKeyId: 'ASIDTEMPORARY', sessionToken: 'a/token==' }
const scope = { date: '20150830', region: 'us-east-1', service: 'execute-api' }
const derived = {
  accessKeyId: 'AKIDDERIVED',
  signingKey: await deriveSigningKey('derived', { ...signing, signingDate: now }),
  scope,
}
const keys = new Map(
  [credentials, lasting, temporary, derived].map((key) => [key.accessKeyId, key]),
)
const options: VerifyOptions = {
  service: 'execute-api',
  now,
  credentials: (id) => keys.get(id),
}

type Sent = ReturnType<typeof arriving>
const signedBy = async (key: object, more: object = {}): Promise<Sent> =>
  arriving(await sign({ url }, { ...signing, ...more, credentials: key as typeof credentials }))
const spoilt = (request: Sent): Sent => ({ ...request, url: '/b' })
const nobody = { accessKeyId: 'AKIDNOBODY', secretAccessKey: 'any' }

const good = await Promise.all([credentials, temporary, derived].map((key) => signedBy(key)))
const elsewhere = { region: 'eu-west-1' }

/** All that one who holds no key may be refused for, once a key was asked for. */
const REFUSED: Readonly<Record<string, readonly [reason: string, request: Sent]>> = {
  'an unknown id': ['unknown-access-key', await signedBy(nobody)],
  'an unknown id in another region': ['unknown-access-key', await signedBy(nobody, elsewhere)],
  'a known id that was accepted before': ['signature-mismatch', spoilt(good[0] as Sent)],
  'a known id in another region': [
    'signature-mismatch',
    spoilt(await signedBy(credentials, elsewhere)),
  ],
  'a known id that never signed': ['signature-mismatch', spoilt(await signedBy(lasting))],
  'a known id with its session token': ['signature-mismatch', spoilt(good[1] as Sent)],
  'a known id with another session token': [
    'invalid-session-token',
    await signedBy({ ...temporary, sessionToken: 'b/token==' }),
  ],
  'a known id without its session token': [
    'invalid-session-token',
    await signedBy({ ...temporary, sessionToken: undefined }),
  ],
  'a known id with a token that it has not': [
    'invalid-session-token',
    await signedBy({ ...credentials, sessionToken: 'a/token==' }),
  ],
  'a derived key that was accepted before': ['signature-mismatch', spoilt(good[2] as Sent)],
  'a derived key of another region': [
    'scope-mismatch',
    await signedBy({ ...nobody, accessKeyId: 'AKIDDERIVED' }, elsewhere),
  ],
}

const VERIFIERS = {
  verify: (more: object) => (request: Sent) => verify(request, { ...options, ...more }),
  createVerifier: (more: object) => createVerifier({ ...options, ...more }).verify,
  'sync verify': (more: object) => (request: Sent) =>
    sync.verify(request, { ...options, ...more } as never),
  'sync createVerifier': (more: object) =>
    sync.createVerifier({ ...options, ...more } as never).verify,
}

/** The chance that one of the first is less than one of the second. */
function chanceOfLess(first: readonly number[], second: readonly number[]): number {
  let less = 0
  for (const a of first) for (const b of second) less += a < b ? 1 : a === b ? 0.5 : 0
  return less / (first.length * second.length)
}

describe('the time of a refusal does not tell which key ids exist', () => {
  it.each(Object.entries(VERIFIERS))(
    'by %s: each costs one derivation, whatever came before',
    async (_, make) => {
      const { crypto, costOf } = counting()
      const ask = make({ crypto })
      const inOrder = Object.entries(REFUSED)
      for (const all of [inOrder, inOrder.toReversed(), inOrder]) {
        for (const request of good) expect(verdict(await ask(request))).toBe('accepted')
        for (const [name, [reason, request]] of all) {
          let told = ''
          const cost = await costOf(async () => {
            told = verdict(await ask(request))
          })
          expect([name, told, cost]).toEqual([name, reason, { hmac: 5, sha256: 1 }])
        }
      }
    },
  )

  it.each([
    ['where several hosts are tried', ['a', 'b', 'abc.example.com'], { hmac: 7, sha256: 3 }],
    ['where none of the hosts can be meant', ['*.example.org'], { hmac: 4, sha256: 0 }],
  ])('is that of one derivation %s', async (_, hosts, expected) => {
    const { crypto, costOf } = counting()
    const ask = createVerifier({ ...options, crypto, hosts }).verify
    const inside = (request: Sent) => ({
      ...request,
      headers: { ...request.headers, host: 'inside' },
    })
    for (const request of good)
      expect(verdict(await ask(inside(request)))).toBe(
        hosts.length > 1 ? 'accepted' : 'signature-mismatch',
      )
    for (const [name, [, request]] of Object.entries(REFUSED))
      expect([name, await costOf(() => ask(inside(request)))]).toEqual([name, expected])
  })

  it('nor which of them has a session token: what I send is compared as long, whosever it is', async () => {
    const tokens = ['a/token==', 'b/token==', 'another/length', 't'.repeat(2000)]
    const compared = async (id: string, sessionToken: string | undefined) => {
      const lengths: number[] = []
      const equal = (expected: string, received: string) => {
        lengths.push(received.length)
        return expected === received
      }
      const request = await signedBy({ ...nobody, accessKeyId: id, sessionToken })
      const result = await verify(request, { ...options, crypto: { ...backend, equal } })
      expect(result.ok).toBe(false)
      return lengths
    }
    for (const token of [undefined, ...tokens]) {
      const ofNobody = await compared('AKIDNOBODY', token)
      for (const id of keys.keys())
        expect([id, token, await compared(id, token)]).toEqual([id, token, ofNobody])
    }
  })

  it('nor whose session token is how long: a comparison makes room and looks as far for any', () => {
    const alloc = vi.spyOn(Buffer, 'alloc')
    for (const received of ['a/token==', 't'.repeat(65), 't'.repeat(2048)]) {
      const costs = [received, received.replace(/.$/, '!'), '', 'a', `${received}b`].map(
        (expected) => {
          alloc.mockClear()
          expect(serialEqual()(expected, received)).toBe(expected === received)
          return alloc.mock.calls.map(([size]) => size)
        },
      )
      expect(costs.every((sizes) => sizes.length === 2)).toBe(true)
      expect(new Set(costs.map(String)).size).toBe(1)
    }
    alloc.mockRestore()
    let looked = 0
    const counted = (text: string) => {
      const charCodeAt = (at: number) => {
        looked++
        return text.charCodeAt(at)
      }
      return { length: text.length, charCodeAt } as unknown as string
    }
    for (const expected of ['secret', 'secreT', '', 'a', 'secret and more']) {
      looked = 0
      expect(equalConstantTime(expected, counted('secret'))).toBe(expected === 'secret')
      expect(looked).toBeGreaterThanOrEqual(6)
    }
  })

  it('nor whether a secret is longer than a block, but by a hash more', () => {
    let hashes = 0
    const hash = (_: string, data: Uint8Array, encoding: 'hex' | 'binary') => {
      hashes++
      return createHash('sha256').update(data).digest(encoding)
    }
    const left = () => {
      throw new Error('made by HMAC objects')
    }
    const { hmacHex } = serialMacs(hash, { hmac: left, hmacHex: left })
    for (const length of [40, 200, 65, 0, 64, 32, 63, 100, 1]) {
      hashes = 0
      const key = '\u00fc'.repeat(length / 2)
      expect(hmacHex(key, 'a text')).toBe(createHmac('sha256', key).update('a text').digest('hex'))
      expect(hashes).toBe(Buffer.byteLength(key) > 64 ? 3 : 2)
    }
  })

  it('spares what is accepted its derivation, behind a proxy and in rotation too', async () => {
    const { crypto, costOf } = counting()
    const old = { ...credentials, secretAccessKey: 'old' }
    const behind = { ...options, crypto, hosts: ['abc.example.com'] }
    const proxied = { ...(good[0] as Sent) }
    proxied.headers = { ...proxied.headers, host: 'inside' }
    for (const [rules, request, hmac] of [
      [{ ...options, crypto }, good[0], 1],
      [behind, proxied, 2],
    ] as const) {
      const ask = createVerifier(rules).verify
      await ask(request as Sent)
      for (let time = 0; time < 2; time++)
        expect((await costOf(() => ask(request as Sent))).hmac).toBeLessThanOrEqual(hmac)
    }
    const ask = createVerifier({ ...options, crypto, credentials: () => [old, credentials] }).verify
    const ofOld = await signedBy(old)
    for (const request of [ofOld, good[0] as Sent]) await ask(request)
    expect((await costOf(() => ask(ofOld))).hmac).toBe(1)
    expect((await costOf(() => ask(good[0] as Sent))).hmac).toBe(2)
  })

  it('does not show in the time of the processor, of thousands of each', async () => {
    const verifier = sync.createVerifier(options as sync.SyncVerifyOptions)
    // Of two regions in turn, so that what stands in for a key would be another each time.
    const inTurn = (key: object) => Promise.all([signedBy(key), signedBy(key, elsewhere)])
    const known = await inTurn(credentials)
    for (const request of known) expect(verdict(verifier.verify(request))).toBe('accepted')
    const stolen = await inTurn({ ...credentials, sessionToken: 'a/token==' })
    const samples = [await inTurn(nobody), known.map(spoilt), stolen].map((requests) => ({
      requests,
      times: [] as number[],
    }))
    const timeOf = (requests: readonly Sent[]) => {
      const { user, system } = process.cpuUsage()
      for (let time = 0; time < 30; time++) for (const request of requests) verifier.verify(request)
      const after = process.cpuUsage()
      return after.user + after.system - user - system
    }
    for (let round = -50; round < 200; round++)
      for (let at = 0; at < 3; at++) {
        // In another order each round, as what is first may find another cache.
        const sample = samples[(at * (1 + (round & 1)) + Math.abs(round)) % 3]
        const time = timeOf(sample?.requests ?? [])
        if (round >= 0) sample?.times.push(time)
      }
    // A derivation is two thirds of a refusal; requests that differ take a few hundredths.
    for (const { times } of samples)
      for (const other of samples)
        expect(
          chanceOfLess(
            times.map((time) => 1.2 * time),
            other.times,
          ),
        ).toBeLessThan(0.6)
  })
})
