import type { MismatchCause } from 'countersign'
import { type Manual, OTHER, sha256 } from '../manual.ts'

/** What a signer does wrong to a request that it sends well. */
export interface Mistake {
  readonly causes: readonly MismatchCause[]
  readonly change: (it: Manual) => Manual
}

const mistake = (
  causes: MismatchCause | readonly MismatchCause[],
  change: (it: Manual) => Partial<Manual>,
): Mistake => ({
  causes: [causes].flat() as MismatchCause[],
  change: (it) => ({ ...it, ...change(it) }),
})

const { path, query } = {
  path: ({ path = '' }: Manual) => path,
  query: ({ query = '' }: Manual) => query,
}
const encodedTwice = (it: Manual) =>
  path(it)
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/')
const encodedOnce = (it: Manual) =>
  path(it)
    .split('/')
    .map((part) =>
      encodeURIComponent(decodeURIComponent(part)).replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/')
const scope = (region: string, service: string, day = '20261124') => [
  day,
  region,
  service,
  'aws4_request',
]

/** The mistakes of signers. */
export const mistakes: Readonly<Record<string, Mistake>> = {
  'encodes the path by the other rule': {
    // Nor does it normalise it.
    causes: ['path-single-encoded', 'path-double-encoded', 'path-not-normalized'],
    change: (it) => ({
      ...it,
      canonicalPath: it.service === 's3' ? encodedTwice(it) : encodedOnce(it),
    }),
  },
  'signs the path as it is sent': mistake(['path-not-encoded', 'path-not-normalized'], (it) => ({
    canonicalPath: path(it),
  })),
  'signs the path decoded': mistake(['path-not-encoded', 'path-not-normalized'], (it) => ({
    canonicalPath: decodeURIComponent(path(it)),
  })),
  'signs the query as it is sent': mistake(
    ['query-order', 'query-encoding', 'query-missing-equals', 'query-plus'],
    (it) => ({ canonicalQuery: query(it) }),
  ),
  'sorts the query backwards': mistake('query-order', (it) => ({
    canonicalQuery: `${it.canonicalQuery}`.split('&').reverse().join('&'),
  })),
  'takes a + of the query for itself': mistake('query-plus', (it) => ({
    canonicalQuery: query(it).includes('+')
      ? `${it.canonicalQuery}`.replace(/%20/g, '%2B')
      : `${it.canonicalQuery}`,
  })),
  'leaves out the = of an empty parameter': mistake('query-missing-equals', (it) => ({
    canonicalQuery: `${it.canonicalQuery}`.replace(/=(?=&|$)/g, ''),
  })),
  'signs no body': mistake('payload-empty', (it) =>
    it.service === 's3' ? {} : { payload: sha256('') },
  ),
  'signs UNSIGNED-PAYLOAD': mistake('payload-unsigned', (it) =>
    it.service === 's3' ? {} : { payload: 'UNSIGNED-PAYLOAD' },
  ),
  'signs another method': mistake('method-changed', () => ({ signedMethod: 'PATCH' })),
  'signs a default port': mistake('host-port', (it) => ({
    canonicalHeaders: {
      ...it.canonicalHeaders,
      host: `${it.headers?.host ?? 'abc.execute-api.eu-west-1.amazonaws.com'}:443`,
    },
  })),
  'derives the key for another region': mistake('wrong-region', ({ service = '' }) => ({
    keyScope: scope('us-east-1', service),
  })),
  'derives the key for another service': mistake('wrong-service', () => ({
    keyScope: scope('eu-west-1', 'lambda'),
  })),
  'keeps the key of yesterday': mistake('wrong-day', ({ service = '' }) => ({
    keyScope: scope('eu-west-1', service, '20261123'),
  })),
  'reads a newline into the secret': mistake('secret-blanks', () => ({
    secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n',
  })),
  'encodes the secret': mistake('secret-encoded', () => ({
    secret: encodeURIComponent('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
  })),
  'takes the secret of another key': mistake('secret-of-another-key', () => ({
    secret: OTHER.secretAccessKey,
  })),
}
