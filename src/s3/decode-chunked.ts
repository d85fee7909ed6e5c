import { backend } from '#crypto'
import { importedKey } from '../algorithms/imported-key.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { type CryptoBackend, serial } from '../crypto/backend.ts'
import { fail, failWith } from '../model/errors.ts'
import type { Algorithm } from '../model/types.ts'
import type { Verified } from '../model/verify-types.ts'
import { startChain } from './chain.ts'
import type { Checksums } from './checksums.ts'
import { signatureWidth } from './frame.ts'
import { parseMode, signedFacts } from './modes.ts'
import { type ByteSource, type ByteStream, openInput, streamOf } from './streams.ts'
import { expectTrailer } from './trailer.ts'
import { type Bonds, type UnframeOptions, unframing } from './unframe.ts'

/** The options of {@link decodeChunked}. */
export interface DecodeOptions extends UnframeOptions {
  /**
   * How to start the checksums that a client may trail, by S3's names, see {@link Checksum}; `sha256`
   * needs none in Node. Default: no other.
   */
  checksums?: Checksums | undefined
  /** The most bytes that the trailer may have. Default: 8192. */
  maxTrailerSize?: number | undefined
  /** As for `verify`. Default: `AWS4-HMAC-SHA256`. */
  algorithm?: Algorithm | readonly Algorithm[] | undefined
  /** The hashes to use. Default: the platform's, `node:crypto` or `crypto.subtle`. */
  crypto?: CryptoBackend | undefined
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
 * line, chunk or trailer too large), `unknown-checksum` (none of `checksums`), and with what the
 * source fails with
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @example
 * const result = await verify(received, { service: 's3', credentials: (id) => keys.get(id) })
 * if (result.ok && result.payload === 'streaming')
 *   await pipeline(decodeChunked(request, result, { checksums }), createWriteStream(path))
 */
export function decodeChunked(
  source: ByteSource,
  verified: Pick<Verified, 'credentials' | 'trace'>,
  options: DecodeOptions = {},
): ByteStream {
  const { trace, credentials } = verified
  const { algorithm: accepted = sigv4, crypto = serial(backend), checksums = {} } = options
  const { maxTrailerSize = 8192 } = options
  const { payload, header } = signedFacts(trace)
  const mode =
    parseMode(payload) ?? failWith('invalid-payload', 'the body of the request is not aws-chunked.')
  const told = header('x-amz-decoded-content-length')
  const name = mode.algorithm ?? ''
  if (name && !trace.stringToSign.startsWith(`${name}\n`))
    failWith('invalid-payload', 'the chunks are signed by another algorithm than the request.')
  const algorithm = [accepted].flat().find((known) => known.name === name)
  if (name && !algorithm) fail('invalid-options', `algorithm ${name}`)
  if (!credentials) fail('invalid-credentials', 'the result of verify itself, not a copy')

  async function bind(): Promise<Bonds> {
    if (told !== undefined && !/^\d{1,15}$/.test(told))
      failWith('length-mismatch', 'x-amz-decoded-content-length is no number of bytes.')
    const key =
      algorithm && (await importedKey(algorithm, credentials, trace.credentialScope, crypto))
    const chain = algorithm && startChain(trace, algorithm, key, crypto)
    const width = signatureWidth(mode.algorithm)
    return {
      chain,
      width,
      length: told === undefined ? undefined : Number(told),
      trailer: mode.trailer
        ? expectTrailer(header('x-amz-trailer'), chain, width, maxTrailerSize, checksums, crypto)
        : undefined,
    }
  }
  const input = openInput(source)
  return streamOf(unframing(input, bind, options), input)
}
