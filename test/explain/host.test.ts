import { explain } from 'countersign'
import { sign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const scope = { service: 's3', region: 'eu-west-1' }

/** What is said of a request with a header that was changed on the way. */
async function said(host: string, hosts?: readonly string[]) {
  const signed = sign(
    { url: `http://${host}/a`, headers: { 'x-amz-meta-owner': 'alice' } },
    { ...scope, credentials },
  )
  const headers = { ...signed.headers, host, 'x-amz-meta-owner': 'mallory' }
  return explain(
    { method: 'GET', url: '/a', headers },
    { ...scope, credentials: () => credentials, ...(hosts && { hosts }) },
  )
}

describe('a request that no likely mistake explains', () => {
  it('may have been signed for another host where it arrived at an inner one, and is not only that', async () => {
    for (const host of ['localhost:8080', '127.0.0.1', 'inside']) {
      const { cause, certain, message } = await said(host)
      expect({ cause, certain }).toEqual({ cause: 'host-changed', certain: false })
      expect(message).toMatch(
        /another host .* the secret is another one.* changed after it was signed/,
      )
    }
  })

  it('is not said to be for another host where the hosts are named, or the host is an outer one', async () => {
    for (const one of [
      await said('127.0.0.1:8080', ['127.0.0.1:8080']),
      await said('files.example.com'),
    ]) {
      expect(one.cause).toBe('wrong-secret')
      expect(one.message).toMatch(/changed after it was signed/)
    }
  })
})
