import { type Situation, type Stage, statusOf, thrown } from './situation.ts'

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8'

type Sending = readonly [name: string, make: () => BodyInit, type: string | undefined, text: string]

const BODIES: readonly Sending[] = [
  ['URLSearchParams', () => new URLSearchParams({ a: 'b c', d: 'é' }), FORM, 'a=b+c&d=%C3%A9'],
  ['a Blob', () => new Blob(['blob'], { type: 'text/css' }), 'text/css', 'blob'],
  ['a Blob without a type', () => new Blob(['blob']), undefined, 'blob'],
  ['an empty Blob', () => new Blob([]), undefined, ''],
  ['a File', () => new File(['file'], 'a.png', { type: 'image/png' }), 'image/png', 'file'],
  ['an ArrayBuffer', () => new Uint8Array([97, 98]).buffer, undefined, 'ab'],
  ['a Uint16Array', () => new Uint16Array([0x6261]), undefined, 'ab'],
  ['a DataView', () => new DataView(new Uint8Array([97, 98, 99]).buffer, 1), undefined, 'bc'],
]

const put = (
  { here, signer }: Stage,
  service: string,
  payload: string | undefined,
  body: BodyInit,
) => statusOf(signer({ service, payload }).fetch(here, { method: 'PUT', body }))

const UNSIGNED = 'UNSIGNED-PAYLOAD'

export const bodies: readonly Situation[] = [
  ...BODIES.flatMap(([name, make, type, text]) =>
    (
      [
        ['execute-api', undefined],
        ['s3', undefined],
        ['s3', UNSIGNED],
      ] as const
    ).map(
      ([service, payload]): Situation => ({
        name: `${name} goes to ${service} ${payload ? 'unread' : 'hashed'}, with its type`,
        act: (stage) => put(stage, service, payload, make()),
        sent: 1,
        seen: ([sent]) => [
          sent?.headers['content-type'],
          sent?.signedHeaders.includes('content-type'),
          sent?.body,
          sent?.headers['x-amz-content-sha256'] === UNSIGNED,
        ],
        is: [type, type !== undefined, text, payload === UNSIGNED],
      }),
    ),
  ),
  ...([undefined, UNSIGNED] as const).map(
    (payload): Situation => ({
      name: `FormData goes ${payload ? 'unread' : 'hashed'}, with the boundary that its type tells`,
      act(stage) {
        const form = new FormData()
        form.append('field', 'é')
        form.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt')
        return put(stage, 's3', payload, form)
      },
      sent: 1,
      seen: ([sent]) => {
        const type = sent?.headers['content-type'] ?? ''
        const boundary = /^multipart\/form-data; ?boundary=(.+)$/.exec(type)?.[1] ?? '?'
        return [
          sent?.body.startsWith(`--${boundary}\r\n`),
          sent?.body.includes('content'),
          sent?.signedHeaders.includes('content-type'),
        ]
      },
      is: [true, true, true],
    }),
  ),
  {
    name: 'a content type of the caller goes before that of the body',
    act: ({ here, signer }) =>
      statusOf(
        signer().fetch(here, {
          method: 'PUT',
          body: new Blob(['a'], { type: 'text/css' }),
          headers: { 'Content-Type': 'text/plain', 'x-a': 'b' },
        }),
      ),
    sent: 1,
    seen: ([sent]) => [sent?.headers['content-type'], sent?.headers['x-a']],
    is: ['text/plain', 'b'],
  },
  {
    name: 'a form is sent again with the same boundary',
    replies: [{ status: 503 }, {}],
    act({ here, signer }) {
      const body = new FormData()
      body.append('a', 'b')
      return statusOf(signer({ retries: 1 }).fetch(here, { method: 'POST', body }))
    },
    sent: 2,
    seen: ([first, second]) => first?.body === second?.body && first?.body !== '',
    is: true,
  },
  {
    name: 'a Request with a form is signed as it is',
    act({ here, signer }) {
      const body = new FormData()
      body.append('a', 'b')
      return statusOf(signer().fetch(new Request(here, { method: 'POST', body })))
    },
    sent: 1,
    seen: ([sent]) => sent?.signedHeaders.includes('content-type'),
    is: true,
  },
  {
    name: 'a stream without a payload is refused, and nothing is sent',
    act: ({ here, signer }) => {
      const init = { method: 'PUT', body: new Blob(['a']).stream(), duplex: 'half' } as RequestInit
      return thrown(signer({ service: 's3' }).fetch(here, init))
    },
    sent: 0,
    out: 'invalid-body',
  },
]
