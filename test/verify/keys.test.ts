import { createVerifier, deriveSigningKey, verify } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import {
  accepted,
  arriving,
  counting,
  credentials,
  now,
  signing,
  verdict,
  verifying,
} from './common.ts'

const url = 'https://abc.example.com/a'
const { accessKeyId } = credentials
const keyOf = (secretAccessKey: string) => ({ accessKeyId, secretAccessKey })
const signedBy = (key: sync.SyncSignOptions['credentials'], verb = sync.sign) =>
  arriving(verb({ url }, { ...signing, credentials: key }))
const verdictOf = async (...call: Parameters<typeof verify>) => verdict(await verify(...call))
const holding = (...keys: readonly object[]) => ({ ...verifying, credentials: () => keys as never })

describe('a key in rotation', () => {
  const [old, current, third] = [keyOf('old'), keyOf('current'), keyOf('third')]

  it.each([sync.sign, sync.presign])('27. %o: the one that matched is told', async (verb) => {
    for (const key of [old, current]) {
      const verified = accepted(await verify(signedBy(key, verb), holding(old, current)))
      expect(verified.credentials).toBe(key)
      expect(verified.accessKeyId).toBe(accessKeyId)
    }
    expect(await verdictOf(signedBy(third, verb), holding(old, current))).toBe('signature-mismatch')
  })

  it('27. may be missing from a list of lookups: one id of nobody is no exception', async () => {
    const holes = [undefined, null] as unknown as object[]
    expect(accepted(await verify(signedBy(old), holding(...holes, old))).credentials).toBe(old)
    expect(await verdictOf(signedBy(old), holding(...holes))).toBe('unknown-access-key')
  })

  it('27. may have another session token', async () => {
    const [a, b] = ['tokenA', 'tokenB'].map((sessionToken) => ({ ...current, sessionToken }))
    expect(
      accepted(await verify(signedBy(b as typeof old), holding(a as object, b as object)))
        .credentials,
    ).toBe(b)
    expect(await verdictOf(signedBy(current), holding(a as object, b as object))).toBe(
      'invalid-session-token',
    )
  })

  it('27. that has expired does not serve, though it matches', async () => {
    const ended = { ...old, expiration: now }
    const lives = { ...old, expiration: new Date(Number(now) + 1) }
    expect(await verdictOf(signedBy(old), holding(ended, current))).toBe('expired-session-token')
    expect(await verdictOf(signedBy(old), holding(lives, current))).toBe('accepted')
    expect(await verdictOf(signedBy(third), holding(ended))).toBe('signature-mismatch')
  })
})

describe('a session token', () => {
  const held = { ...credentials, sessionToken: 'IQoJb3JpZ2luX2VjEX//wEa+CXVz==' }

  it.each([sync.sign, sync.presign])('27. %o: has to be the one that is stored', async (verb) => {
    const request = signedBy(held, verb)
    expect(await verdictOf(request, holding(held))).toBe('accepted')
    expect(await verdictOf(request, holding(credentials))).toBe('invalid-session-token')
    expect(await verdictOf(signedBy(credentials, verb), holding(held))).toBe(
      'invalid-session-token',
    )
    const other = { ...held, sessionToken: held.sessionToken.toLowerCase() }
    expect(await verdictOf(request, holding(other))).toBe('invalid-session-token')
  })

  it('18. that IoT wants after the signature is compared too', async () => {
    const service = 'iotdevicegateway'
    const request = arriving(sync.presign({ url }, { ...signing, service, credentials: held }))
    const iot = { ...holding(held), service }
    expect(await verdictOf(request, iot)).toBe('accepted')
    const changed = { ...request, url: request.url.replace(/(Token=)./, '$1x') }
    expect(await verdictOf(changed, iot)).toBe('invalid-session-token')
    const stripped = { ...request, url: request.url.replace(/&X-Amz-Security-Token=[^&]*/, '') }
    expect(await verdictOf(stripped, iot)).toBe('invalid-session-token')
  })

  it('18. has the name that S3 Express gives it, or the caller', async () => {
    const service = 's3express'
    const express = arriving(sync.sign({ url }, { ...signing, service, credentials: held }))
    expect(express.headers).toHaveProperty('x-amz-s3session-token')
    expect(await verdictOf(express, { ...holding(held), service })).toBe('accepted')
    // A role's token, as of CreateSession and HeadBucket; a second one beside it is not to be believed.
    const role = { 'x-amz-security-token': held.sessionToken }
    const unnamed = { ...signing, service, credentials }
    for (const [headers, expected] of [
      [role, 'accepted'],
      [{ ...role, 'x-amz-s3session-token': 'another' }, 'invalid-session-token'],
      [{}, 'invalid-session-token'],
    ] as const) {
      const sent = arriving(sync.sign({ url, headers }, unnamed))
      expect(await verdictOf(sent, { ...holding(held), service })).toBe(expected)
    }
    const sessionTokenName = 'x-amz-other-token'
    const other = arriving(sync.sign({ url }, { ...signing, sessionTokenName, credentials: held }))
    expect(await verdictOf(other, { ...holding(held), sessionTokenName })).toBe('accepted')
    expect(await verdictOf(other, holding(held))).toBe('invalid-session-token')
  })

  it.each(['x-my-session', 'X-My-Session', 'x-amz-my-token'])(
    '18. may have any name: %s',
    async (sessionTokenName) => {
      for (const verb of [sync.sign, sync.presign]) {
        const request = arriving(
          verb(
            { url, headers: { 'x-n': '1' } },
            { ...signing, sessionTokenName, credentials: held },
          ),
        )
        const options = { ...holding(held), sessionTokenName }
        expect(await verdictOf(request, options)).toBe('accepted')
        const stranger = { ...held, sessionToken: 'another' }
        const refused = await verify(request, { ...options, credentials: () => stranger })
        expect(verdict(refused)).toBe('invalid-session-token')
        expect(JSON.stringify(refused)).not.toContain(held.sessionToken.slice(0, 12))
      }
    },
  )

  it('18. has a name that is read whatever its case', async () => {
    const sessionTokenName = 'X-Amz-Other-Token'
    const { headers, trace } = sync.sign(
      { url },
      { ...signing, sessionTokenName, credentials: held },
    )
    expect(headers).toHaveProperty('x-amz-other-token', held.sessionToken)
    expect(trace.signedHeaders).toEqual(['host', 'x-amz-date', 'x-amz-other-token'])
  })
})

