import { readFileSync } from 'node:fs'
import * as root from 'countersign'
import * as axios from 'countersign/axios'
import * as fetch from 'countersign/fetch'
import * as nodeHttp from 'countersign/node-http'
import * as s3 from 'countersign/s3'
import * as smithy from 'countersign/smithy'
import * as sync from 'countersign/sync'
import * as testing from 'countersign/testing'
import * as tokens from 'countersign/tokens'
import * as undici from 'countersign/undici'
import { describe, expect, it } from 'vitest'
import { readDeclarations, type WordOption, wordOptions } from './support/declarations.ts'
import type { Manifest } from './support/packed.ts'

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const options = { service: 's3', region: 'eu-west-1', credentials }
const rules = { service: 's3', credentials: () => credentials }
const signed = sync.sign({ url }, { ...options, payload: 'UNSIGNED-PAYLOAD' })
const response = async () => new Response('')
const streaming = sync.verify(
  sync.sign({ url }, { ...options, payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }),
  rules,
) as root.Verified
const refused = sync.verify({ method: 'GET', url }, rules) as root.Refused

/** What a test gives; of any type, as it is what JavaScript may give. */
type Given = Record<string, never>

/** Hands the options to a signer of another's client, and waits for what becomes of them. */
const dispatched = (overrides: Given): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const interceptor = undici.signingInterceptor(root.createSigner(options), overrides)
    interceptor(() => {
      resolve(undefined)
      return true
    })(
      { origin: url.slice(0, -4), path: '/key', method: 'GET' },
      { onResponseError: (_, error) => reject(error) },
    )
  })

const config = {
  headers: { toJSON: () => ({}), set: () => {}, has: () => false, normalize: () => {} },
}
const httpOptions = { protocol: 'https:', hostname: 'example.com', path: '/' }
const httpRequest = { method: 'GET', ...httpOptions, headers: {} }
const form = s3.createPostPolicy({ bucket: 'b', key: 'k', region: 'eu-west-1', credentials })

/** How each taker of words is called with the options that are to be refused. */
const TAKERS: Readonly<Record<string, (given: Given) => unknown>> = {
  'countersign sign(options)': (given) => root.sign({ url }, { ...options, ...given }),
  'countersign presign(options)': (given) => root.presign({ url }, { ...options, ...given }),
  'countersign canonicalRequest(options)': (given) =>
    root.canonicalRequest({ url }, { ...options, ...given }),
  'countersign createSigner(options)': (given) => root.createSigner({ ...options, ...given }),
  'countersign Signer.sign(options)': (given) => root.createSigner(options).sign({ url }, given),
  'countersign Signer.presign(options)': (given) =>
    root.createSigner(options).presign({ url }, given),
  'countersign Signer.fetch(options)': (given) =>
    root.createSigner({ ...options, fetch: response }).fetch(url, {}, given),
  'countersign SignedFetch(options)': (given) =>
    fetch.signedFetch({ ...options, fetch: response })(url, {}, given),
  'countersign verify(options)': (given) => root.verify(signed, { ...rules, ...given }),
  'countersign createVerifier(options)': (given) => root.createVerifier({ ...rules, ...given }),
  'countersign Verifier.verify(options)': (given) =>
    root.createVerifier(rules).verify(signed, given),
  'countersign explain(options)': (given) =>
    isOfVerifier(given)
      ? root.explain(signed, { ...rules, now: new Date(), ...given })
      : root.explain({ url }, { ...options, ...given }),
  'countersign awsError(protocol)': ({ it }) => root.awsError(refused, it as never),
  'countersign awsError(options)': ({ it, disclosure }) =>
    root.awsError(refused, 's3', it ?? { disclosure }),
  'countersign/sync sign(options)': (given) => sync.sign({ url }, { ...options, ...given }),
  'countersign/sync presign(options)': (given) => sync.presign({ url }, { ...options, ...given }),
  'countersign/sync canonicalRequest(options)': (given) =>
    sync.canonicalRequest({ url }, { ...options, ...given }),
  'countersign/sync createSigner(options)': (given) => sync.createSigner({ ...options, ...given }),
  'countersign/sync SyncSigner.sign(options)': (given) =>
    sync.createSigner(options).sign({ url }, given),
  'countersign/sync SyncSigner.presign(options)': (given) =>
    sync.createSigner(options).presign({ url }, given),
  'countersign/sync verify(options)': (given) => sync.verify(signed, { ...rules, ...given }),
  'countersign/sync createVerifier(options)': (given) =>
    sync.createVerifier({ ...rules, ...given }),
  'countersign/sync SyncVerifier.verify(options)': (given) =>
    sync.createVerifier(rules).verify(signed, given),
  'countersign/sync explain(options)': (given) =>
    isOfVerifier(given)
      ? sync.explain(signed, { ...rules, now: new Date(), ...given })
      : sync.explain({ url }, { ...options, ...given }),
  'countersign/s3 decodeChunked(options)': (given) =>
    s3.decodeChunked(new Blob().stream(), streaming, given),
  'countersign/s3 readBody(options)': (given) => s3.readBody(new Blob().stream(), streaming, given),
  'countersign/s3 encodeChunked(options)': (given) =>
    s3.encodeChunked({ url }, 'text', { ...options, ...given }),
  'countersign/s3 verifyPostPolicy(options)': async (given) => {
    const { fields } = await form
    return s3.verifyPostPolicy(fields, { bucket: 'b', ...rules, ...given })
  },
  'countersign/fetch signedFetch(options)': (given) =>
    fetch.signedFetch({ ...options, fetch: response, ...given }),
  'countersign/undici signingInterceptor(overrides)': dispatched,
  'countersign/axios signingInterceptor(overrides)': (given) =>
    axios.signingInterceptor(root.createSigner(options), { getUri: () => url }, given)(config),
  'countersign/node-http signRequestOptions(overrides)': (given) =>
    nodeHttp.signRequestOptions(root.createSigner(options), httpOptions, '', given),
  'countersign/smithy smithySigner(options)': (given) =>
    smithy.smithySigner({ ...options, ...given }).sign(httpRequest),
  'countersign/testing toBeSignedBy(options)': (given) =>
    testing.toBeSignedBy(signed, credentials, given),
  'countersign/testing CountersignMatchers.toBeSignedBy(options)': (given) =>
    testing.toBeSignedBy(signed, credentials, given),
  'countersign/testing createVerifyingServer(options)': async (given) =>
    (await testing.createVerifyingServer(given)).close(),
  'countersign/testing probe(options)': async (given) => {
    for await (const _ of testing.probe({ url: 'http://127.0.0.1:1/', ...options, ...given }));
  },
  'countersign/testing VerifyingServer.fail(kind)': async ({ it }) => {
    const server = await testing.createVerifyingServer()
    try {
      server.fail(it as never)
    } finally {
      await server.close()
    }
  },
  'countersign/tokens callerIdentity(options)': (given) =>
    tokens.callerIdentity({ ...options, ...given }),
}

