/** An S3 that is wrong on purpose, in one of many ways: the test server, with one thing of its judgement spoilt. */
import type { VerifyOptions } from 'countersign'
import { receivedFrom } from 'countersign/node-http'
import { listen, send } from '../../src/testing/connection/listen.ts'
import { type Arrival, createJudge, type Judged } from '../../src/testing/judge.ts'
import { errorAnswer, refusalAnswer } from '../../src/testing/protocols/protocols.ts'
import { addKey, type Keys } from '../../src/testing/services/keys.ts'
import { createServices } from '../../src/testing/services/services.ts'
import { exampleKey, exampleSession } from '../support/example-key.ts'

type Field = readonly [name: string, value: string]
type Request = Arrival['request'] & { headers: readonly Field[] }

/** What is wrong with a server. */
export interface Fault {
  /** Rules other than the right ones. */
  readonly rules?: Partial<VerifyOptions>
  /** A request as it is misread. */
  readonly misread?: (request: Request) => Partial<Request>
  /** What it lets in although it is to be refused. */
  readonly overlooks?: (judged: Judged) => boolean
  /** Whether its key is that of a session. */
  readonly session?: true
  /** The time that it judges by. */
  readonly time?: (request: Request) => Date
}

const reason = ({ result }: Judged): string => (result.ok ? '' : result.reason)

const about = ({ result }: Judged): string => {
  const { header, part } = (result.ok ? undefined : result.about) ?? {}
  return `${header ?? part ?? ''}`
}

const isPresigned = ({ url }: Request): boolean => /[?&]X-Amz-Expires=/.test(url)

/** The query without all but one parameter of each name. */
function once(url: string, which: 'first' | 'last'): string {
  const [path, query] = url.split(/\?(.*)/s)
  const kept = new Map<string, string>()
  for (const part of query?.split('&') ?? []) {
    const name = decodeURIComponent(part.replace(/=.*/s, ''))
    if (/^X-Amz-/i.test(name) && (which === 'last' || !kept.has(name))) kept.set(name, part)
    else if (!/^X-Amz-/i.test(name)) kept.set(part + kept.size, part)
  }
  return query === undefined ? url : `${path}?${[...kept.values()].join('&')}`
}

const field = ({ headers }: Request, name: string): string | undefined =>
  headers.find(([own]) => own.toLowerCase() === name)?.[1]

/** The fields of a request with one of them read otherwise. */
const misreading = (it: Request, name: string, read: (value: string) => string | undefined) => ({
  headers: it.headers.flatMap(([own, value]) => {
    const text = own.toLowerCase() === name ? read(value) : value
    return text === undefined ? [] : [[own, text] as const]
  }),
})

