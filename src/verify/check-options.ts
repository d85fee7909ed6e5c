import { checkWords } from '../canonical/words.ts'
import type { VerifyOptions } from '../model/verify-types.ts'
import { profileOf } from './profile.ts'

/** The options as they are, once no word of them is misspelt and each algorithm verifies: told where they are given, not by the first request. */
export function checkOptions<Options extends Partial<VerifyOptions>>(options: Options): Options {
  // What a service fills in is checked as it is.
  profileOf('', options)
  checkWords(options, {
    payload: 'hash|deferred',
    unsignedPayload: 'accept|refuse',
    plus: 'space|literal',
    pathForm: 'normal|any',
  })
  for (const algorithm of [options.algorithm].flat()) algorithm?.refuse?.()
  return options
}
