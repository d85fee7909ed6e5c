import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { describe, expect, it } from 'vitest'
import { noise } from '../s3/support.ts'
import { type Target, targetOf } from './live-client.ts'

/** What a client does against the test AWS, to the end: it asks, and looks at what it gets. */
export interface Job {
  readonly name: string
  run(target: Target, server: VerifyingServer): Promise<unknown>
}

/** Two parts of five mebibytes, of which the second is not full. */
export const LARGE_BODY: Buffer = Buffer.from(noise(6 * 1024 ** 2))

/** Makes the tests of a client's jobs: each goes to its end, with a server of its own that refuses nothing. */
export function describeJobs(client: string, jobs: readonly Job[]): void {
  // awscli starts an interpreter for each of its commands.
  describe(client, { timeout: 90_000 }, () => {
    it.each(jobs)('$name', async ({ run }) => {
      const server = await createVerifyingServer({ region: 'eu-west-1' })
      try {
        await run(targetOf(server.url, server.credentials), server)
        expect(server.verdicts).not.toEqual([])
        expect(server.verdicts.filter(({ result }) => !result.ok)).toEqual([])
      } finally {
        await server.close()
      }
    })
  })
}
