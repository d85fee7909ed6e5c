/**
 * `countersign/undici`: an interceptor that signs what a dispatcher sends.
 *
 * @module
 */
export type {
  DispatchHandlerLike,
  DispatchLike,
  DispatchOptionsLike,
} from './adapters/dispatch-options.ts'
export { signingInterceptor } from './adapters/undici.ts'
