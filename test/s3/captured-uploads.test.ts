import { verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { captures } from '../captures.ts'
import { decode } from './support.ts'

describe('uploads that real clients sent', () => {
  const streams = captures.filter(({ stream }) => stream)
  it('are 15', () => expect(streams.length).toBe(15))

  it.each(streams.map((one) => [one.name, one] as const))(
    '%s: each byte counts',
    async (_, one) => {
      const result = await verify(
        { method: one.method, url: one.url, headers: one.headers },
        { service: 's3', now: new Date(one.receivedAt), credentials: () => one.credentials },
      )
      if (!result.ok) throw new Error(result.message)
      const bytes = Buffer.from(one.bodyBase64, 'base64')
      const whole = await decode(bytes, result)
      expect([whole.code, whole.bytes.toString()]).toEqual([
        undefined,
        expect.stringMatching(/^hello world/),
      ])
      for (const [at, byte] of bytes.entries())
        for (const mask of [1, 0x80]) {
          bytes[at] = byte ^ mask
          const { code, bytes: handedOn } = await decode(bytes, result)
          expect(code, `byte ${at}`).toEqual(expect.any(String))
          if (/HMAC/.test(result.trace.canonicalRequest))
            expect(whole.bytes.subarray(0, handedOn.length).equals(handedOn)).toBe(true)
          bytes[at] = byte
        }
    },
  )
})