describe('a derived key', async () => {
  const scope = { date: '20150830', region: 'us-east-1', service: 'execute-api' }
  const signingKey = await deriveSigningKey(credentials.secretAccessKey, signing)
  const derived = { accessKeyId, signingKey, scope }
  const request = signedBy(credentials)

  it('27. verifies in place of the secret', async () => {
    expect(accepted(await verify(request, holding(derived))).credentials).toBe(derived)
    expect(await verdictOf({ ...request, method: 'PUT' }, holding(derived))).toBe(
      'signature-mismatch',
    )
    expect(await verdictOf(request, holding({ ...derived, sessionToken: 'a' }))).toBe(
      'invalid-session-token',
    )
    expect(await verdictOf(request, holding({ ...derived, expiration: now }))).toBe(
      'expired-session-token',
    )
  })

  it('27. of another day, region or service opens nothing', async () => {
    for (const other of [{ date: '20150829' }, { region: 'eu-west-1' }, { service: 's3' }]) {
      const wrong = { ...derived, scope: { ...scope, ...other } }
      expect(await verdictOf(request, holding(wrong))).toBe('scope-mismatch')
      expect(accepted(await verify(request, holding(wrong, derived))).credentials).toBe(derived)
    }
  })

  it('27. costs one HMAC, and a verifier finds it beside a secret', async () => {
    const { crypto, costOf } = counting()
    const cost = await costOf(() => verify(request, { ...holding(derived), crypto }))
    expect(cost.hmac).toBe(1)
    const verifier = createVerifier(holding(keyOf('old'), derived))
    for (let time = 0; time < 3; time++)
      expect(accepted(await verifier.verify(request)).credentials).toBe(derived)
  })
})

