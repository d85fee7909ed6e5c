import type { Trace } from '../model/types.ts'
import { parameterOf } from './token-name.ts'

const literally = (text: string): string => text.replace(/[^\w-]/g, '\\$&')

/** A canonical request, or a part of it, without its session token, which may have a name of its own. */
export function redact(text: string, tokenName = 'x-amz-security-token'): string {
  const header = `x-amz-[\\w-]*token|${literally(tokenName)}`
  const parameter = `X-Amz-[\\w-]*Token|${literally(parameterOf(tokenName))}`
  return text
    .replace(new RegExp(`^((?:${header}):).+$`, 'gm'), '$1…')
    .replace(new RegExp(`(^|[^\\w-])((?:${parameter})=)[^&\\n]+`, 'gi'), '$1$2…')
}

/** A trace that may be shown: without the signature that was expected, and without the session token. */
export const redactTrace = (
  { signature, ...trace }: Omit<Trace, 'signature'> & Partial<Trace>,
  tokenName?: string,
): Omit<Trace, 'signature'> => ({
  ...trace,
  canonicalRequest: redact(trace.canonicalRequest, tokenName),
})
