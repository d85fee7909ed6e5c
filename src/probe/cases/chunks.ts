import {
  authorization,
  body,
  chunks,
  field,
  frames,
  inBody,
  resignedTrailer,
  trailer,
  without,
} from '../changes.ts'
import type { Frame } from '../frames.ts'
import { bad, type Case, good, group, odd } from './case.ts'
import { CANONICAL, CHUNKS, INTEGRITY, TRAILERS, UNSIGNED_TRAILER } from './sources.ts'

const place = 'chunks'
/** Three chunks and a shorter one. */
const size = 3 * 8192 + 100
const many = { place, body: size } as const
const trailing = { place, body: size, checksum: 'crc32' } as const
const unsigned = { ...trailing, chunks: 'unsigned' } as const

const REPLACE = 'Whoever stands between writes bytes of their own, under the signature of another.'
const CUT = 'An upload that was cut off is kept as if it were whole.'
const BROKEN = 'Bytes that were changed on their way are kept as if they were whole.'
const ANYONE = 'Anyone who knows a key id writes whatever they like.'

const refusals = ['signature', 'incomplete', 'request', 'malformed trailer', 'digest'] as const

/** Another chunk at a place, counted from 0. */
const chunk = (at: number, change: (frame: Frame) => Frame) =>
  chunks((all) => all.map((it, index) => (index === at ? change(it) : it)))

const another = (text: string): string => text.replace(/^./s, (it) => (it === 'x' ? 'y' : 'x'))
const forged = (head: string): string => head.replace(/.$/, (it) => (it === '0' ? '1' : '0'))

