import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { type ReceivedRequest, verify } from 'countersign'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const now = new Date('2026-01-02T03:04:05Z')
const AUTHORITY = 'transcribestreaming.us-west-2.amazonaws.com'

/** As the SDKs sign what they send over HTTP/2: with `:authority` and without `host`. */
async function received(more: Record<string, string> = {}): Promise<ReceivedRequest> {
  const signer = new SignatureV4({
    ...{ credentials, region: 'us-west-2', service: 'transcribe', sha256: Sha256 },
  })
  const headers = {
    ':authority': AUTHORITY,
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-EVENTS',
    ...more,
  }
  const request = new HttpRequest({ method: 'POST', path: '/stream-transcription', headers })
  const signed = await signer.sign(request, { signingDate: now })
  return { method: 'POST', url: '/stream-transcription', headers: signed.headers }
}

const options = { service: 'transcribe', credentials: () => credentials, now }

const withHeaders = (it: ReceivedRequest, more: Record<string, string>): ReceivedRequest => ({
  ...it,
  headers: { ...(it.headers as Record<string, string>), ...more },
})

describe('a request over HTTP/2 that signs :authority', () => {
  it('is verified, and tells its host', async () => {
    const result = await verify(await received(), options)
    expect(result).toMatchObject({ ok: true, host: AUTHORITY, payload: 'streaming' })
    expect(result.ok && result.signedHeaders).toContain(':authority')
    expect(result.ok && result.signedHeaders).not.toContain('host')
  })

  it('is verified under another name that the sender may have used', async () => {
    const behind = withHeaders(await received(), { ':authority': 'internal:8080' })
    expect(await verify(behind, options)).toMatchObject({ reason: 'signature-mismatch' })
    expect(await verify(behind, { ...options, hosts: [AUTHORITY] })).toMatchObject({
      ...{ ok: true, host: AUTHORITY },
    })
  })

  it('is refused where a host of another name came too', async () => {
    const both = withHeaders(await received(), { host: 'other.example.com' })
    expect(await verify(both, options)).toMatchObject({ reason: 'host-mismatch' })
    const alike = withHeaders(await received(), { host: `${AUTHORITY.toUpperCase()}:443` })
    expect(await verify(alike, options)).not.toMatchObject({ reason: 'host-mismatch' })
  })

  it.each([null, 5, {}, 'a\nb'])('is refused where :authority is %j', async (odd) => {
    const behind = withHeaders(await received(), { ':authority': odd as string })
    const list = { ...behind, headers: Object.entries(behind.headers ?? {}) as [string, string][] }
    for (const request of [behind, list])
      expect(await verify(request, options)).toMatchObject({ reason: 'malformed-authorization' })
  })

  it.each([':method', ':path', ':scheme', ':protocol'])(
    'is verified with %s beside it',
    async (name) => {
      const it = await received()
      const { ':authority': host = '', ...rest } = it.headers as Record<string, string>
      for (const headers of [{ ':authority': host, ...rest }, rest])
        expect(await verify({ ...it, headers: { ...headers, [name]: 'a' } }, options)).toEqual(
          await verify({ ...it, headers }, options),
        )
    },
  )

  it('is refused with any other pseudo header', async () => {
    const it_ = await received()
    const headers = it_.headers as Record<string, string>
    const authorization = headers.authorization?.replace(':authority;', ':authority;:path;') ?? ''
    expect(await verify(withHeaders(it_, { authorization }), options)).toMatchObject({
      reason: 'malformed-authorization',
    })
  })

  it('must sign one of the two', async () => {
    const it_ = await received()
    const headers = it_.headers as Record<string, string>
    const authorization = headers.authorization?.replace(':authority;', '') ?? ''
    expect(await verify(withHeaders(it_, { authorization }), options)).toMatchObject({
      reason: 'unsigned-headers',
    })
  })
})
