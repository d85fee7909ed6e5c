import { explain, type SignOptions, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { hashAlone, SHAPES, server } from './answers.ts'
import { type ClientCase, KEY, NOW, onWire, SECRET, TOKEN } from './client-case.ts'
import { clientCases } from './client-cases.ts'

const optionsOf = ({ options }: Pick<ClientCase, 'options'>): SignOptions => ({
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
  ...options,
})

/** Signs a case, sends it through what happens on the way, and asks the server for its reading. */
async function played(it: ClientCase) {
  const options = optionsOf(it)
  const signed = await sign(it.request, options)
  const wire = onWire(signed)
  const read = server(it.onTheWay?.(wire) ?? wire, { secret: SECRET, ...it.server })
  return { signed, options, read }
}

const named = clientCases.map((it) => [it.name, it] as const)

describe('explain, from the client side', () => {
  it('has a server that accepts what is signed well', async () => {
    const { signed, read } = await played({
      ...{
        name: '',
        causes: [],
        places: [],
        options: { credentials: { ...KEY, sessionToken: TOKEN } },
      },
      request: { url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/a%20b?b=1&a=2' },
    })
    expect(read.accepts).toBe(true)
    expect(read.canonicalRequest).toBe(signed.trace.canonicalRequest)
  })

  describe.each(Object.entries(SHAPES))('where the server answers in %s', (_, answer) => {
    it.each(named)('names %s', async (__, it) => {
      const { signed, options, read } = await played(it)
      expect(read.accepts).toBe(false)
      const why = await explain(signed, { ...options, serverError: answer(read) })
      expect(why.causes).toEqual(it.causes)
      expect(why.cause).toBe(it.causes[0])
      expect(why.certain).toBe(true)
      const places = why.differences.filter(({ part }) => part !== 'signedHeaders')
      expect(places.map(({ part, line, column }) => `${part} ${line}:${column}`)).toEqual(it.places)
    })
  })

  it.each(named)('quotes the differing lines of %s', async (_, it) => {
    const { signed, options, read } = await played(it)
    const serverError = (SHAPES["S3's XML"] as (typeof SHAPES)[string])(read)
    const { differences } = await explain(signed, { ...options, serverError })
    for (const { part, line, column, ours, theirs } of differences) {
      if (/token/.test(ours)) continue
      const text = part === 'stringToSign' ? 'stringToSign' : 'canonicalRequest'
      expect(ours).toBe(signed.trace[text].split('\n')[line - 1])
      expect(`\n${read[text]}\n`).toContain(theirs === '' ? '\n' : `\n${theirs}\n`)
      expect(ours.slice(0, column - 1)).toBe(theirs.slice(0, column - 1))
      expect(ours[column - 1]).not.toBe(theirs[column - 1])
    }
  })

  it.each(named)('signs by itself what was never signed: %s', async (_, it) => {
    const { options, read } = await played(it)
    const serverError = (SHAPES["API Gateway's JSON"] as (typeof SHAPES)[string])(read)
    const why = await explain(it.request, { ...options, serverError })
    expect(why.causes).toEqual(it.causes)
    expect(why.certain).toBe(true)
  })

  it('finds the server’s canonical request by the hash that its string to sign holds', async () => {
    const path = clientCases.find(
      ({ name }) => name === 'a path encoded once where the service encodes it twice',
    )
    const { signed, options, read } = await played(path as ClientCase)
    const why = await explain(signed, { ...options, serverError: hashAlone(read) })
    expect(why.causes).toEqual(['path-single-encoded'])
    expect(why.theirs?.canonicalRequest).toBe(read.canonicalRequest)
    expect(why.differences.map(({ column }) => column)).toEqual([10])
  })
})
