import { awsError, type Refused, type VerifyOptions } from 'countersign'
import { verify } from 'countersign/sync'
import { hexOf, hmac } from '../../support/hash.ts'
import { credentials, received, now as suiteNow } from '../../verify/common.ts'
import { genuine, messageOf, textOf } from '../messages.ts'
import { byNumber, latin1, numbered, target } from '../target.ts'

const OTHER = { ...credentials, secretAccessKey: 'another/secret/of/forty/characters/00000' }

/** Servers that refuse: without the key, with another, at another time, of another service. */
const SERVERS = [
  { credentials: () => undefined, service: 'any', now: suiteNow },
  { credentials: (id: string) => ({ ...OTHER, accessKeyId: id }), service: 'any', now: suiteNow },
  { credentials: () => undefined, service: 'any', now: new Date('2020-01-01') },
  { credentials: () => undefined, service: 's3', region: 'eu-west-1', now: suiteNow },
] as const satisfies readonly Pick<VerifyOptions, 'credentials' | 'service' | 'region' | 'now'>[]

const PROTOCOLS = ['s3', 'json', 'query'] as const
const XML =
  /^(<\?xml[^>]*>\n)?(?:<\w+>|<\/\w+>|[^<>&"'\0-\x08\v\f\r\x0e-\x1f\ufffe\uffff]|&(?:#\d+|amp|lt|gt|quot|apos);)+$/

/** The signature that a server expected, which would sign the stranger's request. */
function expectedSignature({ trace }: Refused): string | undefined {
  if (!trace) return undefined
  let key: string | Uint8Array = `AWS4${OTHER.secretAccessKey}`
  for (const part of trace.credentialScope.split('/')) key = hmac(key, part)
  return hexOf(hmac(key, trace.stringToSign))
}

/** A refused request, answered in each protocol: well formed, and without a secret. */
export const answering = target({
  name: 'awsError',
  codes: [],
  cost: { fixed: 30, perByte: 0.05 },
  seeds: () =>
    genuine
      .slice(0, 120)
      .flatMap(({ message }, at) => [numbered(at % SERVERS.length, textOf(message))]),
  read(input) {
    const [server, rest] = byNumber(SERVERS, input)
    return { server, request: received(messageOf(rest)), text: latin1(rest) }
  },
  call({ server, request }) {
    const refused = verify(request, server)
    if (refused.ok) return { refused: undefined, answers: [] }
    const answers = PROTOCOLS.flatMap((protocol) =>
      (['aws', 'coarse'] as const).map((words) => awsError(refused, protocol, words)),
    )
    return { refused, answers }
  },
  judge({ text }, { refused, answers }) {
    if (!refused) return 'accepts a request without its key'
    const secret = expectedSignature(refused)
    for (const { body, headers, status } of answers) {
      if (secret && body.includes(secret) && !text.includes(secret))
        return 'tells the signature that was expected'
      if (body.includes(OTHER.secretAccessKey)) return 'tells a secret'
      if (!(status >= 400 && status < 600)) return `answers ${status}`
      if (Buffer.byteLength(body) > 20 * text.length + 2048)
        return `answers ${text.length} bytes with ${Buffer.byteLength(body)}`
      if (!/json/.test(headers['content-type'] ?? '')) {
        if (!XML.test(body)) return `answers in no XML: ${body}`
      } else if (typeof JSON.parse(body).__type !== 'string') return 'answers in no JSON'
    }
    return undefined
  },
})
