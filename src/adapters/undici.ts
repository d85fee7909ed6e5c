import type { SignOptions } from '../model/types.ts'
import type { Signer } from '../verbs/async-types.ts'
import {
  type DispatchHandlerLike,
  type DispatchLike,
  type DispatchOptionsLike,
  signDispatchOptions,
} from './dispatch-options.ts'

/**
 * An interceptor for `Dispatcher.compose` of undici 6 and 7 that signs each request that passes.
 *
 * What is composed after it stands outside: a retry interceptor there has each attempt signed anew,
 * and a redirect interceptor each new place, for the signer's own region. The body is text or bytes;
 * any other (a stream, a form, what undici's own `fetch` makes of a body) needs `payload` in the
 * overrides: `{ payload: 'UNSIGNED-PAYLOAD' }`. Where there is no `origin`, as in a call of a
 * `Client` or `Pool`, the request has to name it.
 *
 * @throws CountersignError as `sign`, by the request that was made; `invalid-url` without an
 * origin, or where the path is a whole URL
 * @see https://undici.nodejs.org/#/docs/api/Dispatcher.md
 * @example
 * const aws = createSigner({ service: 'execute-api', region: 'eu-west-1', credentials })
 * const dispatcher = new Agent().compose(signingInterceptor(aws), interceptors.retry())
 * const { body } = await request(url, { dispatcher })
 */
export function signingInterceptor(
  signer: Pick<Signer, 'sign'>,
  overrides?: Partial<SignOptions>,
): <Options extends DispatchOptionsLike, Handler extends DispatchHandlerLike>(
  dispatch: DispatchLike<Options, Handler>,
) => DispatchLike<Options, Handler> {
  return (dispatch) => (options, handler) => {
    signDispatchOptions(signer, options, overrides)
      .then((signed) => dispatch(signed, handler))
      .catch((error: Error) => {
        // undici's own interceptors have no controller to pass either where no connection has been made.
        if (handler.onResponseError) handler.onResponseError(null as never, error)
        else handler.onError?.(error)
      })
    return true
  }
}
