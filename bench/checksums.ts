import { AwsCrc32 } from '@aws-crypto/crc32'
import { AwsCrc32c } from '@aws-crypto/crc32c'
import { sign, verify } from 'countersign'
import { type ByteStream, type Checksums, readBody } from 'countersign/s3'
import { backend as web } from '../src/crypto/web.ts'
import { exampleKey as credentials } from '../test/support/example-key.ts'
import { figure, printTable } from './report.ts'

const MIB = 1024 * 1024
const PIECE = 65536
/** Bytes of one turn. */
const TURN = 64 * MIB
const ROUNDS = 6
const NAMES = ['crc32', 'crc32c', 'crc64nvme', 'md5', 'sha1', 'sha256']

/** More than the processor's caches hold. */
const pool = Array.from({ length: 512 }, (_, index) => new Uint8Array(PIECE).fill(index))

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at * PIECE < TURN; at++) yield pool[at % pool.length] as Uint8Array
}

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/large'

/** A request that states a checksum, or none; its value is wrong, which is told at the end. */
async function stating(name?: string) {
  const headers: Record<string, string> = name ? { [`x-amz-checksum-${name}`]: 'none' } : {}
  const request = { method: 'PUT', url, headers }
  const options = { service: 's3', region: 'eu-west-1', credentials }
  const signed = await sign(request, { ...options, payload: 'UNSIGNED-PAYLOAD' })
  const received = { method: 'PUT', url, headers: signed.headers }
  const result = await verify(received, { service: 's3', credentials: () => credentials })
  if (!result.ok) throw new Error(`The verifier refused the bench's request: ${result.reason}`)
  return result
}

/** Reads to the end, which is the fault that is waited for, and no other. */
async function drain(stream: ByteStream, name?: string): Promise<void> {
  const reader = (stream as ReadableStream<Uint8Array>).getReader()
  try {
    while (!(await reader.read()).done);
  } catch (error) {
    if (!name || (error as { code?: string }).code !== 'invalid-checksum') throw error
  }
}

type Options = Parameters<typeof readBody>[2]

/** MiB for each second of the processor's time, the best of some rounds: what else runs takes other time. */
async function rateOf(name?: string, options?: Options): Promise<number> {
  const verified = await stating(name)
  let best = 0
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    await drain(readBody(pieces(), verified, options), name)
    const { user, system } = process.cpuUsage(before)
    best = Math.max(best, TURN / MIB / ((user + system) / 1e6))
  }
  return best
}

const packages: Checksums = { crc32: () => new AwsCrc32(), crc32c: () => new AwsCrc32c() }

/** Bodies that are read with the checksum that their header states, in Node and where JavaScript must do. */
export async function bench(): Promise<void> {
  const rows: string[][] = [['none', figure(await rateOf(), 0), '', '']]
  for (const name of NAMES) {
    const checksum = packages[name]
    const peer = checksum && (await rateOf(name, { checksums: { [name]: checksum } }))
    rows.push([
      name,
      figure(await rateOf(name), 0),
      figure(await rateOf(name, { crypto: web }), 0),
      peer === undefined ? '' : figure(peer, 0),
    ])
  }
  printTable(['readBody, MiB/s', 'in Node', 'in JavaScript', 'by @aws-crypto'], rows)
}
