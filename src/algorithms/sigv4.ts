import type { HmacKey } from '../crypto/backend.ts'
import { ensure } from '../errors.ts'
import { formatScope } from '../road/scope.ts'
import type { Algorithm, Credentials, DerivedCredentials } from '../types.ts'

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
      ensure(
        formatScope(scope.date, scope) === credentialScope,
        'invalid-scope',
        'a signingKey of this scope',
      )
    else
      for (const part of credentialScope.split('/'))
        key = (yield crypto.hmac(key, part)) as Uint8Array
    return key
  },

  *sign(key, stringToSign, crypto) {
    return (yield crypto.hmacHex(key as HmacKey, stringToSign)) as string
  },
}
