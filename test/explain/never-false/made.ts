import { referenceSignature } from '../../reference.ts'
import { fc } from '../../support/properties.ts'
import { type Manual, sha256 } from '../manual.ts'

/** A request as a proper client makes it, in the spelling of the wire. */
export interface Made {
  readonly service: 's3' | 'execute-api'
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Characters that a client may send in a path as they are, or encoded. */
const EITHER = [..."!$&'()*,;=:@~"]
/** What every client must encode. */
const ENCODED = ['%2F', '%20', '%C3%BC', '%25', '%22', '%7C']

const hex = (character: string) =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** Which characters a client encodes though it need not. */
const style = fc.oneof(
  fc.constant<readonly string[]>([]),
  fc.constant<readonly string[]>(EITHER),
  fc.subarray(EITHER),
)

const word = fc.constantFrom('a', 'b', 'report', 'x', 'Z9', '2026', 'v1.2', 'my-file', 'a_b')
const piece = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 3, arbitrary: fc.constantFrom(...EITHER) },
  { weight: 2, arbitrary: fc.constantFrom(...ENCODED) },
  { weight: 1, arbitrary: fc.constant('+') },
)

/** A segment has a letter, so that it is no dot segment and not empty. */
const segment = fc
  .tuple(word, fc.array(piece, { maxLength: 3 }))
  .map(([first, rest]) => [first, ...rest])

const pathOf = (service: Made['service'], segments: string[][], encodes: readonly string[]) =>
  `/${segments
    .map((pieces) =>
      pieces
        .map((it) => {
          // What an encoded slash is to S3 is not agreed on.
          if (it === '%2F' && service === 's3') return '_'
          // S3 reads a bare + as a blank: no client sends it for a plus.
          if (it === '+') return service === 's3' || encodes.includes(';') ? '%2B' : '+'
          return encodes.includes(it) ? hex(it) : it
        })
        .join(''),
    )
    .join('/')}`

/** Most write upper-case escapes, as they should. */
const spelledIn = (hex: 'upper' | 'lower', path: string) =>
  hex === 'upper' ? path : path.replace(/%../g, (escaped) => escaped.toLowerCase())

const value = fc.oneof(
  word,
  fc.constantFrom('a%20b', 'a+b', 'a%2Bb', '', 'a%3Db', 'a=b', 'x%2Fy', 'x/y', '%C3%BC', 'a:b'),
)
const parameter = fc
  .tuple(fc.constantFrom('a', 'b', 'q', 'list-type', 'p[page]', 'pSize', 'P'), value)
  .map(([name, it]) => `${name}=${it}`)

const headers = fc.record(
  {
    'x-custom': fc.constantFrom('abc', 'AbC', 'b, a', 'a,b', 'x; y=1', '"q"'),
    'accept-encoding': fc.constantFrom('gzip', 'gzip, deflate, br'),
    'user-agent': fc.constantFrom('node', 'axios'),
  },
  { requiredKeys: [] },
)

/** Requests as clients make them: each encodes what it likes of what it need not, and that alike. */
export const made: fc.Arbitrary<Made> = fc
  .record({
    service: fc.constantFrom('s3' as const, 'execute-api' as const),
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
    segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
    slash: fc.constantFrom('', '', '', '/'),
    mount: fc.constantFrom('', '', '', '/prod', '/prod/'),
    hex: fc.constantFrom('upper' as const, 'upper' as const, 'upper' as const, 'lower' as const),
    encodes: style,
    parameters: fc.array(parameter, { maxLength: 4 }),
    headers,
    body: fc.constantFrom('{"a": 1, "b": [1, 2]}', '{"a":1}', 'hello', 'a=1&b=x y'),
  })
  .map(({ segments, slash, mount, hex, encodes, parameters, service, method, body, ...rest }) => ({
    ...rest,
    service,
    method,
    path: spelledIn(hex, mount + pathOf(service, segments, encodes) + slash),
    query: parameters.join('&'),
    body: method === 'GET' || method === 'DELETE' ? '' : body,
  }))

/** What a proper client signs of it. */
export function signedWell(it: Made): Manual {
  const { method, path, query, body, service } = it
  const payload = sha256(body)
  const scope = `AKIDEXAMPLE/20261124/eu-west-1/${service}/aws4_request`
  const { canonicalRequest } = referenceSignature(
    {
      ...{ method, target: query ? `${path}?${query}` : path, body },
      headers: [
        ['authorization', `A Credential=${scope}, SignedHeaders=host, Signature=b`],
        ['host', ''],
      ],
    },
    'secret',
  )
  const [, canonicalPath = '', canonicalQuery = ''] = canonicalRequest.split('\n')
  const headers = {
    ...(service === 's3' && {
      'x-amz-content-sha256': payload,
      host: 'bucket.s3.eu-west-1.amazonaws.com',
    }),
    ...it.headers,
  }
  const canonicalHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, text.trim().replace(/ +/g, ' ')]),
  )
  return {
    ...{ method, path, query, body, service, payload, headers },
    ...{ canonicalPath, canonicalQuery, canonicalHeaders },
  }
}
