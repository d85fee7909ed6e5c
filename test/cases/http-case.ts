import type { VerifyingServer } from 'countersign/testing'
import { sha256 } from '../support/hash.ts'
import { type Alteration, type Answered, type Body, type HttpCase, KEY, NOW } from './case.ts'
import { send } from './send.ts'
import { amzDate, encode, presign, signChunks, signHeader } from './signer.ts'

/** A request that is about to go out. */
interface Outgoing {
  target: string
  readonly headers: Record<string, string>
}

const bytesOf = (body: Body = ''): Buffer =>
  typeof body === 'string'
    ? Buffer.from(body)
    : 'parts' in body
      ? Buffer.concat(body.parts.map(bytesOf))
      : Buffer.alloc(body.count, body.repeat)

/** A text with the key's id and the day in it. */
export const filled = (text: string): string =>
  text.replaceAll('{ID}', KEY.id).replaceAll('{TODAY}', amzDate(NOW).slice(0, 8))

/** Puts another text in one part of a credential: 0 the id, 1 the day, 2 the region, 3 the service, 4 the end. */
const swap = (credential: string, part: number, text: string): string =>
  credential
    .split('/')
    .map((own, index) => (index === part ? text : own))
    .join('/')

function alter(outgoing: Outgoing, alteration: Alteration): void {
  const { headers } = outgoing
  const [kind, name, ...rest] = alteration
  const [first = '', second = ''] = rest.map(filled)
  const header =
    Object.keys(headers).find((own) => own.toLowerCase() === `${name}`.toLowerCase()) ?? `${name}`
  const retarget = (
    pattern: string,
    by: (found: string, start: string, value: string) => string,
  ) => {
    outgoing.target = outgoing.target.replace(new RegExp(pattern), by)
  }
  if (kind === 'set') headers[header] = first
  if (kind === 'drop') delete headers[header]
  if (kind === 'replace') headers[header] = `${headers[header]}`.replace(new RegExp(first), second)
  if (kind === 'query') retarget(`([?&]${name}=)([^&]*)`, (_, start) => start + encode(first))
  if (kind === 'dropQuery') retarget(`([?&])${name}=[^&]*&?`, (_, start) => start)
  if (kind === 'append')
    outgoing.target += (outgoing.target.includes('?') ? '&' : '?') + filled(name)
  if (kind !== 'scope') return
  const [, part, text] = alteration
  headers.Authorization &&= headers.Authorization.replace(/(?<=Credential=)[^,]+/, (credential) =>
    swap(credential, part, text),
  )
  retarget(
    '(X-Amz-Credential=)([^&]*)',
    (_, start, credential) => start + encode(swap(decodeURIComponent(credential), part, text)),
  )
}

/** Signs a request in its header; its body in chunks, where the case is of them. */
function inHeader(of: HttpCase, request: Omit<Parameters<typeof signHeader>[0], 'sha256'>) {
  const { chunks, trailer, splice, dateOffset = 0 } = of
  const key = { ...KEY, ...of.key, secret: KEY.secret + (of.secretSuffix ?? '') }
  const body = bytesOf(of.body)
  const time = NOW + dateOffset * 1000
  if (!chunks) {
    const signed = signHeader({ ...request, sha256: of.sha256 ?? sha256(body) }, key, time)
    return { headers: signed.headers, body }
  }
  const word = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`
  const stated = {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': `${body.length}`,
  }
  const headers = { ...stated, ...request.headers }
  const signed = signHeader({ ...request, headers, sha256: word }, key, time)
  const framed = signChunks(body, chunks, signed, trailer)
  const [from, to, text] = splice ?? [0, 0, '']
  const spliced = [framed.subarray(0, from), Buffer.from(text), framed.subarray(to)]
  return { headers: signed.headers, body: Buffer.concat(spliced) }
}

/** Sends what a case says, and tells what was answered. */
export async function runHttp(
  of: HttpCase,
  server: Omit<VerifyingServer, 'credentials'>,
): Promise<Answered> {
  const { method = 'GET', path = '/', sign = 'header', signedHeaders, dateOffset = 0 } = of
  const headers = { host: 'localhost', ...of.headers }
  const request = { method, path, headers }
  let outgoing = { target: path, headers: { ...headers, ...signedHeaders } }
  let body = bytesOf(of.body)
  if (sign === 'header') {
    const signed = inHeader(of, request)
    outgoing = { target: path, headers: signed.headers as typeof headers }
    body = signed.body
  }
  if (sign === 'query') {
    const signed = { host: headers.host, ...signedHeaders }
    outgoing.target = presign(
      { ...request, headers: signed, sha256: of.sha256 ?? 'UNSIGNED-PAYLOAD' },
      { ...KEY, ...of.key, secret: KEY.secret + (of.secretSuffix ?? '') },
      NOW + dateOffset * 1000,
      of.expires ?? 900,
    )
  }
  for (const alteration of of.alter ?? []) alter(outgoing, alteration)
  const before = server.verdicts.length
  const answer = await send(server.port, method, outgoing.target, outgoing.headers, body)
  const judged = server.verdicts.length > before ? server.lastVerdict?.result : undefined
  return { ...answer, ok: judged?.ok === true && Number(answer.status) < 400 }
}
