import { createVerifyingServer, type VerifyingServer } from 'countersign/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answered, find, type HttpCase, KEY, NOW, suites, type Wanted } from './case.ts'
import { runHttp } from './http-case.ts'
import { runPost } from './post-case.ts'

/**
 * What the test suites of S3-compatible servers ask of a verifier, told in words of our own; where a
 * suite and S3 differ, S3 counts. Sentences are each server's own, and not compared.
 */
let server: VerifyingServer<undefined>
beforeAll(async () => {
  server = await createVerifyingServer({
    credentials: find,
    region: KEY.region,
    service: KEY.service,
    now: () => new Date(NOW),
  })
  const put = { kind: 'http', id: '', expect: {}, method: 'PUT' } as const
  await runHttp({ ...put, path: '/bucket' }, server)
  await runHttp({ ...put, path: '/bucket/object', body: 'old' }, server)
})
afterAll(() => server.close())

const answerOf = (of: (typeof suites)[number][1][number]): Promise<Answered> =>
  of.kind === 'post' ? runPost(of) : runHttp(of as HttpCase, server)

/** Whether an answer has what is wanted of it; a pattern stands as `{ match }`. */
const wanted = ({ message: _, ...want }: Wanted): object =>
  Object.fromEntries(
    Object.entries(want).map(([name, value]) => {
      const isPattern = typeof value === 'object'
      return [name, isPattern ? expect.stringMatching(new RegExp(value.match, 's')) : value]
    }),
  )

const all = suites.flatMap(([suite, cases]) =>
  cases.map((of) => [`${suite}: ${of.id}`, of] as const),
)
describe('cases of other projects', () => {
  it('are 166', () => expect(all.length).toBe(166))

  it.each(all)('%s', async (_, of) => {
    expect(await answerOf(of)).toMatchObject(wanted(of.aws ?? of.expect))
  })
})
