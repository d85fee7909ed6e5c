import { type CryptoBackend, told } from '../crypto/backend.ts'
import { loading } from '../crypto/node-loading.ts'
import { checkOptions } from './check-options.ts'
import type * as loaded from './loaded.ts'
import type { Verifier } from './verifier.ts'

const load = /* @__PURE__ */ loading(async () => import('./loaded.ts'), 'verifierAsync')

/** The code; where it cannot be read, those who watch are told that there is no verdict. */
const loadFor = (platform: CryptoBackend): Promise<typeof loaded> =>
  load().catch((error) =>
    told(
      () => {
        throw error
      },
      platform,
      {},
    ),
  )

/**
 * The road back; `#verify` for Node, which reads the code that it takes when it is first asked for:
 * most processes sign and never verify.
 */
export const verifyRequest: typeof loaded.verifyRequest = async (...request) =>
  (await loadFor(request[2])).verifyRequest(...request)

/** A verifier with promises; reading its code begins at once, before a server listens. */
export const verifierAsync: typeof loaded.verifierAsync = (options, platform) => {
  const own = { ...checkOptions(options) }
  let verifier: Verifier | undefined
  const made = async (): Promise<Verifier> => {
    const { verifierAsync } = await loadFor(platform)
    verifier ??= verifierAsync(own, platform)
    return verifier
  }
  // A call tells of what fails.
  load().catch(() => {})
  return {
    // A promise less for all but the first.
    verify: (received, overrides) =>
      verifier
        ? verifier.verify(received, overrides)
        : made().then(({ verify }) => verify(received, overrides)),
  }
}
