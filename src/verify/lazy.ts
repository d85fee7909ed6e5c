import { once } from '../lib/remembered.ts'
import { checkOptions } from './check-options.ts'
import type * as loaded from './loaded.ts'
import type { Verifier } from './verifier.ts'

const load = /* @__PURE__ */ once(async () => import('./loaded.ts'))

/**
 * The road back; `#verify` for Node, which reads the code that it takes when it is first asked for:
 * most processes sign and never verify.
 */
export const verifyRequest: typeof loaded.verifyRequest = async (...request) =>
  (await load()).verifyRequest(...request)

/** A verifier with promises, made when it is first asked. */
export const verifierAsync: typeof loaded.verifierAsync = (options, platform) => {
  const own = { ...checkOptions(options) }
  let verifier: Verifier | undefined
  const made = async (): Promise<Verifier> => {
    verifier ??= (await load()).verifierAsync(own, platform)
    return verifier
  }
  return {
    // A promise less for all but the first.
    verify: (received, overrides) =>
      verifier
        ? verifier.verify(received, overrides)
        : made().then(({ verify }) => verify(received, overrides)),
  }
}
