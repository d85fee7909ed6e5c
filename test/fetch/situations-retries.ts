import {
  type Answer,
  clientFor,
  type Situation,
  type Stage,
  statusOf,
  thrown,
  xml,
} from './situation.ts'

const THROTTLED: readonly [name: string, answer: Answer][] = [
  [
    'ThrottlingException in a 400',
    { status: 400, body: '{"__type":"com.amazon.coral.availability#ThrottlingException"}' },
  ],
  [
    'ThrottlingException in a header',
    { status: 400, headers: { 'x-amzn-errortype': 'ThrottlingException:' } },
  ],
  [
    'ProvisionedThroughputExceededException',
    { status: 400, body: '{"__type":"x#ProvisionedThroughputExceededException"}' },
  ],
  ['RequestLimitExceeded', { status: 503, body: xml('RequestLimitExceeded') }],
  ['RequestLimitExceeded in a 400', { status: 400, body: xml('RequestLimitExceeded') }],
  ['SlowDown', { status: 503, body: xml('SlowDown') }],
  ['SlowDown in a 400', { status: 400, body: xml('SlowDown') }],
  ['Throttling', { status: 400, body: xml('Throttling') }],
  ['TooManyRequestsException', { status: 429, body: '{}' }],
  ['RequestThrottledException', { status: 400, body: '{"__type":"RequestThrottledException"}' }],
  ['RequestTimeout', { status: 400, body: xml('RequestTimeout') }],
  ['an internal error', { status: 500, body: xml('InternalError') }],
  ['a gateway that has nobody behind it', { status: 502 }],
  ['a connection that breaks', { fate: 'cut' }],
]

const between = (requests: readonly { at: number }[]) =>
  (requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)

/** Hands back an error whose body nobody reads to its end, and the connection with it. */
async function leftUnread({ here, signer }: Stage): Promise<number> {
  const stop = new AbortController()
  const response = await signer().fetch(here, { signal: stop.signal })
  stop.abort()
  return response.status
}

export const retries: readonly Situation[] = [
  ...THROTTLED.map(
    ([name, answer]): Situation => ({
      name: `${name} is tried again`,
      replies: [answer, answer, {}],
      act: ({ here, signer }) =>
        statusOf(signer({ retries: 2 }).fetch(here, { method: 'POST', body: 'again' })),
      sent: 3,
      seen: (requests) => requests.map(({ body }) => body),
      is: ['again', 'again', 'again'],
      sdk: { client: clientFor(answer), method: 'PUT' },
    }),
  ),
  {
    name: 'nothing of the moment is tried again by default',
    replies: [{ status: 503 }],
    act: ({ here, signer }) => statusOf(signer().fetch(here)),
    sent: 1,
    out: 503,
  },
  {
    name: 'a call says how often it is tried again',
    replies: [{ status: 503 }],
    act: async ({ here, signer }) => [
      await statusOf(signer().fetch(here, undefined, { retries: 1 })),
      await statusOf(signer({ retries: 3 }).fetch(here, undefined, { retries: 0 })),
      await statusOf(signer({ retries: 1 }).fetch(here, undefined, { retries: undefined })),
    ],
    sent: 5,
    out: [503, 503, 503],
  },
  {
    name: 'a connection that breaks each time ends with its error',
    replies: [{ fate: 'cut' }],
    act: ({ here, signer }) => thrown(signer({ retries: 1 }).fetch(here, { method: 'POST' })),
    sent: 2,
    out: 'TypeError',
    notIn: {
      chromium: 'it sends once more by itself what broke on a connection that was kept',
      workerd: 'what it throws is an Error',
    },
  },
  {
    name: 'a connection that breaks is not tried again with a stream',
    replies: [{ fate: 'cut' }],
    act: ({ here, signer }) => {
      const aws = signer({ service: 's3', payload: 'UNSIGNED-PAYLOAD', retries: 2 })
      const body = new Blob(['once']).stream()
      const init = { method: 'PUT', body, duplex: 'half' } as RequestInit
      return thrown(aws.fetch(here, init)).then((name) => name !== 'nothing')
    },
    sent: 1,
    out: true,
    notIn: { chromium: 'streams need HTTP/2 there' },
  },
  {
    name: 'Retry-After is kept',
    sdk: { client: 's3' },
    replies: [{ status: 503, headers: { 'retry-after': '1' } }, {}],
    act: ({ here, signer }) => statusOf(signer({ retries: 1 }).fetch(here)),
    sent: 2,
    seen: (requests) => between(requests) >= 990,
    is: true,
  },
  {
    name: 'Retry-After as a date is kept',
    sdk: { client: 's3' },
    replies: [
      () => ({
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 2000).toUTCString() },
      }),
      {},
    ],
    act: ({ here, signer }) => statusOf(signer({ retries: 1 }).fetch(here)),
    sent: 2,
    seen: (requests) => between(requests) >= 900,
    is: true,
  },
  {
    name: 'x-amz-retry-after, in milliseconds, goes before it',
    sdk: { client: 's3' },
    replies: [{ status: 503, headers: { 'x-amz-retry-after': '300', 'retry-after': '600' } }, {}],
    act: ({ here, signer }) => statusOf(signer({ retries: 1 }).fetch(here)),
    sent: 2,
    seen: (requests) => between(requests) >= 290,
    is: true,
  },
  {
    name: 'a pause above 20 seconds hands the answer back',
    replies: [{ status: 503, headers: { 'retry-after': '21' }, body: 'later' }],
    act: async ({ here, signer }) => {
      const response = await signer({ retries: 5 }).fetch(here)
      return [response.status, await response.text()]
    },
    sent: 1,
    out: [503, 'later'],
  },
  {
    name: 'a pause that is none is ours',
    sdk: { client: 's3' },
    replies: [{ status: 503, headers: { 'retry-after': 'soon' } }, {}],
    act: ({ here, signer }) => statusOf(signer({ retries: 1 }).fetch(here)),
    sent: 2,
  },
  {
    name: 'an error that never ends is handed back',
    replies: [{ status: 403, fate: 'endless' }],
    act: leftUnread,
    sent: 1,
    out: 403,
  },
  {
    name: 'an error of a hundred megabytes is handed back once its beginning is read',
    replies: [{ status: 403, fate: 'enormous' }],
    act: leftUnread,
    sent: 1,
    out: 403,
  },
]
