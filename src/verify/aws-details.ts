import { hex } from '../lib/hex.ts'
import { amzDateOf, isoSeconds } from '../lib/time.ts'
import { utf8 } from '../lib/utf8.ts'
import { element } from '../lib/xml.ts'
import type { Shown } from './aws-shown.ts'

const bytesAsHex = (text: string): string => hex(utf8(text)).replace(/..\B/g, '$& ')

const optional = (name: string, text: string | undefined): string =>
  text ? element(name, text) : ''

/** What the signature was compared with, and whose it is: `explain` searches from this. */
function mismatchDetails({ presented, trace }: Shown): string {
  const { canonicalRequest = '', stringToSign = '' } = trace ?? {}
  return (
    optional('AWSAccessKeyId', presented?.accessKeyId) +
    optional('StringToSign', stringToSign) +
    optional('SignatureProvided', presented?.signature) +
    optional('StringToSignBytes', bytesAsHex(stringToSign)) +
    optional('CanonicalRequest', canonicalRequest) +
    optional('CanonicalRequestBytes', bytesAsHex(canonicalRequest))
  )
}

/** The elements that S3 adds to an error of its kind. */
export function s3Details(shown: Shown): string {
  const { reason, about = {}, times, presented } = shown
  switch (reason) {
    case 'signature-mismatch':
      return mismatchDetails(shown)
    case 'unknown-access-key':
      return optional('AWSAccessKeyId', presented?.accessKeyId)
    case 'unsigned-headers':
      return optional('HeadersNotSigned', about.header)
    case 'payload-mismatch':
    case 'unsupported-algorithm':
      return optional('ArgumentName', about.header)
    case 'clock-skew':
      return times
        ? element('RequestTime', amzDateOf(times.request)) +
            element('ServerTime', isoSeconds(times.server)) +
            element('MaxAllowedSkewMilliseconds', '900000')
        : ''
    default:
      return ''
  }
}

/**
 * The region that a request should have been signed for, where it was signed for another: clients
 * sign again for it. A key that is held for another region is not told.
 */
export function regionOf(
  { reason, about, trace, ofKey, expected }: Shown,
  given: string | undefined,
): string | undefined {
  const isOfRegion = reason === 'scope-mismatch' && about?.part === 'region' && !trace && !ofKey
  return isOfRegion ? (given ?? [expected?.region].flat()[0]) : undefined
}
