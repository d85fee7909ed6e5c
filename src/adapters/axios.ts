import type { SignOptions } from '../model/types.ts'
import type { Signer } from '../verbs/async-types.ts'
import { type AxiosConfigLike, type AxiosLike, signAxiosConfig } from './axios-config.ts'

/**
 * A request interceptor for axios 1 that signs what axios sends: the URL with its `baseURL` and
 * `params` as the instance writes them, and the body as its `transformRequest` serialises it.
 *
 * axios runs the interceptor that was added first last: add it before all others, which then change
 * the request before it is signed. A redirect is handed back (`maxRedirects: 0`) unless the request
 * sets `maxRedirects` itself. A body that axios leaves a stream, a form or a blob needs `payload` in
 * the overrides: `{ payload: 'UNSIGNED-PAYLOAD' }`; its content-type, which axios writes later, is
 * then not signed.
 *
 * @throws CountersignError as `sign`, by the request that was made; `invalid-options` beside
 * axios's own `auth`, which would take the signature's place
 * @see https://axios-http.com/docs/interceptors
 * @example
 * const aws = createSigner({ service: 'execute-api', region: 'eu-west-1', credentials })
 * const api = axios.create({ baseURL: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod' })
 * api.interceptors.request.use(signingInterceptor(aws, api))
 * await api.post('/items', { name: 'tea' }, { params: { tag: ['a', 'b'] } })
 */
export const signingInterceptor =
  (signer: Pick<Signer, 'sign'>, axios: AxiosLike, overrides?: Partial<SignOptions>) =>
  <Config extends AxiosConfigLike>(config: Config): Promise<Config> =>
    signAxiosConfig(signer, axios, config, overrides)
