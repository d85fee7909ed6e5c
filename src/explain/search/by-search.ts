import { cachedKeys } from '../../algorithms/cached-keys.ts'
import { formatStringToSign } from '../../canonical/canonical-request.ts'
import type { CryptoBackend } from '../../crypto/backend.ts'
import { type Steps, wait } from '../../lib/steps.ts'
import type { SigningCredentials, Trace } from '../../model/types.ts'
import type { Case } from '../case/case.ts'
import { differencesOf } from '../case/differences.ts'
import { formatParts, type Parts } from '../case/parts.ts'
import type { Reading } from '../case/reading.ts'
import { type Diagnosis, type Fault, oneFault } from '../diagnosis.ts'
import { isVolatile } from './hypotheses/volatile.ts'
import { hypothesesOf, keyHypotheses } from './hypotheses.ts'
import { faultsOf } from './hypothesis.ts'
import { type Guesses, type Solution, tryMistakes } from './mistakes.ts'
import { signatureTrial } from './trial.ts'

/** Signs again under each likely mistake: a signature that comes out is a proof. */
export function* bySearch(it: Case): Steps<Diagnosis | undefined> {
  const { reading, crypto } = it
  if (!reading) return undefined
  const solution = yield* searchMistakes(it, reading)
  if (!solution) return withoutProof(it, reading)
  const theirs = yield* traceOf(solution.parts, reading.statement, crypto)
  const missing: Fault[] = reading.hashMissing ? [{ cause: 'payload-hash-missing' }] : []
  const faults = [...faultsOf(solution.mistakes), ...missing]
  return {
    // The signature is that of the request: it is the host that is not taken.
    faults: faults.length > 0 ? faults : [ofAnotherHost(reading)],
    certain: true,
    theirs,
    differences: differencesOf(reading.trace, theirs),
  }
}

/** The mistakes that give the signature that was sent; undefined where none of the likely ones does. */
export function* searchMistakes(
  { bounds, crypto }: Case,
  { statement, parts, evidence, keys }: Reading,
): Steps<Solution | undefined> {
  if (bounds.isOver()) return undefined
  const kinds = yield* hypothesesOf(parts, evidence, bounds, crypto)
  const guesses = keys.map((key): Guesses => {
    const base = { ...parts, key: key as SigningCredentials }
    return { base, kinds: [...kinds, ...keyHypotheses(base, evidence)] }
  })
  const algorithm = cachedKeys(statement.algorithm)
  return yield* tryMistakes(guesses, signatureTrial(algorithm, statement.signature, bounds, crypto))
}

/** How parts came to be signed, stage by stage. */
export function* traceOf(
  parts: Omit<Parts, 'key'>,
  { algorithm }: Reading['statement'],
  crypto: CryptoBackend,
): Steps<Omit<Trace, 'signature'>> {
  const { amzDate, credentialScope } = parts
  const canonicalRequest = formatParts(parts)
  const hash = yield* wait(crypto.sha256(canonicalRequest))
  return {
    canonicalRequest,
    stringToSign: formatStringToSign(algorithm.name, amzDate, credentialScope, hash),
    credentialScope,
    signedHeaders: parts.signedHeaders.split(';'),
  }
}

const ofAnotherHost = ({ received }: Reading): Fault => ({
  cause: 'host-changed',
  detail: received.fields.host,
  message:
    'The request was signed for the host that it arrived at, which is none of the hosts here.',
})

/** What is likely of a request that no likely mistake explains. */
export function withoutProof(
  { client }: Case,
  { statement, received, evidence, hashMissing }: Reading,
): Diagnosis {
  if (hashMissing) return oneFault('payload-hash-missing')
  const volatile = statement.claim.signedHeaders.find(isVolatile)
  if (volatile) return oneFault('volatile-header', volatile, 'likely')
  const { host = '' } = received.fields
  // To a client its own machine is where it sends to: a test server, a tunnel.
  const isOwn = client && isNumberOrLocal(host)
  const secret: Fault = {
    cause: 'wrong-secret',
    detail: 'no likely mistake gives this signature',
    message: 'The secret is another one, or the request was changed after it was signed.',
  }
  if (!isInner(host) || evidence.hosts.length > 0 || isOwn)
    return { faults: [secret], certain: false }
  const proxied: Fault = {
    cause: 'host-changed',
    detail: host,
    message: 'Behind a proxy, it was signed for another host than the one it arrived at.',
  }
  return { faults: [proxied, secret], certain: false }
}

const isNumberOrLocal = (host: string): boolean => /^(localhost|[\d.]+|\[.*\])(:\d+)?$/.test(host)

/** A name that no client would use from outside: it tells of a proxy that did not keep the host. */
const isInner = (host: string): boolean =>
  isNumberOrLocal(host) || /^[\w-]+(:\d+)?$|\.(internal|local|svc)\b/.test(host)
