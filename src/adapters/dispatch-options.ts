import { stringify } from 'node:querystring'
import { targetOf } from '../canonical/url.ts'
import { type FieldsLike, fieldsOf } from '../lib/fields.ts'
import { ensure } from '../model/errors.ts'
import type { SignOptions, UrlLike } from '../model/types.ts'
import type { Signer } from '../verbs/async-types.ts'

/** What is read of the options of undici's `dispatch` and `request`. */
export interface DispatchOptionsLike {
  /** Scheme and host; an undici `Client` or `Pool` that is called directly leaves it out. */
  readonly origin?: string | UrlLike | undefined
  /** The request target, in its wire spelling: it starts with `/`. */
  readonly path: string
  /** As undici sends it, such as `GET`. */
  readonly method: string
  /** A record, or names and values in turn. Default: none. */
  readonly headers?: FieldsLike | null | undefined
  /** Text or bytes; any other needs `payload` in the overrides. Default: an empty body. */
  readonly body?: unknown
  /** Parameters that undici writes behind the path. Default: none. */
  readonly query?: object | null | undefined
}

/** How a dispatch hears of an error before it has begun: undici 7's way, and 6's. */
export interface DispatchHandlerLike {
  /** Undici 7's: told why the request was not sent, without a controller as there is no connection. */
  onResponseError?(controller: never, error: Error): unknown
  /** Undici 6's: told why the request was not sent. */
  onError?(error: Error): unknown
}

/** `Dispatcher.dispatch` of undici: begins a request, whose handler hears of the rest. */
export type DispatchLike<Options, Handler> = (options: Options, handler: Handler) => boolean

/** The path with the query that undici would write behind it. */
const pathOf = ({ path, query }: DispatchOptionsLike): string => {
  // A whole URL, or a host and port, is for a proxy.
  ensure(path.startsWith('/'), 'invalid-url', 'a path that starts with /')
  const written = query ? stringify(query as Record<string, string>) : ''
  return (written && `${path}${path.includes('?') ? '&' : '?'}${written}`) || path
}

/** Signs the options of a dispatch: gives them with the signed path and headers, and the query in the path. */
export async function signDispatchOptions<Options extends DispatchOptionsLike>(
  signer: Pick<Signer, 'sign'>,
  options: Options,
  overrides?: Partial<SignOptions>,
): Promise<Options> {
  const { origin, method, headers, body } = options
  const given = ensure(origin, 'invalid-url', 'an origin beside the path')
  const url = (typeof given === 'string' ? given : given.href).replace(/\/$/, '') + pathOf(options)
  const signed = await signer.sign(
    { method, url, headers: [...fieldsOf(headers)], body },
    // A body that is no bytes needs `payload` among them, and says so where it has none.
    overrides as Partial<SignOptions> & { payload: string },
  )
  return { ...options, path: targetOf(signed.url), headers: signed.headers, query: undefined }
}
