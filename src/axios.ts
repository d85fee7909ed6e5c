/**
 * `countersign/axios`: an interceptor that signs what axios sends.
 *
 * @module
 */
export { signingInterceptor } from './adapters/axios.ts'
export type { AxiosConfigLike, AxiosHeadersLike, AxiosLike } from './adapters/axios-config.ts'
