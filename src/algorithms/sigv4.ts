import type { HmacKey } from '../crypto/backend.ts'
import { fail } from '../errors.ts'
import { wait } from '../lib/steps.ts'
import { formatScope } from '../road/scope.ts'
import type { Credentials, DerivedCredentials } from '../types.ts'
import type { Algorithm } from './algorithm.ts'

/**
 * AWS4-HMAC-SHA256: four HMACs derive the signing key, a fifth signs.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const sigv4: Algorithm = {
  name: 'AWS4-HMAC-SHA256',

  *deriveKey(credentials, credentialScope, crypto) {
    const { signingKey, scope, secretAccessKey } = credentials as Credentials & DerivedCredentials
    let key: HmacKey = signingKey ?? `AWS4${secretAccessKey}`
    if (scope)
      return formatScope(scope.date, scope) === credentialScope
        ? key
        : fail('invalid-scope', 'a key of this day, region and service')
    for (const part of credentialScope.split('/')) key = yield* wait(crypto.hmac(key, part))
    return key
  },

  *sign(key, stringToSign, crypto) {
    return yield* wait(crypto.hmacHex(key as HmacKey, stringToSign))
  },
}
