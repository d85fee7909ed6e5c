import { checkWords } from '../canonical/words.ts'
import { fail } from '../model/errors.ts'
import { refuse } from '../model/refusal.ts'
import type { Answer } from './answers.ts'
import type { Asked } from './protocols/asked.ts'
import { errorAnswer, type Protocol, refusalAnswer } from './protocols/protocols.ts'

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

/** The faults that are still to come. */
export interface Faults {
  add(kind: FaultKind, options?: FaultOptions): void
  /** Takes the fault of a request, if it has one. */
  take(asked: Asked): FaultKind | undefined
  clear(): void
}

const KINDS = 'throttle|expired-token|clock-skew|internal-error|slow-down|cut-connection'

/** Faults, each for some requests, the first that was asked for first. */
export function createFaults(): Faults {
  let coming: { kind: FaultKind; times: number; service: string | undefined }[] = []
  return {
    add(kind, { times = 1, service } = {}) {
      checkWords({ kind: `${kind}` }, { kind: KINDS })
      if (!(times >= 1)) fail('invalid-options', 'times as 1 or more')
      coming.push({ kind, times, service })
    },
    take(asked) {
      const fault = coming.find(({ service = asked.service }) => service === asked.service)
      if (fault) fault.times--
      coming = coming.filter(({ times }) => times > 0)
      return fault?.kind
    },
    clear: () => coming.splice(0),
  }
}

/** How the protocols say that there were too many requests. */
const THROTTLED: Readonly<Partial<Record<Protocol, readonly [status: number, code: string]>>> = {
  s3: [503, 'SlowDown'],
  query: [400, 'Throttling'],
  'rest-xml': [400, 'Throttling'],
  'rest-json': [429, 'TooManyRequestsException'],
}

/** The answer of a fault, in the client's protocol; undefined where the connection is cut. */
export function faultAnswer(kind: FaultKind, { protocol }: Asked, time: Date): Answer | undefined {
  const [status, code] = THROTTLED[protocol] ?? [400, 'ThrottlingException']
  const internal = protocol === 's3' ? 'InternalError' : 'InternalFailure'
  const expired = refuse('expired-session-token', 'The session token has expired.')
  const times = { request: time, server: time }
  const skewed = 'The request time and the server time are too far apart.'
  const answers = {
    throttle: errorAnswer(protocol, status, code, 'Rate exceeded'),
    'slow-down': errorAnswer(protocol, 503, 'SlowDown', 'Please reduce your request rate.'),
    'internal-error': errorAnswer(protocol, 500, internal, 'We encountered an internal error.'),
    'expired-token': refusalAnswer(expired, protocol),
    'clock-skew': refusalAnswer(refuse('clock-skew', skewed, { times }), protocol),
    'cut-connection': undefined,
  }
  return answers[kind]
}
