import { sign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { asOptions, asRequest, type Hostile } from './arbitraries.ts'
import {
  aws4fetchSignature,
  aws4Signature,
  type Peer,
  smithySignature,
  wireTarget,
} from './peers.ts'
import { referenceSignature } from './reference.ts'
import { exampleKey } from './support/example-key.ts'

const request = (service: string, url: string, more: Partial<Hostile> = {}): Hostile => {
  const [path = '', query = ''] = url.split('?')
  return {
    method: 'GET',
    origin: 'https://example.amazonaws.com',
    host: 'example.amazonaws.com',
    ...{ path, query, service, headers: [], body: undefined, region: 'us-east-1' },
    date: new Date('2015-08-30T12:36:00Z'),
    expiresIn: 60,
    credentials: exampleKey,
    ...more,
  }
}

const ours = (generated: Hostile): string => {
  const { method, headers, signature } = sign(asRequest(generated), asOptions(generated))
  const { path, query } = wireTarget(generated)
  const { expected } = referenceSignature(
    {
      method,
      target: `${path}${query && `?${query}`}`,
      headers: [['host', generated.host], ...Object.entries(headers)],
      body: generated.body ?? null,
    },
    generated.credentials.secretAccessKey,
  )
  expect(signature).toBe(expected)
  return signature
}

const text: Partial<Hostile> = { method: 'POST', body: 'text' }

/**
 * What more than one peer signs wrong, and a request beside it. Several parameters of one name to S3,
 * of which aws4 and aws4fetch sign the first alone, are none of these: what S3 reads of them is contested.
 */
const NOT_UTF8 = [request('es', '/?q=%E9'), request('es', '/?q=%C3%A9')] as const
const NAMELESS = [request('dynamodb', '/?a=1&=2'), request('dynamodb', '/?a=1&b=2')] as const
const NO_BREAK_SPACE = [
  request('es', '/', { headers: [['x-note', 'a\u00a0\u00a0b']] }),
  request('es', '/', { headers: [['x-note', 'a  \t b']] }),
] as const

/** Who is wrong, with what, on which request; and a request beside it on which both agree. */
const MISTAKES: readonly (readonly [title: string, peer: Peer, wrong: Hostile, right: Hostile])[] =
  [
    [
      'smithy loses a parameter named __proto__, collected in a plain object',
      smithySignature,
      request('es', '/?__proto__=1'),
      request('es', '/?_proto_=1'),
    ],
    [
      'aws4 loses a parameter named __proto__, collected in a plain object',
      aws4Signature,
      request('es', '/?__proto__=1&a=1'),
      request('es', '/?_proto_=1&a=1'),
    ],
    [
      'smithy drops the slash that RFC 3986 leaves where a path ends in two dots',
      smithySignature,
      request('execute-api', '/a/b/..'),
      request('execute-api', '/a/b/../'),
    ],
    [
      'aws4 drops the slash that RFC 3986 leaves where a path ends in a dot',
      aws4Signature,
      request('execute-api', '/a/.'),
      request('execute-api', '/a/./'),
    ],
    ['smithy cannot be handed a query whose bytes are not UTF-8', smithySignature, ...NOT_UTF8],
    ['aws4 signs U+FFFD for a query whose bytes are not UTF-8', aws4Signature, ...NOT_UTF8],
    ['aws4 leaves a parameter without a name unsigned', aws4Signature, ...NAMELESS],
    [
      'aws4 encodes a reserved escape twice where brackets stand in the query',
      aws4Signature,
      request('execute-api', '/?p[page]=a%2Fb'),
      request('execute-api', '/?p%5Bpage%5D=a%2Fb'),
    ],
    [
      'aws4 spells brackets in a path anew after the caller chose the URL',
      aws4Signature,
      request('execute-api', '/a[1]'),
      request('execute-api', '/a%5B1%5D'),
    ],
    [
      'aws4 collapses no-break spaces in a header, which are no blanks in HTTP',
      aws4Signature,
      ...NO_BREAK_SPACE,
    ],
    [
      'aws4 adds a content type of its own beside an empty one',
      aws4Signature,
      request('es', '/', { ...text, headers: [['content-type', '']] }),
      request('es', '/', { ...text, headers: [['content-type', 'text/plain']] }),
    ],
    [
      'aws4fetch signs U+FFFD for a query whose bytes are not UTF-8',
      aws4fetchSignature,
      ...NOT_UTF8,
    ],
    ['aws4fetch leaves a parameter without a name unsigned', aws4fetchSignature, ...NAMELESS],
    [
      'aws4fetch encodes the escapes of an S3 path again where one is malformed',
      aws4fetchSignature,
      request('s3', '/bucket/a%20b%zz'),
      request('s3', '/bucket/a%20b%25zz'),
    ],
    [
      'aws4fetch collapses no-break spaces in a header, which are no blanks in HTTP',
      aws4fetchSignature,
      ...NO_BREAK_SPACE,
    ],
  ]

describe('the signature of a peer differs from ours and the reference, because', () => {
  it.each(MISTAKES)('%s', async (_, peer, wrong, right) => {
    expect(await peer(right, false)).toBe(ours(right))
    const signature = await peer(wrong, false)
    expect(signature).toMatch(/^[\da-f]{64}$/)
    expect(signature).not.toBe(ours(wrong))
  })

  it('smithy signs an S3 path as it is handed, with parentheses that S3 encodes', async () => {
    const generated = request('s3', '/bucket/a(1).txt')
    expect(await smithySignature(generated, false)).toBe(ours(generated))
    expect(await smithySignature(generated, false, '/bucket/a(1).txt')).not.toBe(ours(generated))
  })

  it('aws4 throws at a malformed escape in an S3 path, which S3 reads as it stands', async () => {
    await expect(aws4Signature(request('s3', '/bucket/100%'), false)).rejects.toThrow(URIError)
    expect(ours(request('s3', '/bucket/100%'))).toBe(ours(request('s3', '/bucket/100%25')))
  })
})
