import type { P256, P256Key } from '../../crypto/p256.ts'
import { after } from '../../lib/awaitable.ts'
import { formatAmzDate } from '../../lib/time.ts'
import { ensure } from '../../model/errors.ts'
import type { Algorithm, Credentials } from '../../model/types.ts'
import { formatDer, parseDer } from './der.ts'
import { deriveScalar } from './derive.ts'
import { formatRegionSet, includesRegion } from './region-set.ts'

/** AWS4-ECDSA-P256-SHA256 with a P-256 of the platform or of a library. */
export const ecdsa = (p256: P256): Algorithm => ({
  name: 'AWS4-ECDSA-P256-SHA256',
  scope: 'global',
  signatureForm: /^30[\da-f]*$/,
  includesRegion,

  stamp(date, { service, region, regionSet = region }, headers) {
    ensure(/^[!-.0-~]+$/.test(service), 'invalid-scope', 'service')
    const amzDate = formatAmzDate(date)
    headers['x-amz-region-set'] = formatRegionSet(regionSet)
    return [amzDate, `${amzDate.slice(0, 8)}/${service}/aws4_request`]
  },

  deriveKey(credentials, _scope, crypto) {
    const { accessKeyId, secretAccessKey } = credentials as Credentials
    ensure(typeof secretAccessKey === 'string', 'invalid-credentials', 'secretAccessKey to SigV4a')
    return after(deriveScalar({ accessKeyId, secretAccessKey }, crypto), p256)
  },

  sign: (key, stringToSign) => after((key as P256Key).sign(stringToSign), formatDer),

  verify(key, stringToSign, signature) {
    const parsed = parseDer(signature)
    return parsed !== undefined && (key as P256Key).verify(stringToSign, parsed)
  },
})
