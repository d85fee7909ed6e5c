import { explain, type ReceivedRequest } from 'countersign'
import { describe, expect, it } from 'vitest'
import { fc } from '../support/properties.ts'
import { SHAPES } from './answers.ts'
import { get, KEY, NOW } from './client-case.ts'
import { faults, serverOptions } from './faults.ts'
import { manual } from './manual.ts'

const options = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}

const garbled = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(...Object.values(SHAPES)).chain((answer) => {
    const texts = {
      canonicalRequest: 'GET\n/\n\nhost:a\n\nhost\nb',
      stringToSign: 'A\nB\nC/d/e/f\nD',
    }
    const whole = answer(texts)
    return fc
      .tuple(
        fc.nat(whole.length),
        fc.nat(whole.length),
        fc.string({ unit: 'binary', maxLength: 9 }),
      )
      .map(([from, to, put]) => whole.slice(0, from) + put + whole.slice(to))
  }),
  fc.json(),
)

describe('a garbled answer', () => {
  it('never throws', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(garbled, async (serverError) => {
        const why = await explain(get('/p?a=1'), { ...options, serverError, budget: 20 })
        expect(String(why)).toMatch(/^(Proved|Likely|The signature matches)/)
      }),
      { numRuns: 1000 },
    )
  })

  const MEGABYTE = 1_000_000
  it.each([
    ['<Code>', '<Code>'],
    ['&amp;', '<Message>&amp;&amp;'],
    ['region ', 'region region'],
    ['expecting', "region expecting '"],
    ['(20261124T120000Z', '20261124T120000Z is now ('],
    ['[', '['],
    ['{"errors":', '{"errors":'],
    ['\\n', '\\n'],
    ["'\n", "The Canonical String for this request should have been\n'"],
    [
      'The String-to-Sign should have been\n',
      'The Canonical String for this request should have been\n',
    ],
    ['a:b\n', '<CanonicalRequest>GET\n/\n\n'],
    ['61 ', '<CanonicalRequestBytes>61 '],
    ['x-amz-content-sha256 ', 'missing '],
  ])('of a megabyte of %j costs little', async (repeated, start) => {
    const serverError = start + repeated.repeat(MEGABYTE / repeated.length)
    const began = performance.now()
    for (const text of [serverError, JSON.stringify({ message: serverError })])
      expect(String(await explain(get('/p'), { ...options, serverError: text }))).toBeTruthy()
    expect(performance.now() - began).toBeLessThan(5000)
  })
})

describe('a received request of any kind', () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~A-Za-z\d-]{1,12}$/)
  const odd = fc.constantFrom(
    'constructor',
    '__proto__',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'accept',
  )
  const name = fc.oneof(token, odd, fc.string({ maxLength: 5 }))
  const value = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 8 }))
  const path = fc.oneof(
    fc.string({ maxLength: 30 }).map((text) => `/${text}`),
    fc.webPath().map((text) => `/${text}`),
    fc.string({ unit: 'grapheme', maxLength: 10 }).map((text) => `/${encodeURI(text)}`),
    fc.stringMatching(/^\/(%[\da-zA-F]{2}|[a./%+?&=;]){0,20}$/),
  )

  it('never throws', { timeout: 120_000 }, async () => {
    const all = (await faults()).map(({ received }) => received)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.record(
          {
            method: fc.string({ maxLength: 6 }),
            url: path,
            body: fc.oneof(value, fc.uint8Array({ maxLength: 20 })),
          },
          { requiredKeys: [] },
        ),
        fc.array(fc.tuple(name, value), { maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(400), value), { maxLength: 2 }),
        async (request, change, more, damages) => {
          const fields = Object.entries(request.headers as Record<string, string>)
          let damaged = JSON.stringify(fields.filter(([key, it]) => key && it))
          for (const [at, put] of damages)
            damaged = damaged.slice(0, at) + JSON.stringify(put).slice(1, -1) + damaged.slice(at)
          const parsed = parsedOr(damaged, fields)
          const received: ReceivedRequest = { ...request, ...change, headers: [...parsed, ...more] }
          const why = await explain(received, { ...serverOptions, service: 'any', budget: 30 })
          expect(String(why)).toBeTruthy()
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('with a signed header that is called constructor', async () => {
    const headers = { constructor: 'a' }
    const received = manual({ headers, method: 'GET', signedMethod: 'PATCH' })
    expect((await explain(received, serverOptions)).causes).toEqual(['method-changed'])
  })

  it.each(['%F0%9F%98%80', '%E4%BD%A0', '%C3%28', '%zz', '%', 'a%2', '%00'])(
    'with %s in its path',
    async (text) => {
      const received = manual({ path: `/${text}`, canonicalPath: `/${text}`, method: 'GET' })
      expect((await explain(received, serverOptions)).matches).toBe(false)
    },
  )

  it.each(['\ud800', '😀', '\n', '%'])('with %j in a secret, a prefix and a host', async (text) => {
    const secretAccessKey = `secret${text}secret`
    const credentials = () => ({ ...KEY, secretAccessKey })
    const hints = {
      credentials,
      pathPrefixes: [text],
      hosts: [text],
      otherCredentials: [credentials()],
    }
    expect((await explain(manual({}), { ...serverOptions, ...hints })).matches).toBe(false)
  })
})

/** Header fields that were damaged as a text, where they still are some. */
function parsedOr(text: string, fields: [string, string][]): [string, string][] {
  try {
    const parsed = JSON.parse(text) as unknown
    const isField = (it: unknown) =>
      Array.isArray(it) && it.length === 2 && it.every((part) => typeof part === 'string')
    return Array.isArray(parsed) && parsed.every(isField) ? (parsed as [string, string][]) : fields
  } catch {
    return fields
  }
}
