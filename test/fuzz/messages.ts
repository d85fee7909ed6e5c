import { captures } from '../captures.ts'
import { type Message, readMessage } from '../suite.ts'
import { type Meaning, meaningOf, type Rules } from '../verify/canonical-meaning.ts'
import { expectedVerdict } from '../verify/expected-verdict.ts'
import { type Mutable, mutables } from '../verify/mutable.ts'
import { latin1 } from './target.ts'

/** A request whose signature holds, and what it means to AWS. */
export interface Genuine extends Mutable {
  readonly meaning: Meaning
}

/** A message as the text that {@link messageOf} reads. */
export const textOf = ({ method, target, headers, body }: Message): string =>
  `${method} ${target} HTTP/1.1\n${headers.map(([name, value]) => `${name}:${value}\n`).join('')}\n${body}`

/** The message of an input. */
export const messageOf = (input: Uint8Array): Message => readMessage(latin1(input))

function rulesOf(headers: readonly (readonly [string, string])[], url: string): Partial<Rules> {
  const authorization = headers.find(([name]) => /^authorization$/i.test(name))?.[1] ?? url
  const [, accessKeyId = '', , region = '', service = ''] =
    /Credential=([^/%]+)(?:\/|%2F)(\d{8})(?:\/|%2F)([\w-]+)(?:\/|%2F)([\w-]+)/.exec(
      authorization,
    ) ?? []
  const s3 = service.startsWith('s3')
  return {
    ...{ accessKeyId, region, service, s3, encodings: s3 ? 1 : 2, normalizes: !s3 },
    tokenName: service === 's3express' ? 'x-amz-s3session-token' : 'x-amz-security-token',
    tokenAppended: service === 'iotdevicegateway',
  }
}

/** Requests of real clients, where the rules of a test tell what they mean. */
const captured = captures
  .filter(({ kind, quirk }) => kind !== 'post-policy' && !quirk)
  .map(({ name, kind, credentials, receivedAt, method, url, headers, bodyBase64 }): Mutable => {
    const body = Buffer.from(bodyBase64, 'base64').toString('latin1')
    const now = new Date(receivedAt)
    const { sessionToken } = credentials
    const rules = { ...rulesOf(headers, url), now, sessionToken } as Rules
    return {
      ...{ name, placement: kind === 'hdr' ? 'header' : 'query', few: 1, rules },
      message: { method, target: url, headers, body },
      options: {
        ...{ now, service: rules.service, region: rules.region, pathForm: 'any' },
        credentials: (id) => (id === credentials.accessKeyId ? credentials : undefined),
      },
    }
  })

/** AWS's suite, requests of countersign and of real clients: at most as many as a byte can number. */
export const genuine: readonly Genuine[] = [...mutables, ...captured]
  .flatMap((it) => {
    const meaning = meaningOf(it.message, it.rules)
    const holds =
      typeof meaning !== 'string' && expectedVerdict(meaning, it.message, it.rules) === 'accepted'
    return holds ? [{ ...it, meaning }] : []
  })
  .slice(0, 256)
