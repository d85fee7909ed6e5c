import type { Algorithm, SigningKey } from '../algorithms/algorithm.ts'
import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Steps, wait } from '../lib/steps.ts'
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

function* hashOf(pieces: readonly Uint8Array[], crypto: CryptoBackend): Steps<string> {
  const hash = pieces.length > 1 ? crypto.sha256Stream?.() : undefined
  if (!hash) return yield* wait(crypto.sha256(joined(pieces)))
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
  let ofNothing: string | undefined

  function* chunkText(pieces: readonly Uint8Array[]): Steps<string> {
    ofNothing ??= yield* wait(crypto.sha256(''))
    const hash = pieces.length > 0 ? yield* hashOf(pieces, crypto) : ofNothing
    return `${name}-PAYLOAD\n${place}\n${previous}\n${ofNothing}\n${hash}`
  }
  function* trailerText(text: string): Steps<string> {
    return `${name}-TRAILER\n${place}\n${previous}\n${yield* wait(crypto.sha256(text))}`
  }
  function* sign(text: string): Steps<string> {
    previous = yield* algorithm.sign(key, text, crypto)
    return previous
  }
  function* holds(text: string, link: string): Steps<boolean> {
    previous = link
    return yield* matches(algorithm, key, text, link, crypto)
  }

  return {
    *signChunk(pieces) {
      return yield* sign(yield* chunkText(pieces))
    },
    *signTrailer(text) {
      return yield* sign(yield* trailerText(text))
    },
    *holdsChunk(pieces, link) {
      return yield* holds(yield* chunkText(pieces), link)
    },
    *holdsTrailer(text, link) {
      return yield* holds(yield* trailerText(text), link)
    },
  }
}
