import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createVerifier, presign, sign } from 'countersign/sync'
import { describe, expect, it } from 'vitest'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
setFlagsFromString('--no-expose-gc')

const credentials = { accessKeyId: 'AKIDLOW', secretAccessKey: 'l'.repeat(40) }
const url = 'https://h.example/x'
const signing = { service: 's3', credentials }

/** A text as a server's parser hands it on: in one piece, and its own. */
const fresh = (text: string) => Buffer.from(text, 'latin1').toString('latin1')

/** A request of mine in a region of its own, large in one way or another. */
const REQUESTS: Readonly<Record<string, (at: number) => { url: string; headers: object }>> = {
  'a long region': (at) => {
    const { headers } = sign({ url }, { ...signing, region: `r${at}${'a'.repeat(12_000)}` })
    return { url: '/x', headers }
  },
  'a long region in a URL': (at) => {
    const signed = presign({ url }, { ...signing, region: `r${at}${'a'.repeat(12_000)}` })
    return { url: signed.url, headers: {} }
  },
  'many names of headers beside a short region': (at) => {
    const many = Array.from({ length: 40 }, (_, name) => [`h${'a'.repeat(300)}${name}`, '1'])
    const { headers } = sign(
      { url, headers: Object.fromEntries(many) },
      { ...signing, region: `r${at}` },
    )
    return { url: '/x', headers }
  },
  'a long URL beside a short region, its slashes as they are': (at) => {
    const long = `https://h.example/${'p'.repeat(12_000)}`
    const signed = presign({ url: long }, { ...signing, region: `r${at}` })
    return { url: signed.url.replace(/%2F/g, '/'), headers: {} }
  },
}

describe('the holder of one key cannot fill the memory of a verifier', () => {
  it.each(Object.entries(REQUESTS))('with %s', (_, make) => {
    const verifier = createVerifier({ service: 's3', credentials: () => credentials })
    const send = (at: number) => {
      const { url, headers } = make(at)
      const fields = Object.entries(headers).map(([name, value]) => [name, fresh(value)])
      const target = fresh(url.replace('https://h.example', ''))
      const request = { method: 'GET', url: target, headers: Object.fromEntries(fields) }
      request.headers.host = 'h.example'
      expect(verifier.verify(request).ok).toBe(true)
    }
    for (let at = 0; at < 50; at++) send(at)
    collect()
    const before = process.memoryUsage().heapUsed
    for (let at = 50; at < 450; at++) send(at)
    collect()
    // Of each some hundred bytes are kept, where all of it were some thousand.
    expect((process.memoryUsage().heapUsed - before) / 400).toBeLessThan(4000)
    expect(verifier.verify).toBeTypeOf('function')
  })
})