// biome-ignore format: a case is a line
export const CHUNKED: readonly Case[] = group('chunks', 's3', [
  good('chunks', 'a body in several chunks', CHUNKS, many),
  good('chunks-one', 'a body in one chunk', CHUNKS, { place, body: 'text' }),
  good('chunks-exact', 'a body in whole chunks', CHUNKS, { place, body: 2 * 8192 }),
  good('chunks-empty', 'an empty body in chunks', CHUNKS, { place, body: '' }),
  good('chunks-large', 'chunks of 64 KiB', CHUNKS, { place, body: 150_000, chunkSize: 65536 }),
  good('chunks-encoding', 'a body in chunks that has a Content-Encoding', CHUNKS, { ...many, fields: [['content-encoding', 'gzip']] }),
  good('chunks-metadata', 'a body in chunks with metadata', CHUNKS, { ...many, fields: [['x-amz-meta-probe', 'a']] }),

  bad('chunk-changed', 'another byte in a chunk', CHUNKS, refusals, REPLACE, many, chunk(0, (it) => ({ ...it, data: another(it.data) }))),
  bad('chunk-changed-last', 'another byte in the last chunk', CHUNKS, refusals, REPLACE, many, chunk(3, (it) => ({ ...it, data: another(it.data) }))),
  bad('chunk-forged', 'another digit in the signature of a chunk', CHUNKS, refusals, REPLACE, many, chunk(1, (it) => ({ ...it, head: forged(it.head) }))),
  bad('chunk-forged-end', 'another digit in the signature of the end', CHUNKS, refusals, CUT, many, chunk(4, (it) => ({ ...it, head: forged(it.head) }))),
  bad('chunk-unsigned', 'a chunk without a signature', CHUNKS, refusals, REPLACE, many, chunk(1, (it) => ({ ...it, head: it.head.replace(/;.*/, '') }))),
  bad('chunks-unsigned', 'chunks without signatures', CHUNKS, refusals, REPLACE, many, chunks((all) => all.map((it) => ({ ...it, head: it.head.replace(/;.*/, '') })))),
  bad('chunk-empty-signature', 'a chunk with an empty signature', CHUNKS, refusals, REPLACE, many, chunk(1, (it) => ({ ...it, head: it.head.replace(/=.*/, '=') }))),
  bad('chunks-swapped', 'two chunks in another order', CHUNKS, refusals, REPLACE, many, chunks(([one, two, ...more]) => [two, one, ...more] as Frame[])),
  bad('chunk-dropped', 'a chunk that does not come', CHUNKS, refusals, CUT, many, chunks((all) => all.filter((_, at) => at !== 1))),
  bad('chunk-repeated', 'a chunk that comes twice', CHUNKS, refusals, REPLACE, many, chunks(([one, ...more]) => [one, one, ...more] as Frame[])),
  bad('chunks-cut', 'a body without its last chunks', CHUNKS, refusals, CUT, many, chunks((all) => [...all.slice(0, 2), ...all.slice(-1)])),
  bad('chunks-end-missing', 'a body without the empty chunk at its end', CHUNKS, refusals, CUT, many, frames((it) => ({ chunks: it.chunks.slice(0, -1), trailer: '' }))),
  bad('chunk-cut', 'a body that ends in the middle of a chunk', CHUNKS, refusals, CUT, many, (draft) => { draft.body = draft.body.slice(0, 20_000) }),
  bad('chunk-size', 'a chunk that says it is longer than it is', CHUNKS, refusals, REPLACE, many, chunk(0, (it) => ({ ...it, head: it.head.replace('2000', '2001') }))),
  bad('chunk-size-no-hex', 'a chunk whose size is no number', CHUNKS, refusals, REPLACE, many, chunk(0, (it) => ({ ...it, head: it.head.replace('2000', 'probe') }))),
  bad('chunk-size-negative', 'a chunk whose size is below zero', CHUNKS, refusals, REPLACE, many, chunk(0, (it) => ({ ...it, head: `-${it.head}` }))),
  odd('chunks-more', 'bytes behind the end', CHUNKS, refusals, many, frames((it) => ({ ...it, trailer: `${it.trailer}text` }))),
  odd('chunks-second-body', 'chunks behind the end', CHUNKS, refusals, many, (draft) => { draft.body = Buffer.concat([draft.body, draft.body]) }),
  bad('chunks-plain', 'a body that is not in chunks', CHUNKS, refusals, REPLACE, many, body('x'.repeat(size))),
  bad('seed-forged', 'another digit in the signature of the request', CHUNKS, 'signature', ANYONE, many, authorization(/.$/, (digit) => (digit === '0' ? '1' : '0'))),
  bad('seed-secret', 'a body in chunks by another secret', CHUNKS, 'signature', ANYONE, { ...many, secret: 'anotherSecretThanTheOneOfTheKey' }),
  bad('chunks-to-unsigned', 'a payload line that says that the chunks are not signed', TRAILERS, 'signature', REPLACE, many, field('x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')),
  bad('decoded-length', 'another length than that which was signed', CHUNKS, 'signature', REPLACE, many, field('x-amz-decoded-content-length', '10')),
  bad('decoded-length-short', 'a length that is signed, and more bytes than that', CHUNKS, refusals, REPLACE, many, chunks((all) => [...all.slice(0, 1), ...all])),
], { after: 'chunks' })

