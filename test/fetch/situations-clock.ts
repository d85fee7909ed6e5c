import {
  type Answer,
  clientFor,
  handingOut,
  type Reply,
  type Situation,
  statusOf,
  xml,
} from './situation.ts'

/** Answers so, with a clock that is ahead, until a request is signed by that clock. */
const untilRight =
  (ahead: number, answer: Answer): Reply =>
  ({ minutes }) =>
    Math.abs(minutes - ahead) < 4 ? { ahead } : { status: 403, ahead, ...answer }

const minutes = (requests: readonly { minutes: number }[]) =>
  requests.map((request) => request.minutes)

/** Refused once for the clock, and right from then on. */
const learnt = (name: string, answer: Answer, ahead = 60, init?: RequestInit): Situation => ({
  name: `the clock is learnt from ${name}`,
  replies: [untilRight(ahead, answer)],
  async act({ here, signer }) {
    const aws = signer()
    return [await statusOf(aws.fetch(here, init)), await statusOf(aws.fetch(here))]
  },
  sent: 3,
  out: [200, 200],
  seen: minutes,
  is: [0, ahead, ahead],
  sdk: { client: clientFor(answer), ...(init?.method && { method: init.method }) },
})

/** Asked once, and answered so. */
const untouched = (name: string, answer: Answer): Situation => ({
  name: `${name} is asked once`,
  replies: [answer],
  act: ({ here, signer }) => statusOf(signer().fetch(here)),
  sent: 1,
  out: answer.status ?? 200,
})

const denied = xml('AccessDenied')

export const clocks: readonly Situation[] = [
  learnt('the Date of a 403', { body: denied }),
  learnt('the Date of a 403, of a server that is behind', { body: denied }, -60),
  learnt('the Date of a 400', { status: 400, body: '{}' }),
  learnt('the Date of a 401', { status: 401, body: xml('AuthFailure') }),
  learnt('the Date of an answer to HEAD', {}, 60, { method: 'HEAD' }),
  learnt('RequestTimeTooSkewed', { body: xml('RequestTimeTooSkewed') }),
  learnt('RequestExpired, as of EC2', { status: 400, body: xml('RequestExpired') }),
  learnt('RequestInTheFuture', { body: '{"__type":"RequestInTheFuture"}' }, -60),
  learnt("EC2's AuthFailure, by its Date alone", { status: 401, body: xml('AuthFailure') }),
  learnt("API Gateway's sentence", {
    headers: { 'x-amzn-errortype': 'InvalidSignatureException' },
    body: '{"message":"Signature expired: 20261127T000000Z is now earlier than 20261127T005500Z"}',
  }),
  learnt(
    'InvalidSignatureException',
    {
      body: '{"message":"Signature not yet current: 20261127T010000Z is still later than 20261127T000500Z"}',
    },
    -60,
  ),
  untouched('an ordinary 403', { status: 403, body: denied }),
  untouched('an ordinary 400', { status: 400, body: '{"__type":"ValidationException"}' }),
  untouched('a 403 three minutes off', { status: 403, body: denied, ahead: 3 }),
  untouched('a 404 an hour off', { status: 404, ahead: 60 }),
  untouched('a 403 from a cache', { status: 403, body: denied, ahead: 60, headers: { age: '1' } }),
  untouched('a 403 that is ten years off', { status: 403, body: denied, ahead: 5_256_000 }),
  {
    name: 'a 403 that the clock does not mend is asked once more, and from then on once',
    replies: [{ status: 403, ahead: 60, body: denied }],
    async act({ here, signer }) {
      const aws = signer()
      return [await statusOf(aws.fetch(here)), await statusOf(aws.fetch(here))]
    },
    sent: 3,
    out: [403, 403],
    seen: minutes,
    is: [0, 60, 60],
  },
  {
    name: 'credentials that our clock takes for dead are sent, and the server judges',
    act({ here, signer, credentials }) {
      const provider = async () => ({ ...credentials, expiration: new Date(Date.now() - 1000) })
      return statusOf(signer({ credentials: provider }).fetch(here))
    },
    sent: 1,
  },
  {
    name: 'a clock ahead of the life of credentials is learnt',
    replies: [untilRight(-120, { body: denied })],
    async act({ here, signer, credentials }) {
      // An hour, from a clock that is two hours behind ours.
      const expiration = new Date(Date.now() - 3_600_000)
      const aws = signer({ credentials: async () => ({ ...credentials, expiration }) })
      return [await statusOf(aws.fetch(here)), await statusOf(aws.fetch(here))]
    },
    sent: 3,
    out: [200, 200],
    seen: minutes,
    is: [0, -120, -120],
  },
  {
    name: 'a Blob that was refused for the clock is sent again',
    replies: [untilRight(60, { body: xml('RequestTimeTooSkewed') })],
    async act({ here, signer }) {
      const aws = signer({ service: 's3', payload: 'UNSIGNED-PAYLOAD' })
      return statusOf(aws.fetch(here, { method: 'PUT', body: new Blob(['again']) }))
    },
    sent: 2,
    seen: (requests) => requests.map(({ body }) => body),
    is: ['again', 'again'],
    sdk: { client: 's3', method: 'PUT' },
  },
  {
    name: 'a stream that was refused for the clock teaches the next call',
    replies: [untilRight(60, { body: xml('RequestTimeTooSkewed') })],
    async act({ here, signer }) {
      const aws = signer({ service: 's3', payload: 'UNSIGNED-PAYLOAD' })
      const upload = () => {
        const body = new Blob(['once']).stream()
        return statusOf(aws.fetch(here, { method: 'PUT', body, duplex: 'half' } as RequestInit))
      }
      return [await upload(), await upload()]
    },
    sent: 2,
    out: [403, 200],
    seen: minutes,
    is: [0, 60],
    notIn: { chromium: 'streams need HTTP/2 there' },
  },
  {
    name: "one server's clock is not another's, and presign goes by that of its own URL",
    replies: [
      ({ headers, minutes: found }, { here }) =>
        headers.host === new URL(here).host && Math.abs(found - 60) > 4
          ? { status: 403, ahead: 60, body: denied }
          : {},
    ],
    async act({ here, there, signer }) {
      const aws = signer()
      const statuses = [await statusOf(aws.fetch(here)), await statusOf(aws.fetch(there))]
      const dates = await Promise.all(
        [here, there].map(async (url) => {
          const signed = await aws.presign({ url })
          const date = new URL(signed.url).searchParams.get('X-Amz-Date') as string
          const iso = date.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')
          return Math.round((Date.parse(iso) - Date.now()) / 60_000) || 0
        }),
      )
      return [statuses, dates]
    },
    sent: 3,
    out: [
      [200, 200],
      [60, 0],
    ],
    seen: minutes,
    is: [0, 60, 0],
  },
  {
    name: 'a token that expired by a clock that was learnt is renewed, too',
    replies: [
      ({ minutes: found, headers }) =>
        Math.abs(found - 30) > 4
          ? { status: 403, ahead: 30, body: xml('RequestTimeTooSkewed') }
          : headers['x-amz-security-token'] === 'new'
            ? { ahead: 30 }
            : { status: 403, ahead: 30, body: xml('ExpiredToken') },
    ],
    act: ({ here, signer, credentials }) =>
      statusOf(signer({ credentials: handingOut(credentials, 'old', 'new') }).fetch(here)),
    sent: 3,
    seen: minutes,
    is: [0, 30, 30],
  },
]
