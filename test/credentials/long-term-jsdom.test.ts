// @vitest-environment jsdom
import { createSigner, presign, sign } from 'countersign'
import * as sync from 'countersign/sync'
import { expect, it } from 'vitest'

it('jsdom is no browser: a test of a page may use a long-term key', async () => {
  expect([typeof document, location.protocol, navigator.userAgent]).toEqual([
    ...['object', 'http:', expect.stringContaining('jsdom')],
  ])
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' }
  const options = { service: 's3', region: 'eu-west-1', credentials, signingDate: new Date() }
  const request = { url: 'https://example.com/' }
  const { signature } = await sign(request, options)
  expect((await createSigner(options).sign(request)).signature).toBe(signature)
  expect(sync.sign(request, options).signature).toBe(signature)
  expect((await presign(request, options)).signature).toMatch(/^[\da-f]{64}$/)
})
