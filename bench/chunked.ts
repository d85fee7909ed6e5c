import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Verified, verify } from 'countersign'
import {
  type ByteStream,
  type Checksum,
  type Checksums,
  decodeChunked,
  type EncodeOptions,
  encodeChunked,
} from 'countersign/s3'
import { exampleKey as credentials } from '../test/support/example-key.ts'
import { type Candidate, type Measured, measure, ratio } from './measure.ts'
import { type Bar, figure, printBars, printTable } from './report.ts'

const MIB = 1024 * 1024
const PIECE = 65536
/** Bytes of one turn; the turns of a candidate make 1 GiB together. */
const TURN = 64 * MIB
const ROUNDS = 16

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/large'
const region = 'eu-west-1'

/** Node's own CRC-32, in the shape that a checksum has: the fastest, so that nothing hides behind it. */
function startCrc32(): Checksum {
  let value = 0
  return {
    update(bytes) {
      value = crc32(bytes, value)
    },
    digest: () => new Uint8Array(new Uint32Array([value]).buffer).reverse(),
  }
}

const checksums: Checksums = { crc32: startCrc32, sha1: () => createHash('sha1') }

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

/** SHA-256 and the checksum, if any, over a stream's pieces: the loop that nobody can go below. */
const bare = (name: string, algorithm?: string): Candidate => ({
  name,
  async run() {
    const sha256 = createHash('sha256')
    const other = algorithm ? checksums[algorithm]?.() : undefined
    await drain(streamOf(cycle(TURN, pooled)), (piece) => {
      sha256.update(piece)
      other?.update(piece)
    })
    sha256.digest()
  },
})

/** The same in the shape of what it stands beside: a stream that passes on what it hashes. */
const passing = (name: string, algorithm?: string): Candidate => ({
  name,
  async run() {
    const sha256 = createHash('sha256')
    const other = algorithm ? checksums[algorithm]?.() : undefined
    const hashing = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        sha256.update(piece)
        other?.update(piece)
        controller.enqueue(piece)
      },
    })
    await drain(streamOf(cycle(TURN, pooled)).pipeThrough(hashing))
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
  const start = process.memoryUsage.rss()
  const total = await drain(decoded, () => {
    if (++pieces % 64 === 0) most = Math.max(most, process.memoryUsage.rss() - start)
  })
  if (total !== bytes) throw new Error(`passed ${total} bytes of ${bytes}`)
  return most / MIB
}

const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** The modes, each with the options that ask for it and the hashes that it cannot do without. */
const MODES: readonly (readonly [name: string, more: Partial<EncodeOptions>, checksum?: string])[] =
  [
    ['signed', {}],
    ['signed, crc32', { checksum: 'crc32' }, 'crc32'],
    ['signed, sha1', { checksum: 'sha1' }, 'sha1'],
    ['unsigned, crc32', { checksum: 'crc32', payload: UNSIGNED }, 'crc32'],
  ]

const loopOf = (checksum?: string): string => `SHA-256${checksum ? ` + ${checksum}` : ''}, a loop`
const streamNameOf = (checksum?: string): string =>
  `SHA-256${checksum ? ` + ${checksum}` : ''}, a stream`

/** An upload in chunks beside the hashes that it cannot do without, and its memory. */
export async function bench(): Promise<void> {
  const sums = [undefined, 'crc32', 'sha1']
  const candidates = [
    ...sums.map((sum) => bare(loopOf(sum), sum)),
    ...sums.map((sum) => passing(streamNameOf(sum), sum)),
    ...MODES.map(([name, more]) => encoding(name, more)),
  ]
  for (const [name, more] of MODES) candidates.push(await decoding(name, more))
  const results = await measure(candidates, { rounds: ROUNDS, turn: 1 })
  const of = (name: string): Measured => {
    const found = results.find((result) => result.name === name)
    if (!found) throw new Error(`nothing measured as ${name}`)
    return found
  }
  const share = (name: string, floor: string): number => ratio(of(floor), of(name))
  const rate = (name: string): string => figure(TURN / MIB / (of(name).median / 1e6), 0)

  const rows = MODES.flatMap(([name, , sum]) =>
    ['encode', 'decode'].map((verb) => [`${verb}, ${name}`, sum] as const),
  )
  printTable(
    ['1 GiB, chunks of 64 KiB', 'MiB/s', 'of the loop', 'of the stream'],
    [
      ...sums
        .flatMap((sum) => [loopOf(sum), streamNameOf(sum)])
        .map((name) => [name, rate(name), '', '']),
      ...rows.map(([name, sum]) => [
        ...[name, rate(name)],
        ...[loopOf(sum), streamNameOf(sum)].map((floor) => figure(share(name, floor))),
      ]),
    ],
  )
  console.log()
  const bars: Bar[] = rows
    .filter(([name]) => !name.includes('unsigned'))
    .flatMap(([name, sum]) =>
      [streamNameOf(sum), loopOf(sum)].map((floor) => ({
        text: `${name}: at least 0.85 x ${floor}`,
        actual: share(name, floor),
        at: { least: 0.85 },
        unit: ' x',
      })),
    )
  for (const [name, more] of MODES)
    bars.push({
      text: `${name}: memory grows less than 64 MiB over 1 GiB there and back`,
      actual: await growth(more),
      at: { below: 64 },
      unit: ' MiB',
    })
  printBars(bars)
}
