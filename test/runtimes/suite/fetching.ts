import { sign, verify } from 'countersign'
import { receivedFrom, signedFetch } from 'countersign/fetch'
import { runChecks, same } from './check.ts'
import { credentials, scope, signing, url, verifying } from './common.ts'
import { lacksCrypto, type Suite, type Task } from './task.ts'

const aws = (fetch?: typeof globalThis.fetch) => signedFetch({ ...scope, credentials, fetch })

const run = ({ origin }: Task) =>
  runChecks({
    'a GET is accepted': async () =>
      same((await aws()(`${origin}/judge/a%20b//c?x=1&a=~&b`)).status, 200),
    'a PUT with a text is accepted': async () => {
      const headers = { 'x-amz-meta-a': 'a  b', 'content-type': 'text/plain' }
      const init = { method: 'PUT', headers, body: 'ü😀' }
      same((await aws()(`${origin}/judge/key`, init)).status, 200)
    },
    'a Request with bytes is accepted': async () => {
      const init = { method: 'POST', body: Uint8Array.of(0, 255, 1) }
      same((await aws()(new Request(`${origin}/judge/key`, init))).status, 200)
    },
    'what is changed after it was signed is refused': async () => {
      const changed = aws((input, init) => fetch(String(input).replace('/key', '/kex'), init))
      same((await changed(`${origin}/judge/key`)).status, 403)
    },
    'a received Request is verified': async () => {
      const signed = await sign({ method: 'PUT', url, body: 'ü😀' }, signing)
      // A Request of a browser may not state a host; the URL's counts.
      const { host: _, ...headers } = signed.headers
      const verdict = async (body: string) => {
        const request = new Request(signed.url, { method: 'PUT', headers, body })
        const result = await verify(await receivedFrom(request), verifying)
        return result.ok || result.reason
      }
      same(await verdict('ü😀'), true)
      same(await verdict('ü😁'), 'payload-mismatch')
    },
  })

/** Signed by the platform's own fetch, and judged by a server that is not ours. */
export const fetching: readonly Suite[] = [
  {
    ...{ entry: 'countersign/fetch', name: 'fetch', lacks: lacksCrypto, run },
    attempts: { signedFetch: () => aws()('https://bucket.s3.eu-west-1.amazonaws.com/key') },
  },
]
