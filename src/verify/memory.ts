import { remembered } from '../lib/remembered.ts'
import { parseAmzDate } from '../lib/time.ts'
import { parseUsual } from './authorization.ts'
import { profileOf } from './profile.ts'
import { type Readers, readSigner } from './statement.ts'

/** What a verifier keeps between its calls: how the last request of all was read, as the next is often alike. */
export interface ReadingMemory extends Readers {
  readonly profile: typeof profileOf
}

/** A {@link ReadingMemory} for many requests. */
export const rememberReading = (): ReadingMemory => ({
  usual: remembered(parseUsual),
  signer: remembered(readSigner),
  date: remembered(parseAmzDate),
  profile: remembered(profileOf),
})
