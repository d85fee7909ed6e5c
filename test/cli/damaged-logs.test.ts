import { readdirSync, readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import type { World } from '../../src/cli/streams.ts'
import { exampleKey } from '../support/example-key.ts'
import { root } from '../support/packed.ts'
import { fc } from '../support/properties.ts'

const folder = `${root}/test/cli/logs`
const logs = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
/** The lines of a signature alone, of which any may be damaged. */
const lines = logs.flatMap(
  (log) => /(?<=DEBUG - )CanonicalRequest:\n.*\n[\da-f]{64}\n/s.exec(log) ?? [],
)

/** Runs the command in this process, and gives its exit code and what it says. */
async function outcomeOf(words: readonly string[], input: string): Promise<[number, string]> {
  let said = ''
  const sink = () =>
    new Writable({
      write(chunk, _, done) {
        said += chunk
        done()
      },
    })
  const world: World = {
    ...{ stdin: Readable.from([Buffer.from(input)]), stdout: sink(), stderr: sink() },
    env: {
      ...{ AWS_ACCESS_KEY_ID: exampleKey.accessKeyId, AWS_REGION: 'eu-west-1' },
      ...{ AWS_SECRET_ACCESS_KEY: exampleKey.secretAccessKey, HOME: '/nowhere' },
    },
  }
  return [await run(words, '0.0.0', world), said]
}

/** A log with a piece left out, or another in its place. */
const damaged = fc
  .record({
    log: fc.constantFrom(...logs, ...lines, ...lines),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(400),
    instead: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 8 })),
  })
  .map(({ log, from, length, instead }) => {
    const at = Math.floor(from * log.length)
    return (log.slice(0, at) + instead + log.slice(at + length)).replace(/[\ud800-\udfff]/g, '')
  })

describe('a damaged log', () => {
  const CALLS = ['explain', 'explain -X PUT http://127.0.0.1/bucket/a', 'verify', 'sign']
  it.each(CALLS)('is no fault of the command: %s', async (line) => {
    const call = line.split(' ')
    await fc.assert(
      fc.asyncProperty(damaged, async (log) => {
        const [code, said] = await outcomeOf(call, log)
        expect([code === 70, said === '', said.includes(exampleKey.secretAccessKey)]).toEqual([
          ...[false, false, false],
        ])
      }),
      { numRuns: 60 },
    )
  })
})
