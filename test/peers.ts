import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
// @ts-expect-error -- aws4 has no types of its own
import aws4 from 'aws4'
import { AwsV4Signer } from 'aws4fetch'
import type { Hostile } from './arbitraries.ts'
import { referencePath } from './reference.ts'
import { sha256 } from './support/hash.ts'

/** Percent-encodes what cannot stand in a URL, as every client does. */
const legal = (text: string): string =>
  text.replace(/[^\x21-\x7e]+|["<>^`{|}]/gu, encodeURIComponent)

/** The target that must go to the wire, spelled by the documentation's three exceptions. */
export const wireTarget = ({ path, query, service }: Hostile) => ({
  path: service === 's3' ? legal(path).replaceAll('+', '%2B').replace(/%2f/gi, '/') : legal(path),
  query: legal(query).replaceAll('+', '%20'),
})

const NEVER_SIGNED =
  /^(accept-encoding|authorization|connection|content-length|expect|keep-alive|proxy-.*|sec-.*|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id)$/

const collapse = (value: string): string => value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')

/** Header fields by lower-case name, repeated ones joined. */
export function joined({ headers, host }: Hostile): Record<string, string> {
  const fields: Record<string, string> = { host }
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    fields[key] = key in fields ? `${fields[key]},${collapse(value)}` : collapse(value)
  }
  return fields
}

/** The names of the caller's header fields that a signature covers, sorted. */
export function signedNames(generated: Hostile): string[] {
  const fields = joined(generated)
  const hops = (fields.connection ?? '').toLowerCase().split(/[ ,]+/)
  return Object.keys(fields)
    .filter((name) => !NEVER_SIGNED.test(name) && !hops.includes(name))
    .sort()
}

const unsignedNames = (generated: Hostile): string[] =>
  Object.keys(joined(generated)).filter((name) => !signedNames(generated).includes(name))

export const amzDate = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, '')

/** Names and values of a query, decoded as a server reads them. */
export const decodedQuery = (query: string): (readonly [string, string])[] =>
  query
    .split('&')
    .filter(Boolean)
    .map((part) => {
      const [name = ''] = part.split('=')
      return [decode(name), decode(part.slice(name.length + 1))] as const
    })

const decode = (text: string): string =>
  text.replace(/(%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  )

export type Peer = (generated: Hostile, presigned: boolean, path?: string) => Promise<string>

/** As the AWS SDK uses it: the query decoded, the path of S3 in the SDK's own spelling. */
export const smithySignature: Peer = async (generated, presigned, as) => {
  const { service, region, credentials, method, body, date, expiresIn } = generated
  const s3 = service === 's3'
  const { path, query } = wireTarget(generated)
  const values = new Map<string, string[]>()
  for (const [name, value] of decodedQuery(query))
    values.set(name, [...(values.get(name) ?? []), value])
  const hash = 'x-amz-content-sha256'
  const request = new HttpRequest({
    method,
    path: as ?? (s3 ? referencePath(path, 's3') : path || '/'),
    query: Object.fromEntries(values),
    headers: { ...joined(generated), ...(s3 && presigned && { [hash]: 'UNSIGNED-PAYLOAD' }) },
    body,
  })
  const signer = new SignatureV4({
    ...{ service, region, credentials, sha256: Sha256 },
    uriEscapePath: !s3,
    applyChecksum: s3,
  })
  const rules = {
    signingDate: date,
    signableHeaders: new Set(signedNames(generated)),
    unsignableHeaders: new Set([...unsignedNames(generated), ...(presigned ? [hash] : [])]),
  }
  if (!presigned) return signatureIn((await signer.sign(request, rules)).headers.authorization)
  const unhoistableHeaders = new Set(Object.keys(request.headers))
  const { query: signed } = await signer.presign(request, {
    ...{ ...rules, expiresIn, unhoistableHeaders },
  })
  return `${signed?.['X-Amz-Signature']}`
}

/** As its README has it, with the same date, expiry and choice of headers. */
export const aws4Signature: Peer = async (generated, presigned) => {
  const { service, region, credentials, method, body, date, expiresIn, host } = generated
  const { path, query } = wireTarget(generated)
  const own = presigned ? `X-Amz-Date=${amzDate(date)}&X-Amz-Expires=${expiresIn}` : ''
  const target = [query, own].filter(Boolean).join('&')
  const names = (list: readonly string[]) => Object.fromEntries(list.map((name) => [name, true]))
  const added = ['content-type', 'content-length'].filter((name) => !(name in joined(generated)))
  const signed = aws4.sign(
    {
      ...{ service, region, method, body, host, signQuery: presigned },
      path: `${path || '/'}${target && `?${target}`}`,
      headers: { ...joined(generated), ...(!presigned && { 'x-amz-date': amzDate(date) }) },
      extraHeadersToIgnore: names([...unsignedNames(generated), ...added]),
      extraHeadersToInclude: names(signedNames(generated)),
    },
    credentials,
  )
  return signatureIn(presigned ? signed.path : signed.headers.Authorization)
}

/** As its README has it; S3 is told the hash of the body, which it leaves unsigned by itself. */
export const aws4fetchSignature: Peer = async (generated, presigned) => {
  const { service, region, credentials, method, body, date, expiresIn, host } = generated
  const { path, query } = wireTarget(generated)
  const target = [query, presigned ? `X-Amz-Expires=${expiresIn}` : ''].filter(Boolean).join('&')
  const fields = joined(generated)
  const hash = sha256(body)
  const signer = new AwsV4Signer({
    ...{ service, region, method, ...credentials, signQuery: presigned, datetime: amzDate(date) },
    url: `https://${host}${path}${target && `?${target}`}`,
    ...(body !== undefined && { body: body as string }),
    headers: {
      ...Object.fromEntries(signedNames(generated).map((name) => [name, fields[name] ?? ''])),
      ...(service === 's3' && !presigned && { 'x-amz-content-sha256': hash }),
    },
    allHeaders: true,
  })
  const { url, headers } = await signer.sign()
  return signatureIn(presigned ? url.search : (headers.get('authorization') ?? ''))
}

const signatureIn = (text = ''): string => /Signature=([\da-f]{64})/.exec(text)?.[1] ?? text
