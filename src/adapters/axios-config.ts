import { isAtHand } from '../lib/bytes.ts'
import { type FieldsLike, fieldsOf } from '../lib/fields.ts'
import { ensure } from '../model/errors.ts'
import type { SignOptions } from '../model/types.ts'
import type { Signer } from '../verbs/async-types.ts'

/** What is used of `AxiosHeaders`. */
export interface AxiosHeadersLike {
  /** The fields as a plain object. */
  toJSON(): object
  /** Writes fields over those of the same names. */
  set(headers: Record<string, string>): unknown
  /** Whether a field is there, in any case. */
  has(name: string): boolean
  /** Joins what differs in case alone, as axios does before it sends. */
  normalize(format: boolean): unknown
}

/** What is read and written of the configuration of a request, as an interceptor gets it. */
export interface AxiosConfigLike {
  /** In any case. Default: `get`. */
  method?: string | undefined
  /** Absolute, or beneath `baseURL`; the signed one is written here. */
  url?: string | undefined
  /** What stands before `url`; taken away once the whole is signed. */
  baseURL?: string | undefined
  /** Parameters that axios writes behind the URL; taken away once the whole is signed. */
  params?: unknown
  /** The body, as it stands before and after `transformRequest`. */
  data?: unknown
  /** The signature's fields are written among them. */
  headers: AxiosHeadersLike
  /** What serialises the body: run before signing, and then emptied. */
  transformRequest?: unknown
  /** Axios's own credentials, which would take the signature's place: `invalid-options`. */
  auth?: unknown
  /** How many redirects axios follows. Default, of a signed request: 0. */
  maxRedirects?: number | undefined
  /** Fields that axios takes off a redirect to another origin; the session token is added to them. */
  sensitiveHeaders?: string[] | undefined
}

/** axios, or an instance of it: what writes the URL of a request. */
export interface AxiosLike {
  /** The URL of a configuration, as axios would send it. */
  getUri(config: object): string
}

type Transform = (this: AxiosConfigLike, data: unknown, headers: AxiosHeadersLike) => unknown

/** The body as axios is about to serialise it, and with it the headers that say what it is. */
function serialise(config: AxiosConfigLike): unknown {
  const { headers, method = 'get' } = config
  let { data } = config
  for (const transform of [config.transformRequest ?? []].flat() as Transform[]) {
    headers.normalize(false)
    data = transform.call(config, data, headers)
  }
  headers.normalize(false)
  // axios falls back on this type too, once the body is known.
  if (/^(post|put|patch)$/i.test(method) && !headers.has('content-type'))
    headers.set({ 'content-type': 'application/x-www-form-urlencoded' })
  return data
}

/** The configuration with its URL whole, its body serialised, and both signed. */
export async function signAxiosConfig<Config extends AxiosConfigLike>(
  signer: Pick<Signer, 'sign'>,
  axios: AxiosLike,
  config: Config,
  overrides: Partial<SignOptions> = {},
): Promise<Config> {
  ensure(!config.auth, 'invalid-options', "no auth of axios's own beside a signature")
  const data = serialise(config)
  const isBytes = data == null || isAtHand(data)
  const { unsignableHeaders = [] } = overrides
  const signed = await signer.sign(
    {
      ...(config.method && { method: config.method }),
      url: axios.getUri(config),
      headers: [...fieldsOf(config.headers.toJSON() as FieldsLike)],
      body: data ?? null,
    },
    {
      ...overrides,
      ...(!isBytes && { unsignableHeaders: [...unsignableHeaders, 'content-type'] }),
    } as Partial<SignOptions> & { payload: string },
  )
  config.headers.set(signed.headers)
  return Object.assign(config, {
    url: signed.url,
    baseURL: undefined,
    params: undefined,
    data,
    transformRequest: [],
    maxRedirects: config.maxRedirects ?? 0,
    // axios takes the signature off a redirect to another origin, and so the token with it.
    sensitiveHeaders: [...(config.sensitiveHeaders ?? []), 'x-amz-security-token'],
  })
}