describe('the work of verify', () => {
  const good = signedBy(credentials)
  const bad = { ...good, url: '/b' }
  const unknown = signedBy({ accessKeyId: 'AKIDUNKNOWN', secretAccessKey: 'any' })

  it('27. is the same for an unknown key as for a known one', async () => {
    const { crypto, costOf } = counting()
    const costOfOne = (one: typeof good) => costOf(() => verify(one, { ...verifying, crypto }))
    // One after the other: a cost is what is counted between a call and its end.
    const ofGood = await costOfOne(good)
    const ofBad = await costOfOne(bad)
    const ofUnknown = await costOfOne(unknown)
    expect(ofBad).toEqual({ hmac: 5, sha256: 1 })
    expect(ofUnknown).toEqual(ofBad)
    expect(ofGood.hmac).toBe(5)
  })

  it.each([
    ['of another session', { ...credentials, sessionToken: 'another' }, 'invalid-session-token'],
    [
      'of another day',
      {
        accessKeyId,
        signingKey: new Uint8Array(32),
        scope: { date: '20150829', region: 'us-east-1', service: 'execute-api' },
      },
      'scope-mismatch',
    ],
  ])('27. is the same for a key %s', async (_what, held, reason) => {
    const { crypto, costOf } = counting()
    const verdicts: string[] = []
    const cost = await costOf(async () => {
      verdicts.push(await verdictOf(good, { ...holding(held), crypto }))
    })
    expect(verdicts).toEqual([reason])
    expect(cost).toEqual({ hmac: 5, sha256: 1 })
  })

  it('27. on an unknown key opens nothing, even to one who knows what stands in for it', async () => {
    const { crypto } = counting()
    const secrets: string[] = []
    const hmac: typeof crypto.hmac = (key, data) => {
      if (typeof key === 'string') secrets.push(key)
      return crypto.hmac(key, data)
    }
    await verify(unknown, { ...verifying, crypto: { ...crypto, hmac } })
    expect(secrets).toEqual([expect.stringMatching(/^AWS4.{40}$/)])
    const secretAccessKey = secrets[0]?.slice(4) as string
    const forged = signedBy({ accessKeyId: 'AKIDUNKNOWN', secretAccessKey })
    for (let time = 0; time < 3; time++)
      expect(await verdictOf(forged, verifying)).toBe('unknown-access-key')
    const ofSession = { ...credentials, sessionToken: 'held' }
    expect(await verdictOf(signedBy(keyOf(secretAccessKey)), holding(ofSession))).toBe(
      'invalid-session-token',
    )
  })

  it('27. is the same in a verifier, and stays so once a known key has proved right', async () => {
    const { crypto, costOf } = counting()
    const verifier = createVerifier({ ...verifying, crypto })
    const ofBad = await costOf(() => verifier.verify(bad))
    expect(ofBad.hmac).toBe(5)
    expect(await costOf(() => verifier.verify(unknown))).toEqual(ofBad)
    for (const request of [good, unknown]) await verifier.verify(request)
    // What is accepted costs the one HMAC of its signature; what is refused is spared nothing.
    for (const request of [unknown, bad, unknown])
      expect(await costOf(() => verifier.verify(request))).toEqual(ofBad)
    expect((await costOf(() => verifier.verify(good))).hmac).toBe(1)
  })

  it('27. is the same in a verifier of several keys, taken in turn', async () => {
    const { crypto, costOf } = counting()
    const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other' }
    const keys = new Map([credentials, other].map((key) => [key.accessKeyId, key]))
    const verifier = createVerifier({ ...verifying, crypto, credentials: (id) => keys.get(id) })
    const goods = [good, signedBy(other)]
    const [ofFirst, ofLast] = [bad, { ...signedBy(other), url: '/b' }]
    const stolen = { ...good, headers: { ...good.headers, 'x-amz-security-token': 'any' } }
    for (const request of [...goods, unknown, ...goods]) await verifier.verify(request)
    // No key is looked for by a digest, and that of the empty body is a constant.
    for (const request of goods)
      expect(await costOf(() => verifier.verify(request))).toEqual({ hmac: 1, sha256: 1 })
    for (const request of [ofLast, ofFirst, unknown, ofFirst, unknown])
      expect(await costOf(() => verifier.verify(request))).toEqual({ hmac: 5, sha256: 1 })
    expect(verdict(await verifier.verify(stolen))).toBe('unsigned-headers')
  })

  it('27. is no other where another host may have been signed', async () => {
    const { crypto, costOf } = counting()
    const options = { ...verifying, crypto, hosts: ['a', 'b'] }
    const ofBad = await costOf(() => verify(bad, options))
    expect(await costOf(() => verify(unknown, options))).toEqual(ofBad)
  })

  it('27. is nothing of a key where the request is refused before', async () => {
    const { crypto, costOf } = counting()
    for (const more of [{ region: 'eu-west-1' }, { now: new Date(0) }])
      expect(await costOf(() => verify(good, { ...verifying, crypto, ...more }))).toEqual({
        hmac: 0,
        sha256: 0,
      })
  })
})

describe('a call from JavaScript', () => {
  it.each([
    accessKeyId,
    { [accessKeyId]: credentials },
    new Map([[accessKeyId, credentials]]),
    undefined,
  ])('whose credentials are no function throws invalid-credentials: %o', async (keys) => {
    const options = { ...verifying, credentials: keys as never }
    await expect(verify(signedBy(credentials), options)).rejects.toMatchObject({
      code: 'invalid-credentials',
    })
  })

  it('that leaves the method out means GET, as for sign', async () => {
    const { method, ...rest } = signedBy(credentials)
    expect([method, await verdictOf(rest as never, verifying)]).toEqual(['GET', 'accepted'])
  })
})
