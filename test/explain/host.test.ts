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
      const why = await said(host)
      expect(why).toMatchObject({ cause: 'host-changed', certain: false })
      expect(why.causes).toEqual(['host-changed', 'wrong-secret'])
      expect(String(why)).toMatch(
        /another host .* The secret is another one.* changed after it was signed/s,
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

describe('a request that a server refuses for its target', () => {
  const server = { ...scope, credentials: (_: string) => credentials }
  const signedFor = (host: string, path = '/a') => {
    const { headers } = sign(
      { url: `http://${host}${path}` },
      { ...scope, credentials, dotSegments: 'literal' },
    )
    return { method: 'GET', url: path, headers: { ...headers, host } }
  }

  it('is for a host that is none of its own', async () => {
    const why = await explain(signedFor('a.example'), { ...server, hosts: ['*.b.example'] })
    expect(why).toMatchObject({ cause: 'host-changed', certain: true, matches: false })
    expect(why.findings[0]?.detail).toBe('a.example')
    const inside = signedFor('b.example')
    const behind = { ...inside, headers: { ...inside.headers, host: 'inside' } }
    expect((await explain(behind, { ...server, hosts: ['a.example'] })).matches).toBe(false)
  })

  it('names two hosts', async () => {
    const off = { ...signedFor('a.example'), url: 'http://b.example/a' }
    expect(await explain(off, server)).toMatchObject({ cause: 'host-ambiguous', certain: true })
  })

  it('is told of its path where that is asked, and of its signature else', async () => {
    const dotted = signedFor('a.example', '/a/../b')
    expect((await explain(dotted, server)).matches).toBe(true)
    expect(await explain(dotted, { ...server, pathForm: undefined })).toMatchObject({
      matches: true,
    })
    const strict = await explain(dotted, { ...server, pathForm: 'normal' })
    expect(strict).toMatchObject({ cause: 'path-ambiguous', certain: true, matches: false })
  })

  it('is a client’s own where it names a host of its own', async () => {
    const request = { url: 'http://127.0.0.1:9000/a', headers: { host: 'a.example' } }
    const signed = sign(request, { ...scope, credentials })
    for (const one of [request, signed])
      expect((await explain(one, { ...scope, credentials })).matches).toBe(true)
    expect((await explain(signed, server)).matches).toBe(true)
  })
})