/** The faults by what is wrong, one switch each. */
export const FAULTS = {
  'lets anyone in': { overlooks: (it) => reason(it) === 'missing-authentication' },
  'does not compare signatures': {
    overlooks: (it) => reason(it) === 'signature-mismatch' && !it.bodyFault,
  },
  'reads signatures in any case': {
    misread: (it) =>
      misreading(it, 'authorization', (text) =>
        text.replace(/(?<=Signature=).*/, (digits) => digits.toLowerCase()),
      ),
  },
  'reads key ids in any case': {
    misread: (it) =>
      misreading(it, 'authorization', (text) =>
        text.replace(/(?<=Credential=)[^/]+/, (id) => id.toUpperCase()),
      ),
  },
  'has no clock': { rules: { maxClockSkew: 10 ** 9 } },
  'lets URLs never end': {
    time: (it) =>
      isPresigned(it) ? dateOf(/X-Amz-Date=(\w+)/.exec(it.url)?.[1] ?? '') : new Date(),
  },
  'lets URLs be for years': { rules: { maxExpiresIn: 10 ** 12 } },
  'takes any region': { rules: { region: undefined as never } },
  'takes any service': { rules: { service: 'any' } },
  'believes X-Forwarded-Host': {
    misread: (it) => misreading(it, 'host', (host) => field(it, 'x-forwarded-host') ?? host),
  },
  'takes unsigned x-amz-…': {
    overlooks: (it) =>
      reason(it) === 'unsigned-headers' &&
      /^x[-_]amz/.test(about(it)) &&
      about(it) !== 'x-amz-date',
  },
  'takes unsigned dates': {
    overlooks: (it) => reason(it) === 'unsigned-headers' && about(it) === 'x-amz-date',
  },
  'takes unsigned hosts': {
    overlooks: (it) => reason(it) === 'unsigned-headers' && about(it) === 'host',
  },
  'reads HEAD as GET': {
    overlooks: (it) => reason(it) === 'signature-mismatch' && it.method === 'HEAD',
  },
  'reads the first of two parameters': { misread: ({ url }) => ({ url: once(url, 'first') }) },
  'reads the last of two parameters': { misread: ({ url }) => ({ url: once(url, 'last') }) },
  'prefers the query to the header': {
    misread: (it) => {
      return isPresigned(it) ? misreading(it, 'authorization', () => undefined) : {}
    },
  },
  'passes over sub-resources': {
    misread: ({ url }) => ({ url: url.replace(/[?&](acl|tagging|versionId=null)$/, '') }),
  },
  'tidies paths before it judges': {
    misread: ({ url }) => ({
      url: url.replace(/^[^?]*/, (path) =>
        path
          .replace(/%2e/gi, '.')
          .replace(/\/\.(?=\/)/g, '')
          .replace(/\/[^/]+\/\.\.(?=\/)/g, ''),
      ),
    }),
  },
  'does not hash bodies': {
    overlooks: (it) => reason(it) === 'payload-mismatch' && !it.bodyFault,
  },
  'does not check chunks': {
    overlooks: ({ bodyFault }) =>
      /^chunk-mismatch$/.test(`${(bodyFault as { code?: string })?.code}`),
  },
  'does not check checksums': {
    overlooks: ({ bodyFault }) => /checksum/.test(`${(bodyFault as { code?: string })?.code}`),
  },
  'does not check unsigned trailers': {
    overlooks: (it) =>
      /^STREAMING-UNSIGNED/.test(it.headers['x-amz-content-sha256'] ?? '') &&
      reason(it) === 'signature-mismatch',
  },
  'does not check policies': {
    overlooks: (it) => reason(it) === 'condition-failed' || reason(it) === 'field-not-covered',
  },
  'takes any session token': {
    session: true,
    overlooks: (it) => reason(it) === 'invalid-session-token',
  },
  'takes a request twice': { rules: { replayGuard: { claim: () => true } } },
} as const satisfies Record<string, Fault>

const dateOf = (text: string): Date => {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const [year = 0, month = 1, ...rest] = parts.map(Number)
  return parts.length > 0 ? new Date(Date.UTC(year, month - 1, ...rest)) : new Date()
}

/** Starts the server; without a fault it is right. */
export async function startBroken(
  fault: Fault = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const keys: Keys = new Map()
  const key = fault.session ? exampleSession : exampleKey
  addKey(keys, key, new Date())
  const seen = new Set<string>()
  // It keeps what it saw for ever, by whatever clock a request is judged.
  const replayGuard = { claim: (id: string) => seen.size < seen.add(id).size }
  const judge = createJudge({
    ...{ service: 's3', region: 'us-east-1', pathForm: 'any', replayGuard },
    credentials: (id: string) => (id === key.accessKeyId ? key : undefined),
    ...fault.rules,
  })
  const answerOf = createServices()
  const listening = await listen(
    async (exchange) => {
      exchange.response.setHeader('date', new Date().toUTCString())
      const { body, isWhole } = await exchange.read()
      const request = { ...receivedFrom(exchange.message), body } as unknown as Request
      const read = { ...request, ...fault.misread?.(request) }
      const time = fault.time?.(request) ?? new Date()
      const judged = await judge({ request: read as never, isWhole, time })
      const overlooked = !judged.result.ok && fault.overlooks?.(judged)
      const url = `http://127.0.0.1:${listening.port}`
      const answer = overlooked
        ? { status: 200 }
        : judged.result.ok
          ? await answerOf({ ...judged, url, keys }).catch((error) => errorAnswer('s3', error))
          : refusalAnswer(judged.bodyFault ?? judged.result, 's3')
      send(exchange, answer)
    },
    {},
    () => new Date(),
  )
  return { url: `http://127.0.0.1:${listening.port}`, close: listening.close }
}
