/** Of the key that the tests sign with. */
export const SCOPE = 'AKIDEXAMPLE/20150830/us-east-1/execute-api/aws4_request'

/** Of the right form, and no request's. */
export const SIGNATURE: string = '0123456789abcdef'.repeat(4)

/** Pieces of what the parsers of a signed request look for, and what they stumble over. */
export const PIECES: readonly string[] = [
  ...['AWS4-HMAC-SHA256', ' ', ',', ', ', '=', ';', '/', '&', '?', '%', '%2F', '%00', '+', '\t'],
  ...['Credential=', 'SignedHeaders=', 'Signature=', SCOPE, SIGNATURE, 'host;x-amz-date', 'host'],
  ...['X-Amz-Algorithm=', 'X-Amz-Credential=', 'X-Amz-Date=', 'X-Amz-Expires='],
  ...['X-Amz-Signature=', 'X-Amz-SignedHeaders=', 'x-amz-', '20150830T123600Z', '20150830', '900'],
  ...['..', '__proto__', 'a', '\u00fc', '\ud800', '\u0000', '\r\n', 'aws4_request'],
  'X-Amz-Security-Token=',
]
