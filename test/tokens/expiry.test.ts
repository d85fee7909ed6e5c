import { bedrockToken, dsqlToken, eksToken } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { exampleKey, exampleSession } from '../support/example-key.ts'
import { now, region } from './common.ts'
import { MAKERS } from './makers.ts'

const later = (seconds: number) => new Date(Number(now) + 1000 * seconds)
const own = { region, credentials: exampleKey, signingDate: now }

describe.each(MAKERS)('$name', ({ make, lives }) => {
  it('ends by itself where the key lives longer', async () => {
    expect((await make(own)).expiresAt).toEqual(later(lives))
    const credentials = { ...exampleSession, expiration: later(lives + 1) }
    expect((await make({ ...own, credentials })).expiresAt).toEqual(later(lives))
  })

  it.each([1, 61, 700])('ends with a key that ends within %i seconds', async (seconds) => {
    const credentials = { ...exampleSession, expiration: later(seconds) }
    expect((await make({ ...own, credentials })).expiresAt).toEqual(later(seconds))
  })

  it('is not made with a key that has ended', async () => {
    const credentials = { ...exampleSession, expiration: now }
    const made = make({ ...own, credentials })
    await expect(made).rejects.toMatchObject({ code: 'expired-credentials' })
  })

  it('is made now where no date is told, of a key that a provider gives once', async () => {
    let asked = 0
    const credentials = async () => {
      asked += 1
      return exampleKey
    }
    const before = Math.floor(Date.now() / 1000) * 1000
    const { expiresAt } = await make({ region, credentials })
    expect(Number(expiresAt) - 1000 * lives).toBeGreaterThanOrEqual(before)
    expect(Number(expiresAt) - 1000 * lives).toBeLessThanOrEqual(Date.now())
    expect(asked).toBe(1)
  })

  it.each([
    ['invalid-scope', { region: undefined }],
    ['invalid-credentials', { credentials: undefined }],
    ['invalid-credentials', { credentials: { accessKeyId: 'a' } }],
    ['invalid-date', { signingDate: new Date(Number.NaN) }],
  ])('is refused with %s where %o', async (code, more) => {
    await expect(make({ ...own, ...more } as never)).rejects.toMatchObject({
      ...{ name: 'CountersignError', code },
    })
  })
})

describe('a lifetime that AWS refuses', () => {
  it.each([0, -1, 0.5, Number.NaN, 43201, 604800, '60'])(
    'is refused by bedrockToken: %s',
    async (expiresIn) => {
      const made = bedrockToken({ ...own, expiresIn: expiresIn as number })
      await expect(made).rejects.toMatchObject({ code: 'invalid-expiry' })
    },
  )

  it.each([0, -1, 0.5, Number.NaN, 604801, '60'])(
    'is refused by dsqlToken: %s',
    async (expiresIn) => {
      const made = dsqlToken({ ...own, host: 'a.example.com', expiresIn: expiresIn as number })
      await expect(made).rejects.toMatchObject({ code: 'invalid-expiry' })
    },
  )

  it('is that of no other token, whatever the options of another say', async () => {
    const more = { ...own, expiresIn: 604800, cluster: 'c' }
    expect((await eksToken(more)).expiresAt).toEqual(later(840))
    for (const { name, make, lives } of MAKERS)
      if (!/dsql|bedrock/.test(name))
        expect((await make({ ...own, expiresIn: 604800 } as never)).expiresAt).toEqual(later(lives))
  })
})
