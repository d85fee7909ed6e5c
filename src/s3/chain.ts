import type { Algorithm, SigningKey } from '../algorithms/algorithm.ts'
import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import type { Steps } from '../lib/steps.ts'
import type { Trace } from '../types.ts'
import { joined } from './pieces.ts'

/** The running signature of a body: each link takes the one before it, the first the request's own. */
export interface Chain {
  signChunk(pieces: readonly Uint8Array[]): Steps<string>
  /** Of the trailer's canonical text: a line for each field, each with its newline. */
  signTrailer(text: string): Steps<string>
  /** Whether a signature is that of the next chunk; a false one ends the chain. */
  holdsChunk(pieces: readonly Uint8Array[], signature: string): Steps<boolean>
  holdsTrailer(text: string, signature: string): Steps<boolean>
}

function hashOf(pieces: readonly Uint8Array[], crypto: CryptoBackend): unknown {
  const hash = pieces.length > 1 ? crypto.sha256Stream?.() : undefined
  if (!hash) return crypto.sha256(joined(pieces))
  for (const piece of pieces) hash.update(piece)
  return hash.digest()
}

/**
 * Starts the chain at a request's signature.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function startChain(
  { stringToSign, signature }: Pick<Trace, 'stringToSign' | 'signature'>,
  algorithm: Algorithm,
  key: SigningKey,
  crypto: CryptoBackend,
): Chain {
  const [name, amzDate, credentialScope] = stringToSign.split('\n')
  const place = `${amzDate}\n${credentialScope}`
  let previous = signature
  let ofNothing: unknown

  function* chunkText(pieces: readonly Uint8Array[]): Steps<string> {
    ofNothing ??= yield crypto.sha256('')
    const hash = pieces.length > 0 ? yield hashOf(pieces, crypto) : ofNothing
    return `${name}-PAYLOAD\n${place}\n${previous}\n${ofNothing}\n${hash}`
  }
  function* trailerText(text: string): Steps<string> {
    return `${name}-TRAILER\n${place}\n${previous}\n${yield crypto.sha256(text)}`
  }
  function* sign(text: Steps<string>): Steps<string> {
    previous = yield* algorithm.sign(key, yield* text, crypto)
    return previous
  }
  function* holds(text: Steps<string>, link: string): Steps<boolean> {
    const stringToSign = yield* text
    previous = link
    return yield* matches(algorithm, key, stringToSign, link, crypto)
  }

  return {
    signChunk: (pieces) => sign(chunkText(pieces)),
    signTrailer: (text) => sign(trailerText(text)),
    holdsChunk: (pieces, link) => holds(chunkText(pieces), link),
    holdsTrailer: (text, link) => holds(trailerText(text), link),
  }
}
