import { startCrc } from '../../crypto/crc.ts'
import type { EventHeader, EventMessage } from '../../eventstream/message.ts'
import { concat } from '../../lib/bytes.ts'

// AWS's own codec brings Node's modules with it into what is built for browsers.
function crcOf(bytes: Uint8Array): Buffer {
  const crc = startCrc(0xedb88320)
  crc.update(bytes)
  return Buffer.from(crc.digest() as Uint8Array)
}

const number = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntBE(value, 0, size)
  return bytes
}

/**
 * The frame of a message whose headers are texts.
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function encodeFrame(headers: Readonly<Record<string, string>>, body: Uint8Array): Buffer {
  const texts = Object.entries(headers).map((entry) => entry.map((text) => Buffer.from(text)))
  const fields = texts.flatMap(([name = Buffer.alloc(0), value = name]) => [
    ...[number(name.length, 1), name, number(7, 1), number(value.length, 2), value],
  ])
  const head = concat(fields)
  const sizes = concat([number(16 + head.length + body.length, 4), number(head.length, 4)])
  const frame = concat([sizes, crcOf(sizes), head, body])
  return Buffer.concat([frame, crcOf(frame)])
}

/** The message of a frame whose headers are dates and bytes, as those of a signed event are. */
export function decodeFrame(frame: Uint8Array): EventMessage {
  const bytes = Buffer.from(frame)
  const end = bytes.length - 4
  const isWhole =
    crcOf(bytes.subarray(0, 8)).equals(bytes.subarray(8, 12)) &&
    crcOf(bytes.subarray(0, end)).equals(bytes.subarray(end))
  if (!isWhole) throw new Error('The checksums of a frame do not hold.')
  const headers: Record<string, EventHeader> = {}
  const start = 12 + bytes.readUInt32BE(4)
  for (let at = 12; at < start; ) {
    const type = at + 1 + bytes.readUInt8(at)
    const isDate = bytes.readUInt8(type) === 8
    const from = type + (isDate ? 1 : 3)
    const to = from + (isDate ? 8 : bytes.readUInt16BE(type + 1))
    headers[bytes.toString('latin1', at + 1, type)] = isDate
      ? { type: 'timestamp', value: new Date(Number(bytes.readBigInt64BE(from))) }
      : { type: 'binary', value: new Uint8Array(bytes.subarray(from, to)) }
    at = to
  }
  return { headers, body: bytes.subarray(start, end) }
}
