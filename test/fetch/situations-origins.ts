import { handingOut, type Reply, type Situation, type Stage, statusOf, xml } from './situation.ts'

const iso = (ahead: number) => new Date(Date.now() + ahead * 60_000).toISOString()

/** `20261127T010000Z`, as API Gateway writes it. */
const stamp = (ahead: number) => iso(ahead).replace(/[-:]|\.\d+/g, '')

/** Answers so, with a clock that is ahead, until a request is signed by that clock. */
const untilRight =
  (ahead: number, body: () => string, headers: Readonly<Record<string, string>> = {}): Reply =>
  ({ minutes }) =>
    Math.abs(minutes - ahead) < 4 ? { ahead } : { status: 403, ahead, body: body(), headers }

const minutes = (requests: readonly { minutes: number }[]) =>
  requests.map((request) => request.minutes)

/** Two calls of the second server, which is of another origin than the page. */
async function twice({ there, signer }: Stage) {
  const aws = signer()
  return [await statusOf(aws.fetch(there)), await statusOf(aws.fetch(there))]
}

const learnt = (name: string, ahead: number, reply: Reply): Situation => ({
  name: `the clock of another origin is learnt from ${name}`,
  replies: [reply],
  act: twice,
  sent: 3,
  out: [200, 200],
  seen: minutes,
  is: [0, ahead, ahead],
})

const skewed = (ahead: number) => () =>
  xml('RequestTimeTooSkewed', `<ServerTime>${iso(ahead)}</ServerTime>`)

const SEEN = 'Date is hidden in browsers alone'

/** A page sees nothing of an answer's head across origins, unless the server exposes it. */
export const origins: readonly Situation[] = [
  learnt("the ServerTime of S3's error", 60, untilRight(60, skewed(60))),
  learnt(
    "the ServerTime of S3's error, of a server that is behind",
    -60,
    untilRight(-60, skewed(-60)),
  ),
  learnt(
    "API Gateway's sentence",
    60,
    untilRight(
      60,
      () =>
        `{"message":"Signature expired: ${stamp(0)} is now earlier than ${stamp(55)} (${stamp(60)} - 5 min.)"}`,
    ),
  ),
  learnt(
    "API Gateway's other sentence",
    -60,
    untilRight(
      -60,
      () =>
        `{"message":"Signature not yet current: ${stamp(0)} is still later than ${stamp(-55)} (${stamp(-60)} + 5 min.)"}`,
    ),
  ),
  learnt(
    'a Date that the server exposes',
    60,
    untilRight(60, () => xml('AccessDenied'), { 'access-control-expose-headers': 'date' }),
  ),
  {
    name: 'what tells no time where Date is hidden is asked once',
    replies: [untilRight(60, () => xml('RequestTimeTooSkewed'))],
    act: twice,
    sent: 2,
    out: [403, 403],
    notIn: { node: SEEN, workerd: SEEN },
  },
  {
    name: 'a token that expired at another origin is renewed',
    replies: [
      ({ headers }) =>
        headers['x-amz-security-token'] === 'old'
          ? { status: 400, body: '{"__type":"com.amazon.coral.service#ExpiredTokenException"}' }
          : {},
    ],
    act: ({ there, signer, credentials }) =>
      statusOf(signer({ credentials: handingOut(credentials, 'old', 'new') }).fetch(there)),
    sent: 2,
  },
  {
    name: 'a File goes to another origin, with its type',
    act: ({ there, signer }) =>
      statusOf(
        signer({ service: 's3' }).fetch(`${there}bucket/a.png`, {
          method: 'PUT',
          body: new File(['file'], 'a.png', { type: 'image/png' }),
        }),
      ),
    sent: 1,
    seen: ([sent]) => [sent?.headers['content-type'], sent?.body],
    is: ['image/png', 'file'],
  },
]
