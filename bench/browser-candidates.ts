/** Runs in a page or a worker: what is signed there, by us and by aws4fetch, with the key at hand. */
import { AwsV4Signer } from 'aws4fetch'
import { createSigner } from 'countersign'
import { body, credentials, headers, region, service, url } from './request.ts'

export const KINDS = ['with a body', 'without', 'a URL', 'a URL of S3'] as const
export type Kind = (typeof KINDS)[number]
export const SIGNERS = ['countersign', 'aws4fetch'] as const
export type Signer = (typeof SIGNERS)[number]

const accept = { accept: 'application/json' }
const object = 'https://bucket.s3.eu-west-1.amazonaws.com/reports/2026/november.pdf'

/** One signature of each kind, by each signer. */
export type Runs = Readonly<Record<Kind, Readonly<Record<Signer, () => unknown>>>>

export function makeRuns(): Runs {
  const own = { region, service, credentials }
  const aws = createSigner(own)
  const s3 = createSigner({ ...own, service: 's3' })
  const theirs = { region, service, ...credentials, cache: new Map<string, ArrayBuffer>() }
  return {
    'with a body': {
      countersign: () => aws.sign({ method: 'POST', url, headers, body }),
      aws4fetch: () => new AwsV4Signer({ ...theirs, method: 'POST', url, headers, body }).sign(),
    },
    without: {
      countersign: () => aws.sign({ url, headers: accept }),
      aws4fetch: () => new AwsV4Signer({ ...theirs, url, headers: accept }).sign(),
    },
    'a URL': {
      countersign: () => aws.presign({ url }),
      aws4fetch: () => new AwsV4Signer({ ...theirs, url, signQuery: true }).sign(),
    },
    'a URL of S3': {
      countersign: () => s3.presign({ url: object }),
      aws4fetch: () =>
        new AwsV4Signer({ ...theirs, service: 's3', url: object, signQuery: true }).sign(),
    },
  }
}
