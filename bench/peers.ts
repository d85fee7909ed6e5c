import { createHash, createHmac, type Hash, type Hmac, hash } from 'node:crypto'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Checksum, ChecksumConstructor, SourceData } from '@smithy/types'
// @ts-expect-error -- aws4 has no types of its own
import aws4 from 'aws4'
import { AwsV4Signer } from 'aws4fetch'
import type { Candidate } from './measure.ts'
import {
  body,
  credentials,
  headers,
  host,
  method,
  path,
  query,
  region,
  service,
  target,
  url,
} from './request.ts'

/** `node:crypto` in the shape that smithy wants, as @smithy/hash-node has it. */
class NodeSha256 implements Checksum {
  readonly #secret: SourceData | undefined
  #hash!: Hash | Hmac

  constructor(secret?: SourceData) {
    this.#secret = secret
    this.reset()
  }

  reset(): void {
    this.#hash = this.#secret
      ? createHmac('sha256', this.#secret as string | Uint8Array)
      : createHash('sha256')
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function smithy(name: string, sha256: ChecksumConstructor): Candidate {
  const signer = new SignatureV4({ credentials, region, service, sha256 })
  const request = new HttpRequest({
    protocol: 'https:',
    hostname: host,
    path,
    query,
    method,
    headers: { ...headers, host },
    body,
  })
  return { name, run: () => signer.sign(request) }
}

// Whoever signs without the session token in the header has signed another request.
const sessionTokenIn = (signed: Record<string, string>): boolean =>
  Object.keys(signed).some((name) => name.toLowerCase() === 'x-amz-security-token')

function aws4Candidate(): Candidate {
  const run = () =>
    aws4.sign(
      { host, path: target, method, headers: { ...headers }, body, region, service },
      credentials,
    )
  if (!sessionTokenIn(run().headers)) throw new Error('aws4 left the session token out')
  return { name: 'aws4', run }
}

function aws4fetchCandidate(): Candidate {
  const cache = new Map<string, ArrayBuffer>()
  return {
    name: 'aws4fetch',
    run: () =>
      new AwsV4Signer({
        url,
        method,
        headers,
        body,
        region,
        service,
        cache,
        ...credentials,
      }).sign(),
  }
}

/** The libraries that people use today, each as its own documentation advises. */
export const peers: readonly Candidate[] = [
  smithy('@smithy/signature-v4, node:crypto', NodeSha256),
  smithy('@smithy/signature-v4, sha256-js', Sha256),
  aws4Candidate(),
  aws4fetchCandidate(),
]

/** What no signer can go below on this platform: two hashes and an HMAC over the same lengths. */
export function floor(canonicalRequest: string, stringToSign: string): Candidate {
  const key = new Uint8Array(32).fill(7)
  return {
    name: 'floor (2 hashes, 1 HMAC)',
    run: () =>
      hash('sha256', body, 'hex').length +
      hash('sha256', canonicalRequest, 'hex').length +
      createHmac('sha256', key).update(stringToSign).digest('hex').length,
  }
}
