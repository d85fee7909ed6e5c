import type { Trace } from '../model/types.ts'

/**
 * A canonical request, or a part of it, without its session token, which may have a name of its own;
 * however that is spelled and wherever it stands, as one that nobody reads has a token beside it too.
 */
export function redact(text: string, tokenName = 'x-amz-security-token'): string {
  const own = tokenName.replace(/[^\w-]/g, '\\$&')
  // A dash may be another, and encoded again; so may what stands between a name and its value.
  const name = `(?:amz(?:(?:[-_]|%\\d*[DF])[a-z\\d]*){1,2}token|${own})(?:s|%20)?`
  return text.replace(new RegExp(`(${name})(?:(:)[^\\n]+|(=|%\\d*D)[^&\\n]+)`, 'gi'), '$1$2$3…')
}

/** A trace that may be shown: without the signature that was expected, and without the session token. */
export const redactTrace = (
  { signature, ...trace }: Omit<Trace, 'signature'> & Partial<Trace>,
  tokenName?: string,
): Omit<Trace, 'signature'> => ({
  ...trace,
  canonicalRequest: redact(trace.canonicalRequest, tokenName),
})
