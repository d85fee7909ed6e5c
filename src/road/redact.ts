import type { Trace } from '../types.ts'

/** A canonical request, or a part of it, without its session token. */
export const redact = (text: string): string =>
  text
    .replace(/^(x-amz-[\w-]*token:).+$/gm, '$1…')
    .replace(/(^|[^\w-])(X-Amz-[\w-]*Token=)[^&\n]+/g, '$1$2…')

/** A trace that may be shown: without the signature that was expected, and without the session token. */
export const redactTrace = (trace: Omit<Trace, 'signature'>): Omit<Trace, 'signature'> => ({
  canonicalRequest: redact(trace.canonicalRequest),
  stringToSign: trace.stringToSign,
  credentialScope: trace.credentialScope,
  signedHeaders: trace.signedHeaders,
})
