import { presign, sign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { asOptions, asRequest, type Hostile, hostile } from './arbitraries.ts'
import {
  amzDate,
  aws4fetchSignature,
  aws4Signature,
  decodedQuery,
  joined,
  type Peer,
  signedNames,
  smithySignature,
  wireTarget,
} from './peers.ts'
import { referenceSignature } from './reference.ts'
import { fc } from './support/properties.ts'

/** No peer can be handed bytes that are not UTF-8: all take, or make, a decoded query. */
const isUndecodable = (generated: Hostile): boolean =>
  decodedQuery(wireTarget(generated).query).flat().join().includes('\ufffd')

/** smithy and aws4 collect the query in plain objects, where `__proto__` is lost. */
const namesProto = (generated: Hostile): boolean =>
  decodedQuery(wireTarget(generated).query).some(([name]) => name === '__proto__')

/** Both drop the slash that RFC 3986 leaves after a `.` or `..` at the end. */
const endsInDots = ({ path, service }: Hostile): boolean =>
  service !== 's3' && /\/\.{1,2}$/.test(path)

/** aws4 and aws4fetch leave a parameter without a name out. */
const hasNamelessParameter = (generated: Hostile): boolean =>
  decodedQuery(wireTarget(generated).query).some(([name]) => name === '')

/** aws4 and aws4fetch sign the first of several S3 parameters of one name alone, and send them all. */
const repeatsParameter = (generated: Hostile): boolean => {
  const names = decodedQuery(wireTarget(generated).query).map(([name]) => name)
  return generated.service === 's3' && new Set(names).size < names.length
}

/** Both decode an S3 path; where one escape is malformed, aws4 throws, and aws4fetch decodes none. */
const isUndecodablePath = (generated: Hostile): boolean => {
  const { path } = wireTarget(generated)
  return generated.service === 's3' && !decodes(path)
}

/** aws4 spells a target with brackets anew: `[` in a path, and `%2F` beside one, come out as others. */
const isRespelled = (generated: Hostile): boolean => {
  const { path, query } = wireTarget(generated)
  return /[[\]]/.test(path) || (/[[\]]/.test(query) && /%/.test(path + query))
}

/** Both collapse what JavaScript calls white space, the no-break space too. */
const hasNoBreakSpace = (generated: Hostile): boolean =>
  Object.values(joined(generated)).join().includes('\u00a0')

/** aws4 takes an empty content type for none, and adds its own beside it where there is a body. */
const hasEmptyType = (generated: Hostile): boolean =>
  joined(generated)['content-type'] === '' && Boolean(generated.body)

function decodes(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

const beyondSmithy = [isUndecodable, namesProto, endsInDots]
const beyondAws4 = [
  ...beyondSmithy,
  hasNamelessParameter,
  repeatsParameter,
  isUndecodablePath,
  isRespelled,
  hasNoBreakSpace,
  hasEmptyType,
]

/** Node's URL parser, which aws4fetch asks, leaves the last segment of `//.name/.` where it is. */
const isUnresolved = ({ path }: Hostile): boolean =>
  /\/\.{1,2}(\/|$)/.test(new URL(`http://h${path}`).pathname)

const beyondAws4fetch = [
  isUnresolved,
  isUndecodable,
  hasNamelessParameter,
  repeatsParameter,
  isUndecodablePath,
  hasNoBreakSpace,
]

const signed = (generated: Hostile, presigned: boolean) =>
  (presigned ? presign : sign)(asRequest(generated), asOptions(generated))

/** Scheme, authority and target of a URL; an `&` in front of all parameters is nothing. */
const partsOf = (url: string) =>
  /^(\w+:\/\/)(?:[^/?]*@)?([^/?]*)(.*)$/.exec(url.replace(/(?<=^[^?]*\?)&+/, ''))?.slice(1) as [
    scheme: string,
    host: string,
    target: string,
  ]

/** What a signer adds to the caller's header fields, and must sign but for the first. */
const ownHeaders = ({ service, credentials }: Hostile): string[] => [
  'authorization',
  'x-amz-date',
  ...(credentials.sessionToken ? ['x-amz-security-token'] : []),
  ...(service === 's3' ? ['x-amz-content-sha256'] : []),
]

describe.each([
  ['header', false],
  ['query', true],
] as const)('a signature in the %s', (_, presigned) => {
  it('is the one that the documentation asks for what was given, and nothing else is sent', () => {
    fc.assert(
      fc.property(hostile, (generated) => {
        const { method, headers, body, credentials, date, host } = generated
        const result = signed(generated, presigned)
        const own = presigned ? [] : ownHeaders(generated)
        const [, sentTo, target] = partsOf(result.url)
        const given = wireTarget(generated)
        const [, , asked] = partsOf(`http://h${given.path}${given.query && `?${given.query}`}`)

        expect(sentTo).toBe(host)
        expect(presigned ? target.slice(0, asked.length) : target).toBe(asked)
        const names = signedNames(generated).filter((name) => name !== 'host')
        if (presigned) expect(Object.keys(result.headers).sort()).toEqual(names)

        const added = own.map((name) => [name, result.headers[name] ?? ''] as const)
        const check = referenceSignature(
          { method, target, headers: [['host', host], ...headers, ...added], body: body ?? null },
          credentials.secretAccessKey,
        )
        expect(result.trace.canonicalRequest).toBe(check.canonicalRequest)
        expect(result.signature).toBe(check.expected)
        expect(check.received).toBe(check.expected)
        expect(check.signedHeaders).toBe(
          [...signedNames(generated), ...own.slice(1)].sort().join(';'),
        )
        expect(check.amzDate).toBe(amzDate(date))
      }),
      { numRuns: 1000 },
    )
  })

  it.each<[string, Peer, typeof beyondAws4]>([
    ['@smithy/signature-v4', smithySignature, beyondSmithy],
    ['aws4', aws4Signature, beyondAws4],
    ['aws4fetch', aws4fetchSignature, beyondAws4fetch],
  ])('equals that of %s', async (_name, peer, beyond) => {
    const within = hostile.filter((generated) => !beyond.some((reason) => reason(generated)))
    await fc.assert(
      fc.asyncProperty(within, async (generated) => {
        expect(await peer(generated, presigned)).toBe(signed(generated, presigned).signature)
      }),
      { numRuns: 700 },
    )
  })
})
