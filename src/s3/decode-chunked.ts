import { backend } from '#crypto'
import type { Algorithm } from '../algorithms/algorithm.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import type { CryptoBackend } from '../crypto/backend.ts'
import { fail } from '../errors.ts'
import { runAsync } from '../lib/steps.ts'
import type { Verified } from '../verify-types.ts'
import { type Answer, byteBuffer, readLine } from './byte-buffer.ts'
import { type Chain, startChain } from './chain.ts'
import type { Checksums } from './checksums.ts'
import { parseChunkHead, signatureWidth } from './frame.ts'
import { serialHmac } from './hmac.ts'
import { parseMode, signedFacts } from './modes.ts'
import { gatherer } from './pieces.ts'
import { type ByteSource, type ByteStream, type Input, openInput, streamOf } from './streams.ts'
import { expectTrailer, type Trailer } from './trailer.ts'

/** The options of {@link decodeChunked}. */
export interface DecodeOptions {
  /** How to start the checksums that a client may trail; `sha256` needs none in Node. */
  checksums?: Checksums | undefined
  /** Bytes of a signed chunk, which is held until it is verified. Default: 16 MiB. */
  maxChunkSize?: number | undefined
  /** Bytes of a line between the chunks. Default: 1024. */
  maxLineSize?: number | undefined
  /** Bytes of the trailer. Default: 8192. */
  maxTrailerSize?: number | undefined
  /** Told the trailing fields, names in lower case, once the whole body holds. */
  onTrailer?: ((fields: Readonly<Record<string, string>>) => void) | undefined
  /** As for `verify`. Default: `AWS4-HMAC-SHA256`. */
  algorithm?: Algorithm | readonly Algorithm[] | undefined
  crypto?: CryptoBackend | undefined
}

/** What holds a body to what was signed. */
interface Bonds {
  /** Undefined where the chunks are not signed. */
  readonly chain: Chain | undefined
  /** Characters of a chunk's signature. */
  readonly width: number
  /** Undefined where the sender did not sign a length. */
  readonly length: number | undefined
  /** Undefined where the body ends with its chunks. */
  readonly trailer: Trailer | undefined
}

/** The chunks without their frames: a signed one as a whole once it holds, others as they come. */
function unframing(
  input: Input,
  bind: () => Promise<Bonds>,
  { maxChunkSize = 0x1000000, maxLineSize = 1024, onTrailer }: DecodeOptions,
): () => Promise<readonly Uint8Array[] | undefined> {
  const buffer = byteBuffer()
  const held = gatherer()
  let bonds: Bonds | undefined
  let total = 0
  /** Bytes that are still to come of the chunk. */
  let missing = 0

  const nextLine = (most: number) => readLine(buffer, input, most)

  const more = (answer: Answer) => buffer.feed(answer) || fail('invalid-chunk', 'the whole body')

  async function readEnd(trailer: Trailer | undefined): Promise<undefined> {
    const fields = await trailer?.read(nextLine)
    // S3's documentation shows a trailer with one more CRLF after it.
    const after = await nextLine(maxLineSize)
    const rest = after === undefined ? after : await nextLine(maxLineSize)
    if (after || rest !== undefined || (after === '' && !trailer))
      fail('invalid-chunk', 'nothing after the last chunk')
    if (fields) onTrailer?.(Object.fromEntries(fields))
  }

  async function readUnsigned(trailer: Trailer | undefined): Promise<readonly Uint8Array[]> {
    let piece = buffer.take(missing)
    for (; !piece; piece = buffer.take(missing)) more(await input.next())
    trailer?.update(piece)
    missing -= piece.byteLength
    if (missing === 0) while (buffer.line(0) === undefined) more(await input.next())
    return [piece]
  }

  return async () => {
    bonds ??= await bind()
    const { chain, trailer, width, length } = bonds
    if (missing > 0) return readUnsigned(trailer)
    let line = buffer.line(maxLineSize)
    for (; line === undefined; line = buffer.line(maxLineSize)) more(await input.next())
    const { size, signature = '' } =
      parseChunkHead(line, width) ?? fail('invalid-chunk', 'a size and signature of each chunk')
    total += size
    if (length !== undefined && (total > length || (size === 0 && total < length)))
      fail('length-mismatch', `${length} bytes, as x-amz-decoded-content-length says`)
    missing = size
    if (!chain) return size > 0 ? readUnsigned(trailer) : readEnd(trailer)

    if (size > maxChunkSize) fail('chunk-limit', `chunks of at most ${maxChunkSize} bytes`)
    while (missing > 0) {
      const piece = buffer.take(missing)
      if (piece) {
        held.add(piece)
        missing -= piece.byteLength
      } else more(await input.next())
    }
    if (size > 0 || !trailer) while (buffer.line(0) === undefined) more(await input.next())
    const pieces = held.taken()
    const holds = chain.holdsChunk(pieces, signature)
    if (!(typeof holds === 'boolean' ? holds : await holds))
      fail('chunk-mismatch', 'the chunks that were signed')
    if (trailer) for (const piece of pieces) trailer.update(piece)
    return size > 0 ? pieces : readEnd(trailer)
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
 * handed on as they come, and only the checksum at the end speaks for them: it tells an accident, and
 * it tells it late. Keep nothing of such a body before the stream has ended without an error, and do
 * not take it for proof of who sent the bytes: `unsignedPayload: 'refuse'` keeps `verify` from
 * accepting it.
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
  const { algorithm: accepted = sigv4, crypto = serialHmac(backend), checksums = {} } = options
  const { maxTrailerSize = 8192 } = options
  const { payload, header } = signedFacts(trace)
  const mode = parseMode(payload) ?? fail('invalid-payload', 'a request with an aws-chunked body')
  const told = header('x-amz-decoded-content-length')
  const name = mode.algorithm ?? ''
  if (name && !trace.stringToSign.startsWith(`${name}\n`))
    fail('invalid-payload', 'chunks signed by the algorithm of the request')
  const algorithm = [accepted].flat().find((known) => known.name === name)
  if (name && !algorithm) fail('invalid-options', `algorithm ${name}`)
  if (!credentials) fail('invalid-credentials', 'the result of verify itself, not a copy')

  async function bind(): Promise<Bonds> {
    if (told !== undefined && !/^\d{1,15}$/.test(told))
      fail('length-mismatch', 'x-amz-decoded-content-length in digits')
    const key =
      algorithm && (await runAsync(algorithm.deriveKey(credentials, trace.credentialScope, crypto)))
    const chain = algorithm && startChain(trace, algorithm, key, crypto)
    return {
      chain,
      width: signatureWidth(mode.algorithm),
      length: told === undefined ? undefined : Number(told),
      trailer: mode.trailer
        ? expectTrailer(header('x-amz-trailer'), chain, maxTrailerSize, checksums, crypto)
        : undefined,
    }
  }
  const input = openInput(source)
  return streamOf(unframing(input, bind, options), input, 'release')
}
