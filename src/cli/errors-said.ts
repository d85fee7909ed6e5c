import type { CountersignError, ErrorCode } from '../model/errors.ts'

/** What to write on the command line, where the library speaks of its options. */
const SAID: Partial<Readonly<Record<ErrorCode, string>>> = {
  'dot-segments': 'write the path of the URL without the segments . and ..',
  'invalid-date': '--signing-date is a date of the years 0 to 9999, as 20150830T123600Z.',
  'invalid-expiry': '--expires-in is 1 to 604800 seconds; for a token of bedrock, up to 43200.',
  'invalid-payload': '--payload is a SHA-256 in hex or UNSIGNED-PAYLOAD.',
  'invalid-scope': '--service and --region are names as AWS has them, such as s3 and eu-west-1.',
}

/** The sentence of an error, in words of the command line. */
export const sentenceOf = ({ code, message }: CountersignError): string => {
  const said = SAID[code]
  return said === undefined ? message : `${code}: ${said}`
}
