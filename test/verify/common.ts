import type { HmacKey, SignedRequest, Verified, VerifyOptions } from 'countersign'
import type { SyncVerifyOptions } from 'countersign/sync'
import { backend } from '../../src/crypto/node.ts'
import { type Message, readMessage, type Signing } from '../suite.ts'
import { exampleKey as credentials } from '../support/example-key.ts'
import { hexOf, hmac, sha256 } from '../support/hash.ts'
import { suiteV4 } from '../vectors.ts'

/** A received request that verifies, and how it is verified. */
export interface Good {
  readonly name: string
  readonly placement: 'header' | 'query'
  readonly message: Message
  readonly options: SyncVerifyOptions
}

/** What a server hands to `verify` of a message. */
export const received = ({ method, target, headers, body }: Message) => ({
  method,
  url: target,
  headers,
  body,
})

/** How a server is told of a case's key, time and path rule. */
function verifyOptions({ options }: Signing): SyncVerifyOptions {
  const { credentials, signingDate, service, region } = options
  const { pathEncoding, pathNormalization, sessionToken } = options
  return {
    credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
    now: signingDate,
    ...{ service, region, pathEncoding, pathNormalization, sessionToken },
    // The vectors' paths are what they are.
    pathForm: 'any',
  }
}

/** AWS's signing test suite, as a server receives it: 38 cases, in the header and in the query. */
export const suiteReceived: readonly (Good & { readonly signing: Signing })[] = suiteV4.flatMap(
  ({ name, ...placements }) =>
    (['header', 'query'] as const).map((placement) => ({
      name: `${name}, ${placement}`,
      placement,
      message: readMessage(placements[placement].want.signedRequest),
      options: verifyOptions(placements[placement]),
      signing: placements[placement],
    })),
)

export { credentials }

export const now = new Date('2015-08-30T12:36:00Z')

/** Options to sign with. */
export const signing = {
  service: 'execute-api',
  region: 'us-east-1',
  credentials,
  signingDate: now,
}

/** Options to verify what was signed with {@link signing}. */
export const verifying = {
  service: 'execute-api',
  region: 'us-east-1',
  now,
  credentials: (id: string) => (id === credentials.accessKeyId ? credentials : undefined),
} satisfies VerifyOptions

/** `accepted`, or the reason of a refusal. */
export const verdict = (result: { ok: true } | { ok: false; reason: string }): string =>
  result.ok ? 'accepted' : result.reason

/** The request that was verified, or an error that says why it was refused. */
export function accepted(result: Verified | { ok: false; reason: string; message: string }) {
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`)
  return result
}

/** What a server receives of a request that was signed. */
export function arriving(signed: SignedRequest) {
  const [, host = '', url = ''] = /^https?:\/\/([^/?]*)(.*)$/.exec(signed.url) ?? []
  const headers: Record<string, string> = { host, ...signed.headers }
  return { method: signed.method, url, headers, body: (signed.body ?? '') as string | Uint8Array }
}

/** A request that is to be signed by hand, where no proper client would sign it so. */
export interface Odd {
  method?: string
  path?: string
  headers: Record<string, string>
  /** In lower case, sorted. */
  signedHeaders: string
  date?: string
  scope?: string
  payload?: string
}

/** Signs as it is told, whatever that is worth; the query is left alone. */
export function signedByHand(odd: Odd) {
  const { method = 'GET', path = '/', headers, signedHeaders, payload = EMPTY } = odd
  const { date = '20150830T123600Z', scope = '20150830/us-east-1/execute-api/aws4_request' } = odd
  const block = signedHeaders.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`)
  const canonical = `${method}\n${path}\n\n${block.join('')}\n${signedHeaders}\n${payload}`
  const hash = sha256(canonical)
  let key: string | Uint8Array = `AWS4${credentials.secretAccessKey}`
  for (const part of scope.split('/')) key = hmac(key, part)
  const signature = hexOf(hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`))
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  return { method, url: path, headers: { ...headers, authorization } }
}

export const EMPTY: string = sha256()

/** A crypto backend that counts what it is asked. */
export function counting() {
  const counts = { hmac: 0, sha256: 0 }
  const crypto = {
    ...backend,
    sha256(data: string | Uint8Array) {
      counts.sha256++
      return backend.sha256(data)
    },
    hmac(key: HmacKey, data: string | Uint8Array) {
      counts.hmac++
      return backend.hmac(key, data)
    },
    hmacHex(key: HmacKey, data: string | Uint8Array) {
      counts.hmac++
      return backend.hmacHex(key, data)
    },
  }
  /** What a call costs. */
  const costOf = async (call: () => unknown) => {
    Object.assign(counts, { hmac: 0, sha256: 0 })
    await call()
    return { ...counts }
  }
  return { crypto, costOf }
}
