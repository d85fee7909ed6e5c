import * as countersign from 'countersign'
import * as synchronous from 'countersign/sync'
import { type Candidate, type Measured, measure, ratio } from './measure.ts'
import { floor, peers } from './peers.ts'
import { type Bar, figure, printBars, printTable, writeFigures } from './report.ts'
import {
  body,
  credentials,
  headers,
  host,
  method,
  region,
  service,
  target,
  url,
} from './request.ts'

const SIGN = 'countersign'
const SYNC = 'countersign/sync'
const VERIFY = 'countersign verify'

/** The verifier beside the signer, over a request that was signed just now; none before it exists. */
async function verifying(signed: countersign.SignedRequest): Promise<Candidate[]> {
  if (!('createVerifier' in countersign)) return []
  // By name, so that this file compiles before and after `createVerifier` exists.
  const createVerifier = countersign.createVerifier as (options: object) => {
    verify(received: object): Promise<{ ok: boolean; reason?: string }>
  }
  const verifier = createVerifier({ service, region, credentials: () => credentials })
  const received = { method, url: target, headers: { host, ...signed.headers }, body }
  const result = await verifier.verify(received)
  if (!result.ok) throw new Error(`The verifier refused the bench's request: ${result.reason}`)
  return [{ name: VERIFY, run: () => verifier.verify(received) }]
}

function bars(of: (name: string) => Measured): Bar[] {
  const ours = of(SIGN)
  const times = (text: string, name: string, least: number): Bar => ({
    text: `at least ${figure(least, 1)} x faster than ${text}`,
    actual: ratio(of(name), ours),
    at: { least },
    unit: ' x',
  })
  return [
    {
      text: 'at most 1.9 x the floor',
      actual: ratio(ours, of('floor (2 hashes, 1 HMAC)')),
      at: { most: 1.9 },
      unit: ' x',
    },
    times('aws4', 'aws4', 2.5),
    times('smithy on node:crypto', '@smithy/signature-v4, node:crypto', 5),
    times('aws4fetch', 'aws4fetch', 30),
  ]
}

/** One `sign` of the same POST by everyone, with the signing key in the cache. */
export async function bench(json?: string): Promise<void> {
  const request = { method, url, headers, body }
  const signer = countersign.createSigner({ service, region, credentials })
  const syncSigner = synchronous.createSigner({ service, region, credentials })
  const signed = await signer.sign(request)
  const base = floor(signed.trace.canonicalRequest, signed.trace.stringToSign)
  const verifier = await verifying(signed)

  const results = await measure([
    base,
    { name: SIGN, run: () => signer.sign(request) },
    { name: SYNC, run: () => syncSigner.sign(request) },
    ...verifier,
    ...peers,
  ])
  const of = (name: string): Measured => {
    const found = results.find((result) => result.name === name)
    if (!found) throw new Error(`nothing measured as ${name}`)
    return found
  }

  printTable(
    ['sign, one POST', 'µs median', 'µs min', 'x floor', 'x countersign'],
    results.map((result) => [
      result.name,
      figure(result.median),
      figure(result.min),
      figure(ratio(result, of(base.name))),
      figure(ratio(result, of(SIGN))),
    ]),
  )
  if (json)
    writeFigures(json, {
      runtime: `Node ${process.version}, ${process.platform} ${process.arch}`,
      speed: Object.fromEntries(
        results.map(({ name, median }) => [name, Number(median.toPrecision(3))]),
      ),
    })
  console.log()
  printBars(bars(of))
  if (verifier.length)
    printBars([
      {
        text: 'verify takes at most 1.35 x sign',
        actual: ratio(of(VERIFY), of(SIGN)),
        at: { most: 1.35 },
        unit: ' x',
      },
    ])
  else console.log('skip  verify against sign: createVerifier is not exported yet')
}
