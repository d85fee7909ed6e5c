import { createEventSigner, createEventVerifier } from 'countersign/eventstream'
import { describe, expect, it } from 'vitest'
import { splitFrames } from '../../src/eventstream/frames.ts'
import { bytes, collect, credentials, opened, scope, seed, sent } from '../eventstream/common.ts'

/** A frame of some length, whose bytes tell their place. */
function frameOf(length: number): Uint8Array {
  const frame = Uint8Array.from({ length }, (_, at) => at * 31)
  new DataView(frame.buffer).setUint32(0, length)
  return frame
}

/** A source that has one byte of memory, and gives each byte in it. */
function* inOneByte(frames: readonly Uint8Array[]): Generator<Uint8Array> {
  const byte = new Uint8Array(1)
  for (const frame of frames)
    for (const value of frame) {
      byte[0] = value
      yield byte
    }
}

describe('frames that come byte by byte', () => {
  it('hold their bytes, and not the pieces that these came in', async () => {
    const frames = [16, 17, 1023, 1024, 1025, 100_000, 16].map(frameOf)
    expect(await collect(splitFrames(inOneByte(frames)))).toEqual(frames)
  })

  it('take no more room than has come, whatever length they promise', async () => {
    const head = Uint8Array.of(1, 0x7f, 0xff, 0xff)
    const before = process.memoryUsage().arrayBuffers
    const waiting = splitFrames(
      (async function* () {
        yield head
        yield new Uint8Array(5000)
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
      })(),
    )
    await expect(collect(waiting)).rejects.toMatchObject({ code: 'invalid-body' })
  })

  it('each have bytes of their own', async () => {
    const [first, second] = [frameOf(16), frameOf(16).fill(7, 4)]
    const frames = await collect(splitFrames([Buffer.concat([first, second])]))
    expect(frames).toEqual([first, second])
    expect(frames[0]?.buffer).not.toBe(frames[1]?.buffer)
    expect(frames[0]?.buffer.byteLength).toBe(16)
  })
})

it('an event of a session that has ended is refused, though its stream began before', async () => {
  let time = new Date('2026-01-02T03:04:05Z')
  const now = () => time
  const signer = createEventSigner({ signature: seed }, { ...scope, credentials, now })
  const expiration = new Date('2026-01-02T03:05:00Z')
  const session = { ...opened, credentials: { ...credentials, expiration } }
  const verifier = createEventVerifier(session, { now })
  const send = async () => verifier.verify(sent(await signer.sign(bytes('a'))))
  expect(await send()).toMatchObject({ ok: true })
  time = expiration
  expect(await send()).toMatchObject({ ok: false, reason: 'expired-session-token' })
})
