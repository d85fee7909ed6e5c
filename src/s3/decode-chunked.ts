import { backend } from '#crypto'
import { importedKey } from '../algorithms/imported-key.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { checkWords } from '../canonical/words.ts'
import { type CryptoBackend, serial } from '../crypto/backend.ts'
import { fail, failWith } from '../model/errors.ts'
import type { Algorithm } from '../model/types.ts'
import type { Verified } from '../model/verify-types.ts'
import { startChain } from './chain.ts'
import type { ChecksumSources, Checksums } from './checksums.ts'
import { signatureWidth } from './frame.ts'
import {
  DECODED_LENGTH,
  decodedLength,
  type Mode,
  parseMode,
  type SignedFacts,
  signedFacts,
} from './modes.ts'
import { type ByteSource, type ByteStream, openInput, streamOf } from './streams.ts'
import { announcedIn, expectTrailer } from './trailer.ts'
import { type Bonds, CHUNK_SIZES, type UnframeOptions, unframing } from './unframe.ts'

/** What {@link decodeChunked} is told beside the request. */
export interface DecodeOptions extends UnframeOptions {
  /** How to start others than the checksums built in, by S3's names, see {@link Checksum}. Default: none. */
  checksums?: Checksums | undefined
  /** The most bytes that the trailer may have. Default: 8192. */
  maxTrailerSize?: number | undefined
  /** As for `verify`. Default: `AWS4-HMAC-SHA256`. */
  algorithm?: Algorithm | readonly Algorithm[] | undefined
  /** The hashes to use. Default: the platform's, `node:crypto` or `crypto.subtle`. */
  crypto?: CryptoBackend | undefined
}

/** What of a verified request its body is held to. */
export type VerifiedBody = Pick<Verified, 'credentials' | 'trace'>

/** What holds the chunks of a request to what was signed: found when they come, as it may be at fault. */
export function bindChunks(
  { trace, credentials }: VerifiedBody,
  { fields }: SignedFacts,
  mode: Mode,
  sources: ChecksumSources,
  { algorithm: accepted = sigv4, maxTrailerSize = 8192 }: DecodeOptions,
): () => Promise<Bonds> {
  const { crypto } = sources
  const name = mode.algorithm ?? ''
  if (name && !trace.stringToSign.startsWith(`${name}\n`))
    failWith('invalid-payload', 'the chunks are signed by another algorithm than the request.')
  const algorithm = [accepted].flat().find((known) => known.name === name)
  if (name && !algorithm) fail('invalid-options', `algorithm ${name}`)
  if (!credentials) fail('invalid-credentials', 'the result of verify itself, not a copy')

  const length = decodedLength(fields)
  return async () => {
    if (length === undefined && fields[DECODED_LENGTH] !== undefined)
      failWith('length-mismatch', `the value of ${DECODED_LENGTH} is no number of bytes.`)
    const key =
      algorithm && (await importedKey(algorithm, credentials, trace.credentialScope, crypto))
    const chain = algorithm && startChain(trace, algorithm, key, crypto)
    const width = signatureWidth(mode.algorithm)
    return {
      ...{ chain, width, length },
      trailer: mode.trailer
        ? expectTrailer(announcedIn(fields), chain, width, maxTrailerSize, sources)
        : undefined,
    }
  }
}

/**
 * The bytes of an aws-chunked body, verified as they come.
 *
 * Every chunk is verified before a byte of it is handed on, then the trailer, its signature and its
 * checksum; `x-amz-decoded-content-length` is held to. What the body is comes from the signed
 * headers alone. At the first fault the stream fails and ends; the source is left as it is, so that
 * a server can still answer. Cancelling the stream cancels the source.
 *
 * **Unsigned chunks** (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`, what AWS's clients send over https) are
 * handed on as they come. What is signed of such a request are its headers, so that who sends it, to
 * which key, how many bytes and by which checksum is certain. The bytes and the checksum's value are
 * not: the checksum tells an accident, and tells it late, and whoever can change the bytes on the way
 * can change it too. TLS alone keeps them out, up to where it ends, which may be a proxy. Keep nothing
 * of such a body before the stream has ended without an error; `unsignedPayload: 'refuse'` keeps
 * `verify` from accepting it.
 *
 * @throws CountersignError `invalid-payload` where the request is not aws-chunked,
 * `invalid-credentials`, `invalid-options`; the stream fails with `invalid-chunk` (frames),
 * `chunk-mismatch`, `trailer-mismatch`, `checksum-mismatch`, `length-mismatch`, `chunk-limit` (a
 * line, chunk or trailer too large), `small-chunk`, `invalid-checksum` (a value that is none),
 * `unknown-checksum` (neither built in nor of `checksums`), and with what the source fails with
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @example
 * const result = await verify(received, { service: 's3', credentials: (id) => keys.get(id) })
 * if (result.ok && result.payload === 'streaming')
 *   await pipeline(decodeChunked(request, result), createWriteStream(path))
 */
export function decodeChunked(
  source: ByteSource,
  verified: VerifiedBody,
  options: DecodeOptions = {},
): ByteStream {
  const { crypto = serial(backend), checksums = {}, chunkSizes } = options
  checkWords({ chunkSizes }, CHUNK_SIZES)
  const facts = signedFacts(verified.trace)
  const mode =
    parseMode(facts.payload) ??
    failWith('invalid-payload', 'the body of the request is not aws-chunked.')
  const bind = bindChunks(verified, facts, mode, { checksums, crypto }, options)
  const input = openInput(source)
  return streamOf(unframing(input, bind, options), input)
}
