import type { CryptoBackend, Platform } from '../crypto/backend.ts'
import { type Awaitable, atOnce } from '../lib/awaitable.ts'
import type { SignOptions } from '../model/types.ts'
import type { VerifyOptions } from '../model/verify-types.ts'

/** The calls of a signer or verifier that answers at once. */
export interface SyncCalls {
  /** Runs a flow; a promise in it is an error. */
  readonly run: <T>(flow: () => Awaitable<T>) => T
  /** Options whose listener and guard are asked during a call alone. */
  readonly optionsOf: <Options extends Partial<SignOptions> | Partial<VerifyOptions>>(
    options: Options,
  ) => Options
  /** A backend that tells of uses during a call alone. */
  readonly backendOf: (backend: CryptoBackend) => CryptoBackend
}

/**
 * Behind a promise that was refused a flow goes on all the same. No call is running by then, and so
 * it tells nobody and claims nothing.
 */
export function syncCalls(): SyncCalls {
  let running = 0
  const only =
    <Args extends unknown[], T>(effect: (...args: Args) => T) =>
    (...args: Args): T | undefined =>
      running > 0 ? effect(...args) : undefined

  return {
    run(flow) {
      running++
      try {
        return atOnce(flow())
      } finally {
        running--
      }
    },
    optionsOf(options) {
      const { onSign, replayGuard } = options as Partial<SignOptions & VerifyOptions>
      return {
        ...options,
        ...(onSign && { onSign: only(onSign) }),
        ...(replayGuard && {
          replayGuard: {
            claim: only((id, expiresAt, key) => replayGuard.claim(id, expiresAt, key)),
          },
        }),
      }
    },
    backendOf: (backend) => (backend.watch ? { ...backend, watch: only(backend.watch) } : backend),
  }
}

/** A backend that tells of a verdict where it comes at once; of one that is to be waited for, that it fails. */
export function judgingAtOnce(backend: CryptoBackend): CryptoBackend {
  const { told } = backend as Platform
  const platform: Platform = {
    ...backend,
    ...(told && { told: (judge, stated) => told(() => atOnce(judge()), stated) }),
  }
  return platform
}
