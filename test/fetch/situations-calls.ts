import type { Credentials } from 'countersign'
import { type Situation, statusOf, thrown } from './situation.ts'

const never = () => new Promise<never>(() => undefined)

/** A fetch after whose first answer, and a moment, all is aborted. */
const abortingAfter =
  (stop: AbortController): typeof fetch =>
  async (...asked) => {
    const response = await fetch(...asked)
    setTimeout(() => stop.abort(), 50)
    return response
  }

/** What comes of work, or that it is still waiting long after it could have ended. */
const soon = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((go) => setTimeout(go, 5000, 'still waiting'))])

/** What a call of fetch tells the platform beside the request. */
async function toldOf(
  stage: Parameters<Situation['act']>[0],
  input: (url: string) => Request | string,
  init?: RequestInit,
): Promise<Record<string, unknown>> {
  let told: Record<string, unknown> = {}
  const fetch = async (_: unknown, options: unknown) => {
    told = options as typeof told
    return new Response()
  }
  await stage.signer({ fetch: fetch as typeof globalThis.fetch }).fetch(input(stage.here), init)
  return told
}

export const calls: readonly Situation[] = [
  {
    name: 'an abort ends the wait for credentials',
    act: ({ here, signer }) => {
      const stop = new AbortController()
      const sent = signer({ credentials: never }).fetch(here, { signal: stop.signal })
      stop.abort()
      return thrown(sent)
    },
    sent: 0,
    out: 'AbortError',
  },
  {
    name: 'an abort ends the wait for credentials that has begun',
    act: ({ here, signer }) => {
      const stop = new AbortController()
      const provider = () => {
        setTimeout(() => stop.abort(), 50)
        return never()
      }
      return soon(thrown(signer({ credentials: provider }).fetch(here, { signal: stop.signal })))
    },
    sent: 0,
    out: 'AbortError',
  },
  {
    name: 'an abort that came before asks nobody',
    act: async ({ here, signer, credentials }) => {
      let asked = 0
      const provider = async () => {
        asked++
        return credentials
      }
      const aws = signer({ credentials: provider })
      return [await thrown(aws.fetch(here, { signal: AbortSignal.abort() })), asked]
    },
    sent: 0,
    out: ['AbortError', 0],
  },
  {
    name: "signal: null lets go of a Request's signal",
    act: ({ here, signer }) => {
      const request = new Request(here, { signal: AbortSignal.abort() })
      return statusOf(signer().fetch(request, { signal: null } as unknown as RequestInit))
    },
    sent: 1,
  },
  {
    name: 'an abort ends the pause before a retry',
    replies: [{ status: 503, headers: { 'retry-after': '15' } }],
    act: ({ here, signer }) => {
      const stop = new AbortController()
      const fetch = abortingAfter(stop)
      return soon(thrown(signer({ retries: 1, fetch }).fetch(here, { signal: stop.signal })))
    },
    sent: 1,
    out: 'AbortError',
  },
  {
    name: 'an abort is no broken connection',
    replies: [{ status: 403, fate: 'endless' }],
    act: ({ here, signer }) => {
      const stop = new AbortController()
      const fetch = abortingAfter(stop)
      const sent = signer({ retries: 3, fetch }).fetch(here, { signal: stop.signal })
      return thrown(sent.then((response) => response.text()))
    },
    sent: 1,
    out: 'AbortError',
  },
  {
    name: 'what else a Request says is kept',
    act: async (stage) => {
      const told = await toldOf(
        stage,
        (url) =>
          new Request(url, {
            ...{ keepalive: true, redirect: 'error', cache: 'no-store', credentials: 'omit' },
          }),
      )
      return ['keepalive', 'redirect', 'cache', 'credentials'].map((name) => told[name])
    },
    sent: 0,
    out: [true, 'error', 'no-store', 'omit'],
    notIn: { workerd: "its Request has no credentials, and takes no redirect: 'error'" },
  },
  {
    name: 'what only the platform knows is kept',
    act: async (stage) => {
      const told = await toldOf(stage, (url) =>
        Object.assign(new Request(url), { cf: { cacheTtl: 5 }, priority: 'low' }),
      )
      return ['cf', 'priority', 'redirect'].map((name) => told[name])
    },
    sent: 0,
    out: [{ cacheTtl: 5 }, 'low', 'manual'],
    notIn: { workerd: 'the cf of its Request is set by its constructor alone' },
  },
  {
    name: 'what only workerd knows is kept',
    act: async (stage) => {
      const own = { cf: { cacheTtl: 5 }, cache: 'no-store' } as RequestInit
      const told = await toldOf(stage, (url) => new Request(url, own))
      return ['cf', 'cache', 'redirect'].map((name) => told[name])
    },
    sent: 0,
    out: [{ cacheTtl: 5 }, 'no-store', 'manual'],
    notIn: { node: 'its Request has no cf', chromium: 'its Request has no cf' },
  },
  {
    name: "an init goes before its Request's own",
    act: async (stage) => {
      const request = (url: string) => new Request(url, { cache: 'no-store', redirect: 'error' })
      const told = await toldOf(stage, request, { cache: 'reload', redirect: 'manual' })
      return ['cache', 'redirect'].map((name) => told[name])
    },
    sent: 0,
    out: ['reload', 'manual'],
    notIn: { workerd: "it takes neither cache: 'reload' nor redirect: 'error'" },
  },
  {
    name: 'mode is cors where a page or an opaque request was asked for',
    act: async (stage) => {
      const modes: unknown[] = []
      for (const mode of ['no-cors', 'same-origin', 'cors'] as const)
        modes.push((await toldOf(stage, (url) => new Request(url, { mode }))).mode)
      const page = Object.defineProperty(new Request(stage.here), 'mode', {
        ...{ value: 'navigate', enumerable: true },
      })
      modes.push((await toldOf(stage, () => page)).mode)
      return modes
    },
    sent: 0,
    out: ['cors', 'same-origin', 'cors', 'cors'],
    notIn: { workerd: 'its Request has no mode' },
  },
  {
    name: 'what a browser says of itself is not signed',
    act: ({ here, signer }) =>
      statusOf(signer().fetch(here, { headers: { 'sec-fetch-mode': 'navigate', 'sec-gpc': '1' } })),
    sent: 1,
    seen: ([sent]) => sent?.signedHeaders,
    is: ['host', 'x-amz-date'],
  },
  {
    name: 'headers are left unsigned by a prefix',
    act: ({ here, signer }) =>
      statusOf(
        signer({ unsignableHeaders: ['CF-*', 'x-forwarded-*', 'x-real-ip'] }).fetch(here, {
          headers: {
            'cf-ray': '1',
            'x-forwarded-for': '2',
            'x-real-ip': '3',
            cfx: '4',
            'x-a': '5',
          },
        }),
      ),
    sent: 1,
    seen: ([sent]) => sent?.signedHeaders,
    is: ['cfx', 'host', 'x-a', 'x-amz-date'],
  },
  ...[
    ['text, as JSON leaves it', () => new Date(Date.now() + 3_600_000).toJSON()],
    ['seconds', () => Math.floor(Date.now() / 1000) + 3600],
  ].map(
    ([name, expiration]): Situation => ({
      name: `an expiration in ${name} is understood`,
      async act({ here, signer, credentials }) {
        const given: Credentials = { ...credentials, expiration: (expiration as () => string)() }
        let asked = 0
        const provider = async () => {
          asked++
          return given
        }
        const aws = signer({ credentials: provider })
        return [
          await statusOf(signer({ credentials: given }).fetch(here)),
          await statusOf(aws.fetch(here)),
          await statusOf(aws.fetch(here)),
          asked,
        ]
      },
      sent: 3,
      out: [200, 200, 200, 1],
    }),
  ),
  {
    name: 'an expiration that is no date is refused by its name',
    async act({ here, signer, credentials }) {
      const said: unknown[] = []
      for (const expiration of ['tomorrow', Number.NaN, new Date(Number.NaN)]) {
        const aws = signer({ credentials: { ...credentials, expiration } })
        said.push(
          await aws.fetch(here).then(
            () => 'nothing',
            (error) => [error.code, error.message.includes('expiration')],
          ),
        )
      }
      return said
    },
    sent: 0,
    out: ['tomorrow', 'NaN', 'Date'].map(() => ['invalid-credentials', true]),
  },
  {
    name: 'an expiration that has passed is told in text and in seconds',
    async act({ here, signer, credentials }) {
      const said: unknown[] = []
      for (const expiration of ['2020-01-01T00:00:00Z', 1_577_836_800])
        said.push(await thrown(signer({ credentials: { ...credentials, expiration } }).fetch(here)))
      return said
    },
    sent: 0,
    out: ['expired-credentials', 'expired-credentials'],
  },
]
