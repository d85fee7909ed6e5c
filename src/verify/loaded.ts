import { type CryptoBackend, serial } from '../crypto/backend.ts'
import { overridden } from '../lib/overridden.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import { checkOptions } from './check-options.ts'
import { rememberReading } from './memory.ts'
import { type Verifier, verifierOptions } from './verifier.ts'
import { verifyRequest } from './verify.ts'

/** `#verify` for bundlers, which put all in one file. */
export { verifyRequest } from './verify.ts'

/** A verifier with promises. */
export function verifierAsync(options: VerifyOptions, platform: CryptoBackend): Verifier {
  const bound = verifierOptions(options)
  const memory = rememberReading()
  const crypto = serial(platform)
  return {
    verify: async (received, overrides) =>
      verifyRequest(
        received,
        overrides ? overridden(bound, checkOptions(overrides)) : bound,
        crypto,
        memory,
      ),
  }
}
