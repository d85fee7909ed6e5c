import { formatScope } from '../canonical/scope.ts'
import type { HmacKey } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { ensure } from '../model/errors.ts'
import type { Algorithm, Credentials, DerivedCredentials } from '../model/types.ts'

/**
 * AWS4-HMAC-SHA256: four HMACs derive the signing key, a fifth signs.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const sigv4: Algorithm = {
  name: 'AWS4-HMAC-SHA256',

  deriveKey(credentials, credentialScope, crypto) {
    const { signingKey, scope, secretAccessKey } = credentials as Credentials & DerivedCredentials
    if (scope)
      return ensure(
        formatScope(scope.date, scope) === credentialScope && signingKey,
        'invalid-scope',
        'signingKey of this scope',
      )
    return credentialScope
      .split('/')
      .reduce<Awaitable<HmacKey>>(
        (key, part) => after(key, (key) => crypto.hmac(key, part)),
        signingKey ?? `AWS4${secretAccessKey}`,
      )
  },

  sign: (key, stringToSign, crypto) => crypto.hmacHex(key as HmacKey, stringToSign),
}
