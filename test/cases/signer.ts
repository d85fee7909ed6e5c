import { hexOf, hmac, sha256 } from '../support/hash.ts'
import type { Key } from './case.ts'

// The cases are signed by no line of ours: as their own suites do it, with S3's rules, the path as given.

/** A request as it is signed. */
export interface Unsigned {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The payload line. */
  readonly sha256: string
}

/** What chunks are signed on with. */
export interface Seed {
  readonly signature: string
  readonly signingKey: Buffer
  readonly date: string
  readonly scope: string
}

/** Everything but RFC 3986's unreserved characters as `%XX`. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )

export const amzDate = (time: number): string =>
  new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')

export const signingKey = (secret: string, day: string, region: string, service: string): Buffer =>
  [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`))

function signatureOf(
  { method, path, sha256: payload }: Unsigned,
  fields: Readonly<Record<string, string>>,
  parameters: readonly string[],
  key: Key,
  date: string,
): Seed & { readonly names: string } {
  const day = date.slice(0, 8)
  const names = Object.keys(fields).sort()
  const canonical = [
    ...[method, path.split('?', 1)[0], [...parameters].sort().join('&')],
    ...names.map((name) => `${name}:${fields[name]}`),
    ...['', names.join(';'), payload],
  ].join('\n')
  const scope = `${day}/${key.region}/${key.service}/aws4_request`
  const made = signingKey(key.secret, day, key.region, key.service)
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`
  return {
    signature: hexOf(hmac(made, text)),
    signingKey: made,
    date,
    scope,
    names: names.join(';'),
  }
}

const parametersOf = (path: string): string[] =>
  path
    .slice(`${path}?`.indexOf('?') + 1)
    .split('&')
    .filter(Boolean)
    .map((part) => (part.includes('=') ? part : `${part}=`))

/** The headers with an `Authorization` among them. */
export function signHeader(
  request: Unsigned,
  key: Key,
  time: number,
): Seed & { readonly headers: Record<string, string> } {
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': amzDate(time),
    'x-amz-content-sha256': request.sha256,
  }
  const fields = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  )
  const seed = signatureOf(request, fields, parametersOf(request.path), key, amzDate(time))
  const { scope, names, signature } = seed
  headers.Authorization = `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { ...seed, headers }
}

/** The target with a signature in its query. */
export function presign(request: Unsigned, key: Key, time: number, expires: number): string {
  const date = amzDate(time)
  const scope = `${date.slice(0, 8)}/${key.region}/${key.service}/aws4_request`
  const names = Object.keys(request.headers).sort().join(';')
  const parameters = [
    ...parametersOf(request.path),
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encode(`${key.id}/${scope}`)}`,
    `X-Amz-Date=${date}`,
    `X-Amz-Expires=${expires}`,
    `X-Amz-SignedHeaders=${encode(names)}`,
  ]
  const { signature } = signatureOf(request, request.headers, parameters, key, date)
  return `${request.path.split('?', 1)[0]}?${parameters.join('&')}&X-Amz-Signature=${signature}`
}

/** A body in signed chunks, as aws-chunked frames them. */
export function signChunks(body: Buffer, size: number, seed: Seed, trailer?: string): Buffer {
  const { signingKey, date, scope } = seed
  let { signature } = seed
  const sign = (kind: string, lines: readonly string[]) => {
    const text = [`AWS4-HMAC-SHA256-${kind}`, date, scope, signature, ...lines].join('\n')
    signature = hexOf(hmac(signingKey, text))
    return signature
  }
  const head = (piece: Buffer) =>
    `${piece.length.toString(16)};chunk-signature=${sign('PAYLOAD', [sha256(), sha256(piece)])}\r\n`
  const framed: (string | Buffer)[] = []
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size)
    framed.push(head(piece), piece, '\r\n')
  }
  framed.push(head(Buffer.alloc(0)))
  if (trailer !== undefined) {
    const signed = sign('TRAILER', [sha256(`${trailer}\n`)])
    framed.push(`${trailer}\r\nx-amz-trailer-signature:${signed}\r\n`)
  }
  return Buffer.concat([...framed, '\r\n'].map((piece) => Buffer.from(piece)))
}
