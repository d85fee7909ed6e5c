import { explain, type ReceivedRequest, type Refused, verify } from 'countersign'
import { faults, serverOptions } from '../../explain/faults.ts'
import { KEY, OTHER, TEMPORARY } from '../../explain/manual.ts'
import type { Message } from '../../suite.ts'
import { received } from '../../verify/common.ts'
import { genuine, messageOf, textOf } from '../messages.ts'
import { byNumber, latin1, numbered, target } from '../target.ts'

const SECRETS = [KEY.secretAccessKey, OTHER.secretAccessKey, TEMPORARY.sessionToken]

const messageOfFault = ({ method, url, headers = {}, body = '' }: ReceivedRequest): Message => ({
  ...{
    method: method ?? 'GET',
    target: `${url}`,
    body: Buffer.from(body as string).toString('latin1'),
  },
  headers: Symbol.iterator in headers ? [...headers] : fieldsOf(headers),
})

const fieldsOf = (headers: object) =>
  Object.entries(headers).filter((field): field is [string, string] => typeof field[1] === 'string')

const wrong = await faults()
/** How the server of each request looks at it: those with a fault, then some without. */
const cases = [
  ...wrong.map(({ received, options }) => ({ message: messageOfFault(received), options })),
  ...genuine.slice(0, 60).map(({ message, options }) => ({ message, options })),
].map(({ message, options }) => ({
  message,
  options: { ...serverOptions, ...options, budget: 30 },
}))

/** A request that a server refuses, explained: with no secret, and with no fault in one that holds. */
export const explaining = target({
  name: 'explain',
  codes: [],
  // Thirty signatures, each over all of the request.
  cost: { fixed: 150, perByte: 0.4 },
  seeds: () => cases.map(({ message }, at) => numbered(at, textOf(message))),
  read(input) {
    const [{ options }, rest] = byNumber(cases, input)
    return { options, request: received(messageOf(rest)), text: latin1(rest) }
  },
  call: async ({ options, request }) => ({
    why: await explain(request, options),
    verdict: (await verify(request, options)) as { ok: true } | Refused,
  }),
  judge({ text }, { why, verdict }) {
    const told = JSON.stringify(why) + String(why)
    const secret = SECRETS.find((it) => told.includes(it) && !text.includes(it))
    if (secret) return 'tells a secret'
    if (verdict.ok && !why.matches) return `finds ${why.cause} in a request that is accepted`
    if (why.matches && !verdict.ok && verdict.reason === 'signature-mismatch')
      return 'finds no fault in a signature that is refused'
    return undefined
  },
})
