import {
  type Answer,
  clientFor,
  handingOut,
  type Reply,
  type Situation,
  statusOf,
  xml,
} from './situation.ts'

/** Answers so while the token is the old one. */
const whileOld =
  (answer: Answer): Reply =>
  ({ headers }) =>
    headers['x-amz-security-token'] === 'old' ? answer : {}

const EXPIRED: readonly [where: string, answer: Answer][] = [
  [
    'x-amzn-errortype, as of Lambda',
    { status: 403, headers: { 'x-amzn-errortype': 'ExpiredTokenException' }, body: '{}' },
  ],
  [
    'x-amzn-errortype with a URI, as of API Gateway',
    {
      status: 403,
      headers: { 'x-amzn-errortype': 'ExpiredTokenException:http://internal.amazon.com/' },
    },
  ],
  [
    '__type, as of DynamoDB',
    { status: 400, body: '{"__type":"com.amazon.coral.service#ExpiredTokenException"}' },
  ],
  ['a code in XML, as of S3', { status: 400, body: xml('ExpiredToken') }],
  ['a code in XML, as of STS', { status: 403, body: xml('ExpiredTokenException') }],
  [
    'a sentence, as of Neptune',
    {
      status: 403,
      body: '{"code":"AccessDeniedException","detailedMessage":"The security token included in the request is expired"}',
    },
  ],
  ['a 401', { status: 401, body: '{"__type":"ExpiredTokenException"}' }],
]

export const tokens: readonly Situation[] = [
  ...EXPIRED.map(
    ([where, answer]): Situation => ({
      name: `an expired token, told by ${where}, is renewed`,
      replies: [whileOld(answer)],
      async act({ here, signer, credentials }) {
        const provider = handingOut(credentials, 'old', 'new')
        const aws = signer({ credentials: provider })
        return [await statusOf(aws.fetch(here)), await statusOf(aws.fetch(here)), provider.asked()]
      },
      sent: 3,
      out: [200, 200, 2],
      sdk: { client: clientFor(answer), tokens: ['old', 'new'] },
      seen: (requests) => requests.map(({ headers }) => headers['x-amz-security-token']),
      is: ['old', 'new', 'new'],
    }),
  ),
  {
    name: 'a token that stays expired is asked for once more, and no more',
    replies: [{ status: 403, body: xml('ExpiredToken') }],
    async act({ here, signer, credentials }) {
      const provider = handingOut(credentials, 'old')
      return [await statusOf(signer({ credentials: provider }).fetch(here)), provider.asked()]
    },
    sent: 2,
    out: [403, 2],
  },
  {
    name: 'a key that is given, and not provided, is not asked for again',
    replies: [{ status: 403, body: xml('ExpiredToken') }],
    act: ({ here, signer }) => statusOf(signer().fetch(here)),
    sent: 1,
    out: 403,
  },
  {
    name: "a provider that remembers, as the SDK's do, is told forceRefresh",
    replies: [whileOld({ status: 400, body: xml('ExpiredToken') })],
    async act({ here, signer, credentials }) {
      const asked: unknown[] = []
      let sessionToken = 'old'
      const provider = async (options?: { forceRefresh?: boolean }) => {
        asked.push(options?.forceRefresh === true)
        if (options?.forceRefresh) sessionToken = 'new'
        return { ...credentials, sessionToken, expiration: new Date(Date.now() + 3_600_000) }
      }
      return [await statusOf(signer({ credentials: provider }).fetch(here)), asked]
    },
    sent: 2,
    out: [200, [false, true]],
  },
  {
    name: 'the token of a stream, which cannot be sent again, is renewed for the next call',
    replies: [whileOld({ status: 400, body: xml('ExpiredToken') })],
    async act({ here, signer, credentials }) {
      const provider = handingOut(credentials, 'old', 'new')
      const aws = signer({ credentials: provider, service: 's3', payload: 'UNSIGNED-PAYLOAD' })
      const upload = () => {
        const body = new Blob(['once']).stream()
        return statusOf(aws.fetch(here, { method: 'PUT', body, duplex: 'half' } as RequestInit))
      }
      return [await upload(), await upload(), provider.asked()]
    },
    sent: 2,
    out: [400, 200, 2],
    notIn: { chromium: 'streams need HTTP/2 there' },
  },
  {
    name: 'many callers at once ask for one new token',
    replies: [whileOld({ status: 403, body: xml('ExpiredToken') })],
    async act({ here, signer, credentials }) {
      const provider = handingOut(credentials, 'old', 'new')
      const aws = signer({ credentials: provider })
      const statuses = await Promise.all([1, 2, 3].map(() => statusOf(aws.fetch(here))))
      return [statuses, await statusOf(aws.fetch(here))]
    },
    sent: 7,
    out: [[200, 200, 200], 200],
  },
]
