import { matches } from '../algorithms/matches.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import { concat, EMPTY_HASH } from '../lib/bytes.ts'
import type { Algorithm, SigningKey, Trace } from '../model/types.ts'

/** The running signature of a body: each link takes the one before it, the first the request's own. */
export interface Chain {
  signChunk(pieces: readonly Uint8Array[]): Awaitable<string>
  /** Signs the trailer's canonical text: a line for each field, each with its newline. */
  signTrailer(text: string): Awaitable<string>
  /** Whether a signature is that of the next chunk; a false one ends the chain. */
  holdsChunk(pieces: readonly Uint8Array[], signature: string): Awaitable<boolean>
  holdsTrailer(text: string, signature: string): Awaitable<boolean>
}

function hashOf(pieces: readonly Uint8Array[], crypto: CryptoBackend): Awaitable<string> {
  if (pieces.length === 0) return EMPTY_HASH
  const hash = pieces.length > 1 ? crypto.sha256Stream?.() : undefined
  if (!hash) return crypto.sha256(concat(pieces))
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
  const place = `${amzDate}\n${credentialScope}\n`
  const [chunk, trailer] = [`${name}-PAYLOAD\n${place}`, `${name}-TRAILER\n${place}`]
  let previous = signature

  // The empty hash is that of a chunk's extensions, which there are none of.
  const chunkText = (hash: string) => `${chunk}${previous}\n${EMPTY_HASH}\n${hash}`
  const trailerText = (hash: string) => `${trailer}${previous}\n${hash}`

  const sign = (text: string) =>
    after(algorithm.sign(key, text, crypto), (signature) => {
      previous = signature
      return signature
    })
  const holds = (text: string, link: string) => {
    previous = link
    return (
      algorithm.signatureForm?.test(link) !== false && matches(algorithm, key, text, link, crypto)
    )
  }

  return {
    signChunk: (pieces) => after(hashOf(pieces, crypto), (hash) => sign(chunkText(hash))),
    signTrailer: (text) => after(crypto.sha256(text), (hash) => sign(trailerText(hash))),
    holdsChunk: (pieces, link) =>
      after(hashOf(pieces, crypto), (hash) => holds(chunkText(hash), link)),
    holdsTrailer: (text, link) =>
      after(crypto.sha256(text), (hash) => holds(trailerText(hash), link)),
  }
}
