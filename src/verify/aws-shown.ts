import { type BodyFault, type BodyFaultCode, isBodyFault } from '../model/body-fault.ts'
import type { PostRefusalReason, RefusedPost } from '../model/post.ts'
import type { Refused } from '../model/refusal.ts'
import { BODY_ERRORS } from './body-errors.ts'

/** What of a fault may be shown. */
export interface Shown extends Omit<RefusedPost, 'ok' | 'reason' | 'cause'> {
  readonly reason: PostRefusalReason | BodyFaultCode
}

/** Whether a refusal tells which keys there are; a scope does with a trace alone, as its key was looked up then. */
const isOfKeys = ({ reason, trace, ofKey }: RefusedPost): boolean =>
  /^(unknown-access-key|invalid-session-token|signature-mismatch)$/.test(reason) ||
  (reason === 'scope-mismatch' && (trace !== undefined || ofKey === true))

/** A fault of a body, in the words of a refusal. */
function bodyShown({ code, message, about }: BodyFault): Shown {
  const sentence = message.slice(`${code}: `.length).replace(/^[a-z]/, (it) => it.toUpperCase())
  return { reason: code, message: sentence, status: BODY_ERRORS[code][1], ...(about && { about }) }
}

/** A text of the sender's; nothing of one that costs more to write out than it is worth. */
const bounded = (text: string, most: number): string => (text.length > most ? '' : text)

/**
 * What of a fault may be shown: to a coarse answer, nothing of what was signed, or by whom; else each
 * text of that up to so many characters.
 */
export function shownOf(
  fault: Refused | RefusedPost | BodyFault,
  disclosure: 'aws' | 'coarse',
  most: number = Number.POSITIVE_INFINITY,
): Shown {
  if (isBodyFault(fault)) return bodyShown(fault)
  const { reason, message, status, about, times, placement, expected } = fault as RefusedPost
  const { code, condition, size, trace, presented, ofKey } = fault as RefusedPost
  if (disclosure === 'coarse' && isOfKeys(fault as RefusedPost))
    return { reason: 'signature-mismatch', message, status: 403 }
  return {
    ...{ reason, message, status, placement },
    ...(about && { about }),
    ...(times && { times }),
    ...(code && { code }),
    ...(condition && { condition }),
    ...(size !== undefined && { size }),
    ...(expected && { expected }),
    ...(ofKey && { ofKey }),
    ...(disclosure === 'aws' &&
      trace && {
        trace: {
          ...trace,
          canonicalRequest: bounded(trace.canonicalRequest, most),
          stringToSign: bounded(trace.stringToSign, most),
        },
      }),
    ...(disclosure === 'aws' &&
      presented && {
        presented: {
          accessKeyId: bounded(presented.accessKeyId, most),
          signature: bounded(presented.signature, most),
        },
      }),
  }
}
