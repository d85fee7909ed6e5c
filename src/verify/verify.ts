import { type CryptoBackend, told } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { isRefused, type Refused } from '../model/refusal.ts'
import type { SignedRequest } from '../model/types.ts'
import type { ReceivedRequest, Verified, VerifyOptions } from '../model/verify-types.ts'
import { accept } from './accept.ts'
import { check } from './checks.ts'
import type { ReadingMemory } from './memory.ts'
import { withPresented } from './presented.ts'
import { prove } from './prove.ts'
import { type Reading, readRequest } from './read.ts'

/**
 * The road back: what the request states is read → checked → proved, by the same canonical request
 * and the same signature → accepted; or refused, with why.
 */
export function verifyRequest(
  request: ReceivedRequest | SignedRequest,
  options: VerifyOptions,
  platform: CryptoBackend,
  memory?: ReadingMemory,
): Awaitable<Verified | Refused> {
  const reading = readRequest(request as ReceivedRequest, options, memory)
  const { now: given, crypto = platform } = options
  const now = Number(given ?? Date.now())
  const judge = () =>
    after(
      reading.refusal ?? check(reading, options, now) ?? prove(reading, options, crypto),
      (proof) =>
        isRefused(proof)
          ? withPresented(proof, reading, options)
          : accept(reading as Reading, proof, options, now, crypto),
    )
  return told(judge, platform, reading)
}
