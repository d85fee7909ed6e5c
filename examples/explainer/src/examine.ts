import { type Explanation, explain, inferScope, type PayloadHash } from 'countersign'
import type { Sent } from './trace/model.ts'
import { type Stated, scopeOf, statedOf, tokenOf } from './trace/stated.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** What is known beside the request; all of it may be empty. */
export interface Clues {
  /** The body of the server's answer. */
  readonly answer: string
  readonly secret: string
  readonly sessionToken: string
  readonly otherSecret: string
  readonly region: string
  readonly service: string
  readonly pathPrefix: string
}

/** What the request is, what is said of it, and what the road is drawn of. */
export interface Examination {
  readonly sent: Sent
  readonly stated: Stated
  readonly explanation: Explanation
  readonly verdict: Verdict
  /** What ours and theirs are. */
  readonly labels: readonly [ours: string, theirs: string]
  /** Whether a secret was typed, and so the signature could be checked. */
  readonly checked: 'checked' | 'unchecked'
}

/** A key that opens nothing, in place of a secret that was not typed. */
const NO_SECRET = '(no secret was typed)'

const QUOTES = /CanonicalRequest|Canonical String|StringToSign|String-to-Sign/

/**
 * Whether a key has no session token, as far as can be told: by its id, or as its whole secret was
 * typed without one and the server does not take the one that was sent.
 */
const isLasting = (id: string, { secret, answer }: Clues): boolean =>
  /^AKIA/.test(id) ||
  (secret !== '' && !/^ASIA/.test(id) && /InvalidToken|security token|session token/i.test(answer))

function inferred(url: string): ReturnType<typeof inferScope> {
  try {
    return inferScope(url)
  } catch {
    return {}
  }
}

/** Explains a pasted request by all that is known; throws what countersign throws. */
export async function examine(sent: Sent, clues: Clues): Promise<Examination> {
  const { answer, secret } = clues
  const stated = statedOf(sent)
  const scope = scopeOf(stated)
  const ofHost = inferred(sent.url)
  // A server that has answered has said so, where the scope is not its own.
  const [first, second] = answer ? [scope, ofHost] : [ofHost, scope]
  const sessionToken = clues.sessionToken || (isLasting(scope.id, clues) ? '' : tokenOf(sent))
  const checked = secret === '' ? 'unchecked' : 'checked'
  const explanation = await explain(
    // No bytes, but an opaque body: its hash is told.
    { ...sent, headers: sent.headers, body: sent.payload ? {} : sent.body },
    {
      service: clues.service || first.service || second.service || '',
      region: clues.region || first.region || second.region || '',
      credentials: {
        accessKeyId: scope.id || 'AKIDEXAMPLE',
        secretAccessKey: secret || NO_SECRET,
        ...(sessionToken && { sessionToken }),
      },
      allowLongTermCredentials: true,
      dotSegments: 'literal',
      ...(sent.payload && { payload: sent.payload as PayloadHash }),
      ...(answer && { serverError: answer }),
      ...(clues.pathPrefix && { pathPrefixes: [clues.pathPrefix] }),
      ...(clues.otherSecret && {
        otherCredentials: [{ accessKeyId: 'another', secretAccessKey: clues.otherSecret }],
      }),
      // Without a secret no trial can hold but those that a hash tells.
      ...(checked === 'unchecked' && { budget: 500 }),
    },
  )
  return {
    sent,
    stated,
    explanation,
    checked,
    verdict: verdictOf(explanation, { checked, answer, placement: stated.placement }),
    labels: QUOTES.test(answer)
      ? ['as signed', 'as the server reads it']
      : ['as sent', 'as signed'],
  }
}
