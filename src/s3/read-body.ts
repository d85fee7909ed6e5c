import { backend } from '#crypto'
import type { HeaderFields } from '../canonical/headers.ts'
import { checkWords } from '../canonical/words.ts'
import { serial } from '../crypto/backend.ts'
import { fail, failWith } from '../model/errors.ts'
import type { HeadersInput } from '../model/types.ts'
import { readFields } from '../verify/received.ts'
import { type BodyStatement, statementsOf } from './body-statements.ts'
import { bindChunks, type DecodeOptions, type VerifiedBody } from './decode-chunked.ts'
import { DECODED_LENGTH, decodedLength, parseMode, signedFacts } from './modes.ts'
import {
  type ByteSource,
  type ByteStream,
  bytesOf,
  failAfter,
  type Input,
  openInput,
  type Pull,
  type Sink,
  streamOf,
} from './streams.ts'
import { CHUNK_SIZES, unframing } from './unframe.ts'

/** What {@link readBody} is told beside the request. */
export interface ReadBodyOptions extends DecodeOptions {
  /**
   * The header as it was received, for what it says unsigned: the `content-md5` of a presigned URL,
   * the `content-length` for `maxLength`. Default: what was signed of it.
   */
  headers?: HeadersInput | undefined
  /** The most bytes that the body may have, its frames not counted. Default: any number. */
  maxLength?: number | undefined
}

/** The bytes as they come, which have no frames. */
const passing =
  (input: Input): Pull =>
  async (sink) => {
    try {
      const { done, value } = await input.next()
      if (done) await sink.close()
      else sink.enqueue(bytesOf(value))
    } catch (error) {
      await failAfter(input.release(), error)
    }
  }

/** A sink that hands on what it is given as far as it is not too much, and ends where all of it is as was stated. */
function heldTo(
  statements: readonly BodyStatement[],
  limit: (bytes: number) => void,
  sink: Sink,
): Sink {
  let total = 0
  return {
    enqueue(piece) {
      total += piece.byteLength
      limit(total)
      for (const { update } of statements) update(piece)
      sink.enqueue(piece)
    },
    async close(last) {
      for (const { check } of statements) await check()
      sink.close(last)
    },
  }
}

/**
 * The body of a request that `verify` has let in, of whatever kind: aws-chunked frames are taken off
 * and verified, as {@link decodeChunked} does; a body that was signed by its hash is held to it (and so
 * `payload: 'deferred'` needs nothing else); an unsigned one is passed on.
 *
 * A checksum that the request states of this body, in the header or the trailer
 * (`x-amz-checksum-NAME`, `content-md5`), is compared with that of the bytes; that of an object whose
 * parts are put together (`POST ?uploadId=`) is not one of this body. `crc32`, `crc32c`, `crc64nvme`,
 * `md5`, `sha1` and `sha256` are built in.
 *
 * The stream fails at the first fault, which may be its end: **keep nothing of the body before it has
 * ended without an error**. The source is left as it is, so that a server can still answer;
 * cancelling the stream cancels the source.
 *
 * @throws CountersignError `invalid-options`, `invalid-credentials`; the stream fails with a
 * {@link BodyFault}, which {@link isBodyFault} tells: `payload-mismatch`, `checksum-mismatch`,
 * `invalid-checksum` (a value that is none, or several checksums), `unknown-checksum` (neither built
 * in nor of `checksums`), `body-limit` (`maxLength`), `missing-length` (aws-chunked that does
 * not say its decoded length), `small-chunk`, `invalid-chunk`, `chunk-mismatch`,
 * `trailer-mismatch`, `length-mismatch`, `chunk-limit`; with `invalid-payload` where the body is
 * neither at hand nor aws-chunked (events), and with what the source fails with
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 * @example
 * const verifier = createVerifier({ service: 's3', credentials: (id) => keys.get(id), payload: 'deferred' })
 * const result = await verifier.verify(receivedFrom(request))
 * if (result.ok) {
 *   const body = readBody(request, result, { headers: request.headers, maxLength: 5 * 1024 ** 3 })
 *   await pipeline(body, createWriteStream(path))
 * }
 */
export function readBody(
  source: ByteSource,
  verified: VerifiedBody,
  options: ReadBodyOptions = {},
): ByteStream {
  const { crypto = serial(backend), checksums = {}, headers = {} } = options
  const { chunkSizes, maxLength = Number.POSITIVE_INFINITY } = options
  checkWords({ chunkSizes }, CHUNK_SIZES)
  if (!(maxLength >= 0)) fail('invalid-options', 'maxLength in bytes')
  const facts = signedFacts(verified.trace)
  const mode = parseMode(facts.payload)
  const sources = { checksums, crypto }
  const bind = mode && bindChunks(verified, facts, mode, sources, options)

  function limit(bytes: number): void {
    if (bytes > maxLength)
      failWith('body-limit', `the body is larger than maxLength, ${maxLength} bytes.`)
  }

  /** Judges what is known before a byte is read. */
  function open(sink: Sink): Sink {
    if (!mode && !/^([\da-f]{64}|UNSIGNED-PAYLOAD)$/.test(facts.payload))
      failWith('invalid-payload', 'the body of the request is neither whole nor aws-chunked.')
    const fields: HeaderFields = { ...readFields(headers)[0], ...facts.fields }
    const length = mode ? decodedLength(facts.fields) : Number(fields['content-length'] ?? 0)
    if (length === undefined)
      failWith('missing-length', `aws-chunked needs ${DECODED_LENGTH}, in whole bytes.`)
    limit(length)
    return heldTo(statementsOf(facts, fields, sources), limit, sink)
  }

  const input = openInput(source)
  const pull = bind ? unframing(input, bind, options) : passing(input)
  let held: Sink | undefined
  async function pullHeld(sink: Sink): Promise<void> {
    try {
      held ??= open(sink)
    } catch (error) {
      await failAfter(input.release(), error)
    }
    if (held) await pull(held)
  }
  return streamOf(pullHeld, input)
}
