import { createVerifier } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { arriving, counting, credentials, signing, verdict, verifying } from './common.ts'

const url = 'https://abc.example.com/a'
const { accessKeyId } = credentials
const keyOf = (secretAccessKey: string) => ({ accessKeyId, secretAccessKey })
const signedBy = (key: sync.SyncSignOptions['credentials']) =>
  arriving(sync.sign({ url }, { ...signing, credentials: key }))

describe('the key cache of a verifier', () => {
  const good = signedBy(credentials)
  const onDay = (day: number, more: object = {}) => {
    const signingDate = new Date(Date.UTC(2015, 7, day))
    return arriving(sync.sign({ url }, { ...signing, signingDate, ...more }))
  }
  const lenient = { ...verifying, region: undefined, maxClockSkew: 1e9 }

  it('31. holds the keys that have proved right, and no other', async () => {
    const { crypto, costOf } = counting()
    const verifier = createVerifier({ ...lenient, crypto })
    const bad = { ...good, url: '/b' }
    const other = { ...onDay(29), url: '/b' }
    const costs: number[] = []
    for (const request of [bad, bad, other, bad, good, other, good])
      costs.push((await costOf(() => verifier.verify(request))).hmac)
    expect(costs).toEqual([5, 5, 5, 5, 5, 5, 1])
  })

  it('31. is not flooded by forged scopes', async () => {
    const { crypto, costOf } = counting()
    const verifier = sync.createVerifier({ ...lenient, crypto })
    verifier.verify(good)
    const forger = keyOf('guess')
    for (let n = 0; n < 3000; n++) {
      const forged = onDay(n % 28, { region: `r-${n}`, credentials: forger })
      expect(verdict(verifier.verify(forged))).toBe('signature-mismatch')
    }
    expect((await costOf(() => verifier.verify(good))).hmac).toBe(1)
  })

  it('31. is not flooded by one who knows what stands in for an unknown key', async () => {
    const { crypto, costOf } = counting()
    const secrets = new Set<string>()
    const hmac: typeof crypto.hmac = (key, data) => {
      if (typeof key === 'string') secrets.add(key.slice(4))
      return crypto.hmac(key, data)
    }
    const verifier = sync.createVerifier({ ...lenient, crypto: { ...crypto, hmac } as never })
    verifier.verify(signedBy({ accessKeyId: 'AKIDUNKNOWN', secretAccessKey: 'any' }))
    const forger = { accessKeyId: 'AKIDUNKNOWN', secretAccessKey: [...secrets][0] as string }
    verifier.verify(good)
    for (let n = 0; n < 1100; n++) {
      const forged = onDay(1, { region: `r-${n}`, credentials: forger })
      expect(verdict(verifier.verify(forged))).toBe('unknown-access-key')
    }
    expect((await costOf(() => verifier.verify(good))).hmac).toBe(1)
  })

  it('31. tells scopes and secrets of one key id apart', () => {
    let held = credentials
    const verifier = sync.createVerifier({ ...lenient, credentials: () => held })
    const other = keyOf('rotated')
    for (let time = 0; time < 3; time++)
      for (const day of [28, 29, 30])
        for (const key of [credentials, other]) {
          held = key
          expect(verdict(verifier.verify(onDay(day, { credentials: key })))).toBe('accepted')
          held = key === other ? credentials : other
          const request = onDay(day, { credentials: key })
          expect(verdict(verifier.verify(request))).toBe('signature-mismatch')
        }
  })

  it('31. stays bounded: old keys are derived again', async () => {
    const { crypto, costOf } = counting()
    const verifier = sync.createVerifier({ ...lenient, crypto })
    const first = onDay(1, { region: 'first' })
    verifier.verify(first)
    for (let n = 0; n < 1100; n++) verifier.verify(onDay(1, { region: `r-${n}` }))
    expect((await costOf(() => verifier.verify(first))).hmac).toBe(5)
    expect((await costOf(() => verifier.verify(first))).hmac).toBe(1)
  })
})
