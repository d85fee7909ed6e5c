import type { HmacKey } from '../crypto/backend.ts'
import { fail } from '../errors.ts'
import { hex } from '../lib/bytes.ts'
import { wait } from '../lib/steps.ts'
import type { Algorithm } from './algorithm.ts'

/**
 * AWS4-HMAC-SHA256: four HMACs derive the signing key, a fifth signs.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const sigv4: Algorithm = {
  name: 'AWS4-HMAC-SHA256',

  *deriveKey(credentials, { date, region, service }, crypto) {
    const derived = 'signingKey' in credentials
    let key: HmacKey = derived ? credentials.signingKey : `AWS4${credentials.secretAccessKey}`
    const held = derived && credentials.scope
    if (held) {
      if (held.date === date && held.region === region && held.service === service) return key
      fail('invalid-scope', 'The derived key is for another day, region or service.')
    }
    for (const part of [date, region as string, service, 'aws4_request'])
      key = yield* wait(crypto.hmac(key, part))
    return key
  },

  *sign(key, stringToSign, crypto) {
    return hex(yield* wait(crypto.hmac(key as HmacKey, stringToSign)))
  },
}
