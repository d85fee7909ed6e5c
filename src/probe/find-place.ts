import { randomBytes } from 'node:crypto'
import { checkWords } from '../canonical/words.ts'
import { ensure, fail } from '../model/errors.ts'
import type { Credentials } from '../model/types.ts'
import type { Place } from './place.ts'
import type { ProbeOptions } from './types.ts'

const LOOPBACK = /^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/

/** Reads where a server is, and whether it may be probed. */
export async function findPlace(options: ProbeOptions, ahead: () => number): Promise<Place> {
  const { service, bucket, replays, timeout = 10, thisServerIsMine } = options
  const url = typeof options.url === 'string' ? options.url : options.url.href
  if (!URL.canParse(url)) fail('invalid-url', 'the URL of a server')
  const { protocol, hostname, port, host, pathname, search } = new URL(url)
  ensure(/^https?:$/.test(protocol), 'invalid-url', 'a URL of http or https')
  if (!LOOPBACK.test(hostname) && thisServerIsMine !== true)
    fail(
      'invalid-url',
      'the URL of a server on the loopback, or thisServerIsMine where it is yours to attack',
    )
  checkWords({ replays }, { replays: 'accepted|refused' })
  ensure(timeout > 0 && timeout < 2 ** 31 / 1000, 'invalid-options', 'timeout in seconds')
  ensure(service, 'invalid-scope', 'service')
  ensure(options.region, 'invalid-scope', 'region')
  const isS3 = /^s3/.test(service)
  const secure = protocol === 'https:'
  const path = pathname.replace(/\/$/, '')
  const { credentials } = options
  const key = typeof credentials === 'function' ? await credentials() : credentials
  return {
    ...{ options, isS3, secure, host, origin: `${protocol}//${host}` },
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 443 : 80)),
    base: isS3 ? `${path}/${bucket ? `${bucket}/` : ''}` : pathname + search,
    prefix: `countersign-probe-${randomBytes(6).toString('hex')}/`,
    credentials: key as Credentials,
    now: () => new Date(Date.now() + ahead()),
  }
}