/** Words that the package itself says, or reads of what it has made: nobody's option. */
const OWN = [
  /\((claim|received|refused|signed|verified)\)$/,
  /^countersign CryptoBackend\.watch\(verb\)$/,
  /^countersign\/(node-credentials|credentials|x509) \w+Provider\(want\)$/,
  /^countersign\/x509 KeyObjectLike\.export\(options\)$/,
]

/** Options that have had a code of their own for longer. */
const CODES: Readonly<Record<string, string>> = {
  'countersign/s3 encodeChunked(options) payload': 'invalid-payload',
}

function isOfVerifier(given: Given): boolean {
  return ['payload', 'unsignedPayload', 'plus', 'pathForm'].some((name) => name in given)
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const found = wordOptions(readDeclarations(manifest)).filter(
  ({ taker }) => !OWN.some((form) => form.test(taker)),
)

/** What becomes of a value in an option's place: the error, or nothing. */
async function errorOf({ taker, name = 'it' }: WordOption, value: unknown): Promise<unknown> {
  try {
    await TAKERS[taker]?.({ [name]: value as never })
    return undefined
  } catch (error) {
    return error
  }
}

describe('the words that options may be', () => {
  it('are found in the declarations, and each of their takers is called here', () => {
    expect(found.length).toBeGreaterThan(120)
    expect([...new Set(found.map(({ taker }) => taker))].sort()).toEqual(Object.keys(TAKERS).sort())
  })

  it.each(found.map((option) => [option.taker, option.name, option] as const))(
    '%s: %s',
    async (taker, name, option) => {
      const [first = '', second] = option.words
      // Words are kept with a | between: both at once are no word.
      const both = second ? [`${first}|${second}`, `${second}|${first}`] : []
      const code = CODES[`${taker} ${name}`] ?? 'invalid-options'
      // A word without letters has no other case.
      const others = [first.toUpperCase()].filter((word) => word !== first)
      for (const wrong of [...others, `${first} `, '', 'constructor', ...both]) {
        const error = (await errorOf(option, wrong)) as root.CountersignError
        expect(error, wrong).toMatchObject({ name: 'CountersignError', code })
        const named = [...option.words, name ?? /\((\w+)\)$/.exec(taker)?.[1]]
        if (code === 'invalid-options')
          for (const part of named) expect(error.message).toContain(part)
      }
      for (const right of option.words)
        expect(await errorOf(option, right), right).not.toMatchObject({ code: 'invalid-options' })
    },
  )
})

describe('what is no text', () => {
  it.each([0, 1, false, {}, ['single'], () => 'single'])('is no word either: %j', (given) => {
    const wrong = { pathEncoding: given as never }
    const told = expect.objectContaining({ code: 'invalid-options' })
    expect(() => sync.sign({ url }, { ...options, ...wrong })).toThrow(told)
    expect(() => sync.createVerifier({ ...rules, ...wrong })).toThrow(told)
  })

  it('is left open where it is undefined, or null as JSON has it', () => {
    const open = { pathEncoding: undefined, sessionToken: null as never, payload: undefined }
    expect(sync.sign({ url }, { ...options, ...open }).url).toBe(url)
    expect(sync.verify(signed, { ...rules, ...open, plus: undefined }).ok).toBe(true)
  })
})

describe('the words of a request that is signed already', () => {
  const words = ['pathEncoding', 'pathNormalization', 'dotSegments', 'sessionToken']

  it.each(words)('are those that it may have been signed by: %s', async (name) => {
    const given = { ...options, serverError: '', [name]: 'none at all' }
    await expect(root.explain(signed, given as never)).rejects.toMatchObject({
      code: 'invalid-options',
      message: expect.stringContaining(name),
    })
  })
})
