import type { Refused } from '../model/refusal.ts'
import type { Trace } from '../model/types.ts'

/**
 * The bytes that a request has at the least, by what was canonicalised of it: what escaping and the
 * canonical form's own rules have added is not counted, nor is the host, which may be a longer name
 * of ours, nor are its last lines, which repeat what stands above them.
 */
export function leastSizeOf(
  { canonicalRequest, stringToSign }: Pick<Trace, 'canonicalRequest' | 'stringToSign'>,
  { accessKeyId = '', signature = '' }: Partial<NonNullable<Refused['presented']>> = {},
): number {
  const lines = canonicalRequest.split('\n')
  const sent = lines
    .slice(0, -2)
    .join('\n')
    .replace(/\nhost:.*/, '\nhost:')
    // A = behind a name without a value; a byte, which may have come bare, and been read as ISO 8859-1.
    .replace(/=(?=[&\n])/g, '')
    .replace(/(?:%(?:25)?C[23])?%(?:25)?[\dA-F]{2}/g, '-')
  const [, , scope = ''] = stringToSign.split('\n')
  // A signature in the query tells its key and scope there, and no second time.
  const isInQuery = /(^|&)X-Amz-Credential=/i.test(lines[2] ?? '')
  return sent.length + (isInQuery ? 0 : scope.length + accessKeyId.length) + signature.length
}
