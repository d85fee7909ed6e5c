import { hex } from '../lib/hex.ts'
import { amzDateOf, isoSeconds } from '../lib/time.ts'
import { utf8 } from '../lib/utf8.ts'
import type { Elements } from '../lib/xml.ts'
import type { Shown } from './aws-shown.ts'

const bytesAsHex = (text: string): string => hex(utf8(text)).replace(/..\B/g, '$& ')

/** What the signature was compared with, and whose it is: `explain` searches from this. */
function mismatchDetails({ presented, trace }: Shown): Elements {
  const { canonicalRequest, stringToSign } = trace ?? {}
  return {
    AWSAccessKeyId: presented?.accessKeyId || undefined,
    StringToSign: stringToSign || undefined,
    SignatureProvided: presented?.signature || undefined,
    StringToSignBytes: stringToSign ? bytesAsHex(stringToSign) : undefined,
    CanonicalRequest: canonicalRequest || undefined,
    CanonicalRequestBytes: canonicalRequest ? bytesAsHex(canonicalRequest) : undefined,
  }
}

/** The elements that S3 adds to an error of its kind. */
export function s3Details(shown: Shown): Elements {
  const { reason, about = {}, times, presented } = shown
  switch (reason) {
    case 'signature-mismatch':
      return mismatchDetails(shown)
    case 'unknown-access-key':
      return { AWSAccessKeyId: presented?.accessKeyId || undefined }
    case 'unsigned-headers':
      return { HeadersNotSigned: about.header }
    case 'payload-mismatch':
    case 'unsupported-algorithm':
      return { ArgumentName: about.header }
    case 'clock-skew':
      return times
        ? {
            RequestTime: amzDateOf(times.request),
            ServerTime: isoSeconds(times.server),
            MaxAllowedSkewMilliseconds: 900_000,
          }
        : {}
    default:
      return {}
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
