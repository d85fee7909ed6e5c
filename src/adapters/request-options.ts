import { targetOf } from '../canonical/url.ts'
import { toBytes } from '../lib/bytes.ts'
import { type FieldsLike, fieldsOf } from '../lib/fields.ts'
import { fail } from '../model/errors.ts'
import type { BytesBody, SignOptions } from '../model/types.ts'
import type { Signer } from '../verbs/async-types.ts'

/** What is read of the options of `http.request` and `https.request`. */
export interface RequestOptionsLike {
  /** With its colon. Default: `http:` on port 80, else `https:`. */
  readonly protocol?: string | null | undefined
  /** A name or address without a port; it goes before `host`. Default: `host`, else `localhost`. */
  readonly hostname?: string | null | undefined
  /** A name without a port, where there is no `hostname`. */
  readonly host?: string | null | undefined
  /** A number, or its digits. Default: the scheme's own. */
  readonly port?: number | string | null | undefined
  /** The request target in its wire spelling, with its query. Default: `/`. */
  readonly path?: string | null | undefined
  /** As it is sent, in upper case. Default: `GET`. */
  readonly method?: string | undefined
  /** A record, or names and values in turn. Default: none. */
  readonly headers?: FieldsLike | undefined
}

/** Options that `http.request` takes as they are: the rest as it was given. */
export type SignedRequestOptions<Options> = Omit<Options, 'method' | 'path' | 'headers'> & {
  /** As it was signed, in upper case. */
  method: string
  /** The request target that was signed. */
  path: string
  /** By lower-case names: those of the signature, `host`, and `content-length` where there is a body. */
  headers: Record<string, string>
}

/** The scheme and authority of a request that names them apart. */
export function originOf({ protocol, hostname, host, port }: RequestOptionsLike): string {
  const name = hostname || host || 'localhost'
  const scheme = protocol ?? (Number(port) === 80 ? 'http:' : 'https:')
  const bracketed = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
  return `${scheme}//${bracketed}${port ? `:${port}` : ''}`
}

/**
 * Signs the options of `http.request` or `https.request`: returns them with the signed path and
 * headers, among them `host` and, with a body, `content-length`.
 *
 * A body that streams needs `payload` in the overrides: `{ payload: 'UNSIGNED-PAYLOAD' }`.
 *
 * @throws CountersignError `invalid-options` for a `URL`, which `urlToHttpOptions` of node:url
 * makes into options; otherwise as `sign`
 * @example
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials })
 * const options = await signRequestOptions(aws, { hostname, path: '/key', method: 'PUT' }, 'text')
 * https.request(options).end('text')
 */
export async function signRequestOptions<Options extends RequestOptionsLike>(
  signer: Pick<Signer, 'sign'>,
  options: Options,
  body?: BytesBody,
  overrides?: Partial<SignOptions>,
): Promise<SignedRequestOptions<Options>> {
  if ('href' in options && !('path' in options))
    fail('invalid-options', 'the options that urlToHttpOptions(url) of node:url makes')
  const origin = originOf(options)
  const fields = [...fieldsOf(options.headers)]
  const signed = await signer.sign(
    {
      method: options.method ?? 'GET',
      url: origin + (options.path || '/'),
      headers: fields,
      ...(body !== undefined && { body }),
    },
    overrides,
  )
  const [, host = ''] = /^\w+:\/\/([^/?]*)/.exec(signed.url) ?? []
  const length = body === undefined ? {} : { 'content-length': String(toBytes(body).byteLength) }
  const headers: Record<string, string> = { host, ...length, ...signed.headers }
  return {
    ...options,
    method: signed.method,
    path: targetOf(signed.url),
    headers,
  }
}
