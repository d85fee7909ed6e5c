import { type CryptoBackend, presign, sign } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { backend as js } from '../src/crypto/js.ts'
import { backend as node } from '../src/crypto/node.ts'
import { backend as web } from '../src/crypto/web.ts'
import { runSuite, type Verbs } from './suite.ts'
import { suiteV4 } from './vectors.ts'

describe("AWS's signing test suite v4, stage by stage", async () => {
  const outcomes = await runSuite({ sign, presign }, suiteV4)

  it('has 38 cases, two placements and four stages', () => {
    expect(outcomes).toHaveLength(38 * 2 * 4)
  })

  it.each(outcomes)('$name', ({ got, want }) => {
    expect(got).toBe(want)
  })

  it('can be carried to another runtime as JSON', async () => {
    const carried = JSON.parse(JSON.stringify(suiteV4)) as typeof suiteV4
    expect(await runSuite({ sign, presign }, carried)).toEqual(outcomes)
  })
})

/** The root entry with another backend. */
const withBackend = (crypto: CryptoBackend): Verbs => ({
  sign: (request, options) => sign(request, { ...options, crypto }),
  presign: (request, options) => presign(request, { ...options, crypto }),
})

/** The synchronous entry with another backend. */
const syncWith = (crypto: typeof js): Verbs => ({
  sign: (request, options) => sync.sign(request, { ...options, crypto }),
  presign: (request, options) => sync.presign(request, { ...options, crypto }),
})

describe.each<[string, Verbs]>([
  ['countersign/sync', { sign: sync.sign, presign: sync.presign }],
  ['the node backend', withBackend(node)],
  ['the web backend', withBackend(web)],
  ['the js backend', withBackend(js)],
  ['countersign/sync with the js backend', syncWith(js)],
])('the same signatures come from %s', async (_, verbs) => {
  const outcomes = await runSuite(verbs, suiteV4)

  it.each(outcomes.filter(({ name }) => name.endsWith(': signature')))('$name', ({ got, want }) => {
    expect(got).toBe(want)
  })

  it('the other stages are right too', () => {
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
  })
})
