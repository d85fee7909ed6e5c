import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { useHome } from './command.ts'
import { targetOf } from './live-client.ts'
import { describeWithPart } from './parts.ts'
import { type Place, startProxy } from './tampering.ts'
import {
  at,
  CLIENTS,
  type Client,
  SIGNS_AGAIN,
  sdk,
  type Upload,
  WAYS,
  type Way,
} from './uploads.ts'

/** Why the server refuses the request that goes wrong. */
const REASONS: Readonly<Record<Way, string>> = {
  'wrong region': 'scope-mismatch',
  'skewed clock': 'clock-skew',
  'wrong checksum': 'payload-mismatch',
  'cut body': 'payload-mismatch',
}

const REGION = 'eu-west-1'
const HOUR = 3_600_000

let server: VerifyingServer
afterEach(() => server?.close())

const outcomes = (): readonly string[] => [
  ...new Set(server.verdicts.map(({ result }) => (result.ok ? 'accepted' : result.reason))),
]

/** Starts the server, and uploads in one of the ways. */
async function upload({ put, misstated }: Upload, way?: Way): Promise<void> {
  const skew = way === 'skewed clock' ? HOUR : 0
  server = await createVerifyingServer({ region: REGION, now: () => new Date(Date.now() + skew) })
  const checksum = way === 'wrong checksum' ? misstated : 'nowhere'
  const place: Place = typeof checksum === 'string' ? checksum : 'nowhere'
  const proxy = await startProxy(server.port, way === 'cut body' ? 'end' : place)
  const region = way === 'wrong region' ? 'us-west-2' : REGION
  const send = typeof checksum === 'string' ? put : checksum
  try {
    await send({ ...targetOf(proxy.url, server.credentials), region })
  } finally {
    proxy.close()
  }
}

const table: Record<string, Record<string, string>> = {}
afterAll(() => console.table(table))

/**
 * The tests of what a client says when an upload goes wrong, in one piece and in parts: it must report
 * S3's own code, which it reads from the server's answer, or put the upload right by itself.
 */
function describeSaying({ name, needs, prepare, uploads, said }: Client): void {
  const suite = () => {
    useHome()
    let remove: (() => void) | undefined
    beforeAll(() => {
      remove = prepare?.()
    }, 300_000)
    afterAll(() => remove?.())

    describe.each(Object.entries(uploads))('%s', (kind, how) => {
      const row: Record<string, string> = {}
      table[`${name}, ${kind}`] = row

      it('is accepted as it is', async () => {
        await upload(how)
        expect(outcomes()).toEqual(['accepted'])
        const parts = server.verdicts.filter(({ request }) => /partNumber=/i.test(request.url))
        expect(parts.length).toBe(kind === 'in parts' ? 2 : 0)
      })

      it.each(WAYS)('says what is wrong: %s', async (way) => {
        const reason = (way === 'wrong checksum' && how.reason) || REASONS[way]
        const heard = await upload(how, way).then(() => SIGNS_AGAIN, said)
        row[way] = typeof heard === 'string' ? heard : Object.values(heard).join(', exit ')
        expect(heard).toEqual(how.says[way])
        if (heard === SIGNS_AGAIN) expect(outcomes()).toEqual([reason, 'accepted'])
        // What went well before, and what is cleaned up after it, are of no account.
        else expect(outcomes().filter((outcome) => outcome !== 'accepted')).toEqual([reason])
      })
    })
  }
  if (needs) describeWithPart(needs, name, suite)
  else describe(name, suite)
}

for (const client of CLIENTS) describeSaying(client)

describe('@aws-sdk that follows to another region', () => {
  it('signs again for the region that the answer names', async () => {
    server = await createVerifyingServer({ region: REGION })
    const target = targetOf(server.url, server.credentials)
    await sdk(target).send(new PutObjectCommand({ ...at, Body: 'text' }))
    const follower = sdk(target, { region: 'us-west-2', followRegionRedirects: true })
    await follower.send(new HeadBucketCommand({ Bucket: 'bucket' }))
    const results = server.verdicts.map(({ result }) => result.ok || result.reason)
    expect(results).toEqual([true, 'scope-mismatch', true])
  })
})
