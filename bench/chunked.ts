import { createHash } from 'node:crypto'
import { AwsCrc32 } from '@aws-crypto/crc32'
import { type Verified, verify } from 'countersign'
import {
  type ByteStream,
  type Checksums,
  decodeChunked,
  type EncodeOptions,
  encodeChunked,
} from 'countersign/s3'
import { type Candidate, type Measured, measure, ratio } from './measure.ts'
import { type Bar, figure, printBars, printTable } from './report.ts'

const MIB = 1024 * 1024
const PIECE = 65536
/** Bytes of one turn; the turns of a candidate make 1 GiB together. */
const TURN = 64 * MIB
const ROUNDS = 16

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/large'
const region = 'eu-west-1'
const checksums: Checksums = {
  crc32: () => new AwsCrc32(),
  sha1: () => createHash('sha1'),
}

/** More than the processor's caches hold, so that every byte comes from memory. */
const pool = Array.from({ length: 512 }, (_, index) => new Uint8Array(PIECE).fill(index))

type Stream = ReadableStream<Uint8Array>

function streamOf(pieces: Iterable<Uint8Array>): Stream {
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { done, value } = iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

function* cycle(bytes: number, pieceAt: (index: number) => Uint8Array): Iterable<Uint8Array> {
  for (let index = 0; index * PIECE < bytes; index++) yield pieceAt(index)
}

const pooled = (index: number): Uint8Array => pool[index % pool.length] as Uint8Array

/** Reads a stream to its end, and shows each piece. */
async function drain(stream: ByteStream, look?: (piece: Uint8Array) => void): Promise<number> {
  const reader = (stream as Stream).getReader()
  let total = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return total
    look?.(value)
    total += value.byteLength
  }
}

const encode = (source: Stream, bytes: number, more: Partial<EncodeOptions>) =>
  encodeChunked({ url }, source, {
    ...{ region, credentials, checksums, decodedLength: bytes },
    ...more,
  })

async function verified(headers: Record<string, string>): Promise<Verified> {
  const host = new URL(url).host
  const received = { method: 'PUT', url: '/large', headers: { host, ...headers } }
  const result = await verify(received, { service: 's3', credentials: () => credentials })
  if (!result.ok) throw new Error(`The verifier refused the bench's upload: ${result.reason}`)
  return result
}

/** The hashes that nobody can do without, over the same stream. */
const bare = (name: string, algorithm?: string): Candidate => ({
  name,
  async run() {
    const sha256 = createHash('sha256')
    const other = algorithm && checksums[algorithm]?.()
    await drain(streamOf(cycle(TURN, pooled)), (piece) => {
      sha256.update(piece)
      if (other) other.update(piece)
    })
    sha256.digest()
  },
})

const encoding = (name: string, more: Partial<EncodeOptions>): Candidate => ({
  name: `encode, ${name}`,
  async run() {
    const { body } = await encode(streamOf(cycle(TURN, pooled)), TURN, more)
    if (body) await drain(body)
  },
})

async function decoding(name: string, more: Partial<EncodeOptions>): Promise<Candidate> {
  const { body, headers } = await encode(streamOf(cycle(TURN, pooled)), TURN, more)
  const framed: Uint8Array[] = []
  if (body) await drain(body, (piece) => framed.push(piece))
  const result = await verified(headers)
  return {
    name: `decode, ${name}`,
    async run() {
      const bytes = await drain(decodeChunked(streamOf(framed), result, { checksums }))
      if (bytes !== TURN) throw new Error(`decoded ${bytes} bytes of ${TURN}`)
    },
  }
}

/** How far memory grows while 1 GiB, each piece new, passes the encoder and the decoder; in MiB. */
async function growth(more: Partial<EncodeOptions>): Promise<number> {
  const bytes = 1024 * MIB
  const fresh = (index: number) => new Uint8Array(pooled(index))
  const { body, headers } = await encode(streamOf(cycle(bytes, fresh)), bytes, more)
  const decoded = decodeChunked(body as Stream, await verified(headers), { checksums })
  let most = 0
  let pieces = 0
  let start = Number.NaN
  const total = await drain(decoded, () => {
    // After the first 128 MiB, when the collector has found its pace.
    if (++pieces === 2048) start = process.memoryUsage.rss()
    if (pieces % 64 === 0) most = Math.max(most, process.memoryUsage.rss() - start || 0)
  })
  if (total !== bytes) throw new Error(`passed ${total} bytes of ${bytes}`)
  return most / MIB
}

const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** An upload in chunks beside the hashes that it cannot do without, and its memory. */
export async function bench(): Promise<void> {
  const modes: readonly (readonly [name: string, floor: string, more: Partial<EncodeOptions>])[] = [
    ['signed', 'SHA-256', {}],
    ['signed, crc32', 'SHA-256 + crc32', { checksum: 'crc32' }],
    ['signed, sha1', 'SHA-256 + sha1', { checksum: 'sha1' }],
    ['unsigned, crc32', 'SHA-256 + crc32', { checksum: 'crc32', payload: UNSIGNED }],
  ]
  const candidates = [
    bare('SHA-256'),
    bare('SHA-256 + crc32', 'crc32'),
    bare('SHA-256 + sha1', 'sha1'),
    ...modes.map(([name, , more]) => encoding(name, more)),
    ...(await Promise.all(modes.map(([name, , more]) => decoding(name, more)))),
  ]
  const results = await measure(candidates, { rounds: ROUNDS, turn: 1 })
  const of = (name: string): Measured => {
    const found = results.find((result) => result.name === name)
    if (!found) throw new Error(`nothing measured as ${name}`)
    return found
  }
  const share = (name: string, floor: string): number => ratio(of(floor), of(name))
  const rows = modes.flatMap(([name, floor]) =>
    ['encode', 'decode'].map((verb) => [`${verb}, ${name}`, floor] as const),
  )

  const rate = ({ median }: Measured): string => figure(TURN / MIB / (median / 1e6), 0)
  printTable(
    ['1 GiB, chunks of 64 KiB', 'MiB/s', 'floor', 'of the floor'],
    [
      ...['SHA-256', 'SHA-256 + crc32', 'SHA-256 + sha1'].map((name) => [name, rate(of(name))]),
      ...rows.map(([name, floor]) => [name, rate(of(name)), floor, figure(share(name, floor))]),
    ].map((row) => [...row, '', ''].slice(0, 4)),
  )
  console.log()
  const bars: Bar[] = rows
    .filter(([name]) => !name.includes('unsigned'))
    .map(([name, floor]) => ({
      text: `${name}: at least 0.85 x ${floor}`,
      actual: share(name, floor),
      at: { least: 0.85 },
      unit: ' x',
    }))
  for (const [name, , more] of modes)
    bars.push({
      text: `${name}: memory grows less than 64 MiB over 1 GiB there and back`,
      actual: await growth(more),
      at: { below: 64 },
      unit: ' MiB',
    })
  printBars(bars)
}
