import { backend } from '#crypto'
import { cachedKeys } from '../algorithms/cached-keys.ts'
import { importedKey } from '../algorithms/imported-key.ts'
import { sigv4 } from '../algorithms/sigv4.ts'
import { inHeader } from '../canonical/placement.ts'
import { withProfile } from '../canonical/profile.ts'
import { serial } from '../crypto/backend.ts'
import { fail } from '../model/errors.ts'
import type { SignedRequest, SignOptions } from '../model/types.ts'
import type { WithRegion } from '../model/verb-types.ts'
import { signRequest } from '../sign/sign.ts'
import { byteBuffer } from './byte-buffer.ts'
import { type Chain, startChain } from './chain.ts'
import { type Running, startChecksum } from './checksums.ts'
import {
  type ChunkedRequest,
  contentLengthOf,
  type EncodeOptions,
  headersOf,
  type Plan,
  planOf,
} from './encode-plan.ts'
import {
  canonicalTrailer,
  formatChunkHead,
  formatTrailer,
  frameWriter,
  type TrailerField,
} from './frame.ts'
import { gatherer } from './pieces.ts'
import {
  type ByteSource,
  type ByteStream,
  failAfter,
  type Input,
  openInput,
  type Pull,
  streamOf,
} from './streams.ts'

/** The body in frames, a chunk at a time; each chunk's CRLF comes with what follows it. */
function framing(
  input: Input,
  { chunkSize, width, length, field }: Plan,
  chain: Chain | undefined,
  checksum: Running | undefined,
): Pull {
  const write = frameWriter()
  const buffer = byteBuffer()
  const gathered = gatherer()
  let total = 0
  let before = ''
  let ended = false

  async function lastFrame(head: string): Promise<string> {
    const fields: TrailerField[] = field && checksum ? [[field, await checksum.value()]] : []
    const text = canonicalTrailer(fields)
    const signature = chain && field ? await chain.signTrailer(text) : undefined
    return `${head}${formatTrailer(fields, signature, width)}\r\n`
  }

  return async (sink) => {
    try {
      if (ended) return await sink.close()
      let missing = chunkSize
      while (missing > 0) {
        const piece = buffer.take(missing)
        if (piece) {
          checksum?.update(piece)
          gathered.add(piece)
          missing -= piece.byteLength
        } else if (!buffer.feed(await input.next())) break
      }
      const pieces = gathered.taken()
      const size = chunkSize - missing
      ended = size === 0
      total += size
      if (length !== undefined && (total > length || (ended && total < length)))
        fail('length-mismatch', `a source of ${length} bytes`)
      const signed = chain?.signChunk(pieces)
      const signature = typeof signed === 'string' ? signed : await signed
      const head = before + formatChunkHead({ size, signature }, width)
      before = '\r\n'
      sink.enqueue(write(ended ? await lastFrame(head) : head))
      for (const piece of pieces) sink.enqueue(piece)
    } catch (error) {
      await failAfter(input.cancel(error), error)
    }
  }
}

/**
 * Signs an upload whose body is sent in chunks (aws-chunked), each signed as it passes: a body of
 * any length in constant memory, without reading it twice.
 *
 * The signed request's body is a stream that reads the source only as far as it is itself read;
 * cancelling it cancels the source. Where the source's length is known (bytes at hand,
 * `decodedLength`, or a `content-length` header) the request has a `content-length`, which S3 asks
 * for. The body can be sent once: encode again for a retry.
 *
 * With `algorithm: sigv4a` the chunks are signed by ECDSA (`STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`),
 * for the regions of `regionSet`.
 *
 * **Unsigned chunks** (`payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'`): the signature covers the
 * headers alone, among them the length and the name of the checksum. The bytes and the checksum's value
 * are signed by nobody, so that whoever can change the one can mend the other: it tells an accident on
 * the way, and TLS has to keep out the rest. Send such a body over https alone.
 *
 * @throws CountersignError as `sign`, and `invalid-payload`, `invalid-options`, `unknown-checksum`;
 * the stream fails with `length-mismatch` where the source is shorter or longer than it was said to
 * be, `invalid-body` where it yields other than bytes, and with what the source fails with
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @example
 * const signed = await encodeChunked(
 *   { url: 'https://bucket.s3.eu-west-1.amazonaws.com/film.mp4' },
 *   createReadStream('film.mp4'),
 *   { region: 'eu-west-1', credentials, decodedLength: (await stat('film.mp4')).size },
 * )
 * const response = await fetch(signed.url, { ...signed, redirect: 'error' })
 */
export async function encodeChunked(
  request: ChunkedRequest,
  source: ByteSource,
  options: WithRegion<EncodeOptions>,
): Promise<SignedRequest<ByteStream>> {
  const { checksum, checksums = {}, service = 's3' } = options
  // The key of the request signs the chunks, and is derived once.
  const algorithm = cachedKeys(options.algorithm ?? sigv4)
  const platform = serial(backend)
  const { crypto = platform } = options
  const plan = planOf(request, source, options)
  const start = () =>
    checksum === undefined
      ? undefined
      : (startChecksum(checksum, { checksums, crypto }) ??
        fail('unknown-checksum', `checksums with ${checksum}`))
  const contentLength = await contentLengthOf(plan, start)
  // The chunks are signed by the key that signs the request, and so credentials are asked for once.
  const credentials =
    typeof options.credentials === 'function' ? await options.credentials() : options.credentials
  const { url, method = 'PUT' } = request
  const signed = await signRequest(
    { url, method, headers: headersOf(request, plan, contentLength) },
    withProfile({
      ...(options as SignOptions),
      ...{ algorithm, service, credentials, payload: plan.payload },
    }),
    platform,
    inHeader,
  )
  const key = await importedKey(algorithm, credentials, signed.trace.credentialScope, crypto)
  const chain = plan.mode.algorithm ? startChain(signed.trace, algorithm, key, crypto) : undefined
  const input = openInput(source)
  const body = streamOf(framing(input, plan, chain, start()), input)
  return { ...signed, body, duplex: 'half' }
}
