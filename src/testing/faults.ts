import { checkWords } from '../canonical/words.ts'
import { fail } from '../model/errors.ts'
import { refuse } from '../model/refusal.ts'
import type { Answer, Asked } from './answers.ts'
import { errorAnswer, refusalAnswer, WIRES } from './protocols/protocols.ts'
import { serviceError } from './protocols/service-error.ts'

/** What a server can be told to answer in place of what it would. */
export type FaultKind =
  | 'throttle'
  | 'expired-token'
  | 'clock-skew'
  | 'internal-error'
  | 'slow-down'
  | 'cut-connection'

/** How often a fault comes, and to whom. */
export interface FaultOptions {
  /** How many requests have it: a whole number, or Infinity. Default: 1. */
  readonly times?: number | undefined
  /** The service whose requests have it, as in their scope. Default: any. */
  readonly service?: string | undefined
}

/** A fault that is still to come, so many times. */
export interface Fault {
  readonly kind: FaultKind
  readonly service: string | undefined
  times: number
}

const KINDS = 'throttle|expired-token|clock-skew|internal-error|slow-down|cut-connection'

/** Makes a fault, for one request of any service unless it is told otherwise. */
export function createFault(kind: FaultKind, { times = 1, service }: FaultOptions = {}): Fault {
  checkWords({ kind: `${kind}` }, { kind: KINDS })
  if (!(times >= 1)) fail('invalid-options', 'times as 1 or more')
  return { kind, service, times }
}

/** Takes the fault of a request, if it has one: the first that was asked for. */
export function takeFault(
  coming: readonly Fault[],
  { service: own }: Asked,
): FaultKind | undefined {
  const fault = coming.find(({ times, service = own }) => times >= 1 && service === own)
  if (fault) fault.times--
  return fault?.kind
}

/** The answer of a fault, in the client's protocol; undefined where the connection is cut. */
export function faultAnswer(kind: FaultKind, { protocol }: Asked, time: Date): Answer | undefined {
  const error = (status: number, code: string, message: string) =>
    errorAnswer(protocol, serviceError(status, code, message))
  const expired = refuse('expired-session-token', 'The session token has expired.')
  const times = { request: time, server: time }
  const skewed = 'The request time and the server time are too far apart.'
  const internal = protocol === 's3' ? 'InternalError' : 'InternalFailure'
  const answers = {
    throttle: error(...WIRES[protocol].busy, 'Rate exceeded'),
    'slow-down': error(503, 'SlowDown', 'Please reduce your request rate.'),
    'internal-error': error(500, internal, 'We encountered an internal error.'),
    'expired-token': refusalAnswer(expired, protocol),
    'clock-skew': refusalAnswer(refuse('clock-skew', skewed, { times }), protocol),
    'cut-connection': undefined,
  }
  return answers[kind]
}
