// @ts-expect-error -- aws4 has no types of its own
import aws4 from 'aws4'
import * as countersign from 'countersign'
import { type Candidate, type Measured, measure, ratio } from './measure.ts'
import { figure, printBars, printTable } from './report.ts'
import { body, credentials, headers, host, method, region, service } from './request.ts'

/** A path that is its own canonical form, and one that is encoded anew. */
const PATHS = { plain: '/prod/orders', encoded: '/prod/orders/caf%C3%A9%20(1)' }
const QUERY = '?limit=25&cursor=eyJpZCI6MTIzfQ%3D%3D'

const options = { service, region, credentials }

/** What aws4 makes of the same request; it keeps its signing keys at module level. */
const aws4Signs = (target: string, signQuery?: true) => () =>
  aws4.sign(
    { host, path: target, method, headers: { ...headers }, body, region, service, signQuery },
    credentials,
  )

/** Every verb by a signer (or verifier) and without, and what aws4 has beside it. */
async function candidatesFor(path: string, kind: string): Promise<Candidate[]> {
  const target = `${path}${QUERY}`
  const request = { method, url: `https://${host}${target}`, headers, body }
  const signer = countersign.createSigner(options)
  const lookup = { service, region, credentials: () => credentials }
  const verifier = countersign.createVerifier(lookup)
  const signed = await signer.sign(request)
  const received = { method, url: target, headers: { host, ...signed.headers }, body }
  const result = await verifier.verify(received)
  if (!result.ok) throw new Error(`The verifier refused the bench's request: ${result.reason}`)
  const named = (name: string, run: () => unknown) => ({ name: `${name}, ${kind}`, run })
  return [
    named('sign, signer', () => signer.sign(request)),
    named('sign', () => countersign.sign(request, options)),
    named('aws4 sign', aws4Signs(target)),
    named('presign, signer', () => signer.presign(request)),
    named('presign', () => countersign.presign(request, options)),
    named('aws4 presign', aws4Signs(target, true)),
    named('verify, verifier', () => verifier.verify(received)),
    named('verify', () => countersign.verify(received, lookup)),
  ]
}

/** `sign`, `presign` and `verify`, with what a signer or verifier remembers and without. */
export async function bench(): Promise<void> {
  const kinds = Object.entries(PATHS)
  const candidates = await Promise.all(kinds.map(([kind, path]) => candidatesFor(path, kind)))
  const results = await measure(candidates.flat())
  const of = (name: string): Measured => {
    const found = results.find((result) => result.name === name)
    if (!found) throw new Error(`nothing measured as ${name}`)
    return found
  }
  printTable(
    ['one POST', 'µs median', 'µs min'],
    results.map(({ name, median, min }) => [name, figure(median), figure(min)]),
  )
  console.log()
  for (const [kind] of kinds) {
    const against = (name: string, peer: string) =>
      ratio(of(`${peer}, ${kind}`), of(`${name}, ${kind}`))
    printBars([
      {
        text: `sign without a signer no slower than aws4, ${kind} path`,
        actual: against('sign', 'aws4 sign'),
        at: { least: 1 },
        unit: ' x as fast',
      },
      {
        text: `presign without a signer no slower than aws4, ${kind} path`,
        actual: against('presign', 'aws4 presign'),
        at: { least: 1 },
        unit: ' x as fast',
      },
      {
        text: `presign by a signer at least 2.5 x faster than aws4, ${kind} path`,
        actual: against('presign, signer', 'aws4 presign'),
        at: { least: 2.5 },
        unit: ' x',
      },
    ])
  }
}
