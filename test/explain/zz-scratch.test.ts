import { createHash, createHmac } from 'node:crypto'
import { type CryptoBackend, explain, type ServerExplainOptions } from 'countersign'
import { it } from 'vitest'
import { manual, serverOptions } from './faults.ts'

function counting() {
  const n = { sha256: 0, bytes: 0, hmac: 0, hmacHex: 0 }
  const crypto: CryptoBackend = {
    sha256: (d) => {
      n.sha256++
      n.bytes += d.length
      return createHash('sha256').update(d).digest('hex')
    },
    hmac: (k, d) => {
      n.hmac++
      return createHmac('sha256', k as string)
        .update(d)
        .digest()
    },
    hmacHex: (k, d) => {
      n.hmacHex++
      return createHmac('sha256', k as string)
        .update(d)
        .digest('hex')
    },
  }
  return { n, crypto }
}
const run = async (
  name: string,
  m: Parameters<typeof manual>[0],
  o: Partial<ServerExplainOptions> = {},
) => {
  const { n, crypto } = counting()
  const received = manual({ secret: 'nothing that can be guessed', ...m })
  const t = performance.now()
  const why = await explain(received, { ...serverOptions, ...o, crypto })
  const t1 = performance.now()
  const len = String(why).length
  console.log(
    name,
    why.cause,
    why.certain,
    n,
    `${Math.round(t1 - t)} ms, report ${len} ${Math.round(performance.now() - t1)} ms`,
  )
}
it('q', async () => {
  await run('plain', {})
  for (const k of [10, 100, 1000, 10_000])
    await run(`params ${k}`, { query: Array.from({ length: k }, (_, i) => `k${i}=${i}`).join('&') })
  await run('params 1MB', {
    query: Array.from({ length: 100_000 }, (_, i) => `k${i}=${i}`).join('&'),
  })
  for (const k of [10, 100, 1000, 10_000, 500_000])
    await run(`segments ${k}`, { path: '/a'.repeat(k) })
  for (const k of [10, 100, 1000]) await run(`slashes ${k}`, { path: '/'.repeat(k) })
  await run('path 1MB pct', { path: '/' + '%20'.repeat(350_000) })
  await run('path 1MB', { path: '/' + 'a'.repeat(1_000_000) })
  for (const k of [10, 100, 1000, 10_000])
    await run(`headers ${k}`, {
      headers: Object.fromEntries(Array.from({ length: k }, (_, i) => [`x-h${i}`, 'aB, c'])),
    })
  for (const k of [1000, 100_000, 1_000_000])
    await run(`header of ${k}`, { headers: { 'x-a': 'a b,"'.repeat(k / 6) } })
  await run(`header blanks`, { headers: { 'x-a': ' '.repeat(1_000_000) } })
  for (const k of [1000, 100_000, 1_000_000, 16_000_000])
    await run(`body of ${k}`, { body: `{"a":"${'b'.repeat(k)}"}` })
  await run(`body nested`, { body: '['.repeat(500_000) + ']'.repeat(500_000) })
  await run(`s3 body 16`, {
    service: 's3',
    path: '/b/k',
    body: 'b'.repeat(16_000_000),
    payload: 'UNSIGNED-PAYLOAD',
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  })
  await run(
    'keys 50',
    {},
    {
      credentials: () =>
        Array.from({ length: 50 }, (_, i) => ({
          accessKeyId: 'AKIDEXAMPLE',
          secretAccessKey: `secret${i}`,
        })),
    },
  )
  await run(
    'others 1000',
    {},
    {
      otherCredentials: Array.from({ length: 1000 }, (_, i) => ({
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: `secret${i}`,
      })),
    },
  )
  await run('hosts 1000', {}, { hosts: Array.from({ length: 1000 }, (_, i) => `h${i}.example`) })
}, 600_000)