// biome-ignore format: a case is a line
export const TRAILING: readonly Case[] = group('trailers', 's3', [
  good('trailer', 'a signed trailer with a CRC32', TRAILERS, trailing),
  good('trailer-crc32c', 'a signed trailer with a CRC32C', TRAILERS, { ...trailing, checksum: 'crc32c' }),
  good('trailer-crc64nvme', 'a signed trailer with a CRC64NVME', TRAILERS, { ...trailing, checksum: 'crc64nvme' }),
  good('trailer-sha1', 'a signed trailer with a SHA-1', TRAILERS, { ...trailing, checksum: 'sha1' }),
  good('trailer-sha256', 'a signed trailer with a SHA-256', TRAILERS, { ...trailing, checksum: 'sha256' }),
  good('trailer-empty', 'an empty body with a signed trailer', TRAILERS, { ...trailing, body: '' }),

  bad('trailer-changed', 'another checksum than the signed one', TRAILERS, refusals, BROKEN, trailing, trailer(/crc32:./, (it) => (it.endsWith('A') ? 'crc32:B' : 'crc32:A'))),
  bad('trailer-forged', 'another digit in the signature of the trailer', TRAILERS, refusals, REPLACE, trailing, trailer(/(?<=signature:)./, (it) => (it === '0' ? '1' : '0'))),
  bad('trailer-signature-missing', 'a trailer without its signature', TRAILERS, refusals, REPLACE, trailing, trailer(/^x-amz-trailer-signature:.*\r\n/m, '')),
  bad('trailer-missing', 'a trailer that was announced and does not come', TRAILERS, refusals, CUT, trailing, frames((it) => ({ ...it, trailer: '\r\n' }))),
  bad('trailer-other', 'another checksum than was announced', TRAILERS, refusals, BROKEN, trailing, resignedTrailer('crc32', 'crc32c')),
  bad('trailer-wrong', 'a signed checksum of another body', INTEGRITY, refusals, BROKEN, trailing, resignedTrailer(/crc32:.*/, 'crc32:AAAAAA==')),
  bad('trailer-more', 'a field more in the trailer, which is not signed', TRAILERS, refusals, REPLACE, trailing, trailer(/^/, 'x-amz-meta-probe:a\r\n')),
  bad('trailer-chunk-changed', 'another byte in a chunk, with a trailer', TRAILERS, refusals, REPLACE, trailing, chunk(0, (it) => ({ ...it, data: another(it.data) }))),
  bad('trailer-unannounced', 'a trailer that was not announced, behind chunks that have none', TRAILERS, refusals, REPLACE, many, frames((it) => ({ ...it, trailer: 'x-amz-checksum-crc32:AAAAAA==\r\n\r\n' }))),
], { after: 'trailer' })

// biome-ignore format: a case is a line
export const UNSIGNED: readonly Case[] = group('trailers', 's3', [
  good('trailer-unsigned', 'chunks and a trailer that are not signed', TRAILERS, unsigned),
  good('trailer-unsigned-sha256', 'chunks that are not signed, with a SHA-256', TRAILERS, { ...unsigned, checksum: 'sha256' }),
  good('trailer-unsigned-empty', 'an empty body in chunks that are not signed', TRAILERS, { ...unsigned, body: '' }),
  bad('unsigned-trailer-forged', 'chunks that are not signed, on a request with a wrong signature', UNSIGNED_TRAILER, 'signature', ANYONE, unsigned, authorization(/.$/, (digit) => (digit === '0' ? '1' : '0'))),
  bad('unsigned-trailer-secret', 'chunks that are not signed, by another secret', UNSIGNED_TRAILER, 'signature', ANYONE, { ...unsigned, secret: 'anotherSecretThanTheOneOfTheKey' }),
  bad('unsigned-trailer-anonymous', 'chunks that are not signed, on a request without a signature', UNSIGNED_TRAILER, 'denied', ANYONE, unsigned, without('authorization')),
  bad('unsigned-trailer-wrong', 'chunks that are not signed, with the checksum of another body', INTEGRITY, refusals, BROKEN, unsigned, trailer(/crc32:.*/, 'crc32:AAAAAA==')),
  bad('unsigned-trailer-changed', 'another byte in a chunk that is not signed', INTEGRITY, refusals, BROKEN, unsigned, chunk(0, (it) => ({ ...it, data: another(it.data) }))),
  bad('unsigned-trailer-missing', 'chunks that are not signed, without the checksum that was announced', TRAILERS, refusals, BROKEN, unsigned, frames((it) => ({ ...it, trailer: '\r\n' }))),
  bad('unsigned-trailer-short', 'chunks that are not signed, without their end', CANONICAL, refusals, CUT, unsigned, inBody(/\r\n0\r\n.*$/s, '\r\n')),
], { after: 'trailer-unsigned' })
