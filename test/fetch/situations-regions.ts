import type { FetchOptions } from 'countersign'
import {
  type Answer,
  type Place,
  type Reply,
  type Situation,
  type Stage,
  statusOf,
  xml,
} from './situation.ts'

/** The first server is in us-east-1, the second in eu-west-1; nothing else is known. */
const regionOf =
  ({ here, there }: Place): NonNullable<FetchOptions['redirect']> =>
  (url) =>
    url.startsWith(here)
      ? { region: 'us-east-1', service: 's3' }
      : url.startsWith(there)
        ? { region: 'eu-west-1', service: 's3' }
        : undefined

const signerOf = (stage: Stage) => stage.signer({ service: 's3', redirect: regionOf(stage) })

const at = (url: string) => new URL(url).host

/** The first server answers so, and the second lets in. */
const fromHere =
  (answer: (place: Place) => Answer): Reply =>
  ({ headers }, place) =>
    headers.host === at(place.here) ? answer(place) : {}

const HIDDEN = { chromium: 'a browser shows nothing of a redirect' }

/** A redirect that is followed, signed for the other region. */
const followed = (name: string, answer: (place: Place) => Answer, method = 'GET'): Situation => ({
  name: `${name} is followed`,
  replies: [fromHere(answer)],
  act: (stage) =>
    statusOf(
      signerOf(stage).fetch(`${stage.here}bucket/a%20key?a=b`, {
        method,
        ...(method === 'PUT' && { body: 'again' }),
      }),
    ),
  sent: 2,
  seen: (requests) => requests.map(({ target, region, body }) => [target, region, body]),
  is: ['us-east-1', 'eu-west-1'].map((region) => [
    '/bucket/a%20key?a=b',
    region,
    method === 'PUT' ? 'again' : '',
  ]),
  sdk: { client: 's3', method },
  notIn: HIDDEN,
})

/** An answer that leads somewhere, and is handed back. */
const handedBack = (
  name: string,
  answer: (place: Place) => Answer,
  path = 'bucket/key',
): Situation => ({
  name: `${name} is handed back`,
  replies: [fromHere(answer)],
  act: async (stage) => {
    const response = await signerOf(stage).fetch(`${stage.here}${path}`, {
      method: 'PUT',
      body: 'mine',
    })
    return [response.status, (await response.text()) !== '']
  },
  sent: 1,
  out: [301, true],
  notIn: HIDDEN,
})

const endpoint = (host: string) => xml('PermanentRedirect', `<Endpoint>${host}</Endpoint>`)

export const regions: readonly Situation[] = [
  followed("S3's 301 with an Endpoint", ({ there }) => ({
    status: 301,
    headers: { 'x-amz-bucket-region': 'eu-west-1' },
    body: endpoint(at(there)),
  })),
  followed(
    "S3's 301 for a PUT",
    ({ there }) => ({ status: 301, body: endpoint(at(there)) }),
    'PUT',
  ),
  followed("S3's 307 with a Location", ({ there }) => ({
    status: 307,
    headers: { location: `${there}bucket/a%20key?a=b` },
    body: endpoint(at(there)),
  })),
  {
    name: "S3's 400 with a Region is signed for that region, at the same place",
    replies: [
      ({ region }) =>
        region === 'us-east-1'
          ? {
              status: 400,
              body: xml('AuthorizationHeaderMalformed', '<Region>ap-south-1</Region>'),
            }
          : {},
    ],
    act: (stage) => statusOf(signerOf(stage).fetch(`${stage.here}bucket/key`)),
    sent: 2,
    seen: (requests) => requests.map(({ region }) => region),
    is: ['us-east-1', 'ap-south-1'],
    sdk: { client: 's3' },
  },
  ...(['GET', 'HEAD'] as const).map(
    (method): Situation => ({
      name: `S3's 400 with x-amz-bucket-region, for ${method}`,
      replies: [
        ({ region }) =>
          region === 'us-east-1'
            ? { status: 400, headers: { 'x-amz-bucket-region': 'ap-south-1' } }
            : {},
      ],
      act: (stage) => statusOf(signerOf(stage).fetch(`${stage.here}bucket/key`, { method })),
      sent: 2,
      seen: (requests) => requests.map(({ region }) => region),
      is: ['us-east-1', 'ap-south-1'],
      sdk: { client: 's3', method },
    }),
  ),
  {
    name: "S3's 301 with x-amz-bucket-region alone, for HEAD",
    replies: [
      ({ region }) =>
        region === 'us-east-1'
          ? { status: 301, headers: { 'x-amz-bucket-region': 'ap-south-1' } }
          : {},
    ],
    act: (stage) => statusOf(signerOf(stage).fetch(`${stage.here}bucket/key`, { method: 'HEAD' })),
    sent: 2,
    seen: (requests) => requests.map(({ region }) => region),
    is: ['us-east-1', 'ap-south-1'],
    sdk: { client: 's3', method: 'HEAD' },
    notIn: HIDDEN,
  },
  {
    name: 'a 400 for the region that was signed is asked once',
    replies: [
      { status: 400, headers: { 'x-amz-bucket-region': 'us-east-1' }, body: xml('BadDigest') },
    ],
    act: (stage) => statusOf(signerOf(stage).fetch(`${stage.here}bucket/key`)),
    sent: 1,
    out: 400,
  },
  {
    name: 'nothing is followed where nobody asked for it',
    replies: [fromHere(({ there }) => ({ status: 301, body: endpoint(at(there)) }))],
    act: ({ here, signer }) => statusOf(signer({ service: 's3' }).fetch(`${here}bucket/key`)),
    sent: 1,
    out: 301,
    notIn: HIDDEN,
  },
  {
    name: 'a redirect is followed once',
    replies: [
      ({ headers }, { here, there }) => ({
        status: 301,
        body: endpoint(headers.host === at(here) ? at(there) : at(here)),
      }),
    ],
    act: (stage) => statusOf(signerOf(stage).fetch(`${stage.here}bucket/key`)),
    sent: 2,
    out: 301,
    notIn: HIDDEN,
  },
  {
    name: 'a redirect of a stream is handed back',
    replies: [
      fromHere(({ there }) => ({ status: 307, headers: { location: `${there}bucket/key` } })),
    ],
    act: (stage) => {
      const aws = stage.signer({
        ...{ service: 's3', payload: 'UNSIGNED-PAYLOAD', redirect: regionOf(stage) },
      })
      const body = new Blob(['once']).stream()
      const init = { method: 'PUT', body, duplex: 'half' } as RequestInit
      return statusOf(aws.fetch(`${stage.here}bucket/key`, init))
    },
    sent: 1,
    out: 307,
    notIn: HIDDEN,
  },
  handedBack('a Location of a stranger', () => ({
    status: 301,
    headers: { location: 'http://127.0.0.1:9/bucket/key' },
    body: 'moved',
  })),
  handedBack('a Location that is no address', () => ({
    status: 301,
    headers: { location: 'http://[' },
    body: 'moved',
  })),
  handedBack('a Location of another kind', () => ({
    status: 301,
    headers: { location: 'ftp://127.0.0.1/bucket/key' },
    body: 'moved',
  })),
  handedBack('a Location of another bucket', ({ there }) => ({
    status: 301,
    headers: { location: new URL('/another/key', there).href },
    body: 'moved',
  })),
  handedBack('an Endpoint of a stranger', () => ({
    status: 301,
    body: endpoint('127.0.0.1:9'),
  })),
  handedBack('an Endpoint that is no host', ({ there }) => ({
    status: 301,
    body: endpoint(`${at(there)}/another/`),
  })),
  handedBack('a region that is none', () => ({
    status: 301,
    headers: { 'x-amz-bucket-region': 'eu-west-1/s3/aws4_request' },
    body: 'moved',
  })),
  {
    name: 'what a stranger answers leads nowhere',
    replies: [
      ({ headers }, { here, there }) =>
        headers.host === at(there)
          ? { status: 307, headers: { location: `${here}bucket/key` } }
          : {},
    ],
    act: (stage) => {
      const redirect = (url: string) =>
        url.startsWith(stage.here) ? { region: 'us-east-1' } : undefined
      const aws = stage.signer({ service: 's3', redirect })
      return statusOf(aws.fetch(`${stage.there}bucket/key`, { method: 'DELETE' }))
    },
    sent: 1,
    out: 307,
    notIn: HIDDEN,
  },
  {
    name: 'a redirect that a browser hides is handed back as it shows it',
    replies: [fromHere(({ there }) => ({ status: 301, body: endpoint(at(there)) }))],
    act: async (stage) => {
      const { type, status, headers } = await signerOf(stage).fetch(`${stage.here}bucket/key`)
      return [type, status, [...headers].length]
    },
    sent: 1,
    out: ['opaqueredirect', 0, 0],
    notIn: { node: 'it hides none', workerd: 'it hides none' },
  },
]
