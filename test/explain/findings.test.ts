import { type Explanation, explain, type Finding, sign } from 'countersign'
import { describe, expect, it } from 'vitest'
import { SHAPES, server } from './answers.ts'
import { get, header, KEY, NOW, onWire, TEMPORARY } from './client-case.ts'
import { faults, serverOptions } from './faults.ts'
import { manual } from './manual.ts'

const options = {
  service: 'execute-api',
  region: 'eu-west-1',
  credentials: KEY,
  signingDate: NOW,
}

/** What a text for people says of each finding. */
const told = (why: Explanation): Finding[] =>
  [
    ...String(why).matchAll(
      /^ *(?:Proved|Likely|And): (.*?\.)(?: \((.*)\))? \[([\w-]+)\]\n +Cure: (.*)$/gm,
    ),
  ].map(([, message = '', detail, cause, advice = '']) => ({
    cause: cause as Finding['cause'],
    ...(detail && { detail }),
    message,
    advice,
  }))

describe('findings', async () => {
  it.each((await faults()).map((fault) => [fault.name, fault] as const))(
    'are one each per cause, and all that is told of: %s',
    async (_, { received, options: given }) => {
      const why = await explain(received, { ...serverOptions, ...given })
      const { findings, causes, cause, message, advice } = why
      const [first] = findings as [Finding]
      expect(findings.map((it) => it.cause)).toEqual(causes)
      expect(new Set(causes).size).toBe(causes.length)
      expect(cause).toBe(first.cause)
      expect(message).toBe(first.detail ? `${first.message} (${first.detail})` : first.message)
      expect(advice).toBe(first.advice)
      expect(told(why)).toEqual(findings)
      expect(JSON.parse(JSON.stringify(why))).toMatchObject({ findings })
    },
  )

  it('say each what they are about', async () => {
    const received = header(
      'accept-encoding',
      'gzip, br',
    )({
      method: 'GET',
      target: '/p?q=a%20b',
      headers: Object.entries(
        manual({
          ...{ method: 'GET', path: '/p', body: '' },
          ...{ query: 'q=a%20b', canonicalQuery: 'q=a+b' },
          headers: { 'accept-encoding': 'gzip' },
        }).headers as Record<string, string>,
      ),
    })
    const { target: url, method, headers } = received
    const { findings } = await explain({ url, method, headers }, serverOptions)
    expect(findings.map(({ cause, detail }) => [cause, detail])).toEqual([
      ['query-plus', undefined],
      ['volatile-header', 'accept-encoding'],
    ])
  })

  it('name for a client each header that the server reads otherwise', async () => {
    const signed = await sign(get('/p', { 'x-a': 'a', 'x-b': 'B' }), options)
    const change = (wire: Parameters<ReturnType<typeof header>>[0]) =>
      header('x-b', 'b')(header('x-a', undefined)(wire))
    const answer = SHAPES["API Gateway's JSON"]?.(server(change(onWire(signed))))
    const { findings } = await explain(signed, { ...options, serverError: answer })
    expect(findings.map(({ cause, detail }) => [cause, detail])).toEqual([
      ['header-dropped', 'x-a'],
      ['header-case', 'x-b'],
    ])
  })

  it('are none where the signature matches', async () => {
    const why = await explain(manual({}), serverOptions)
    expect([why.matches, why.findings, why.causes, why.cause]).toEqual([true, [], [], undefined])
  })

  it('hold no token', async () => {
    const given = { ...options, credentials: TEMPORARY }
    const signed = await sign(get('/p'), given)
    const read = server(header('x-amz-security-token', 'another')(onWire(signed)))
    const serverError = SHAPES["S3's XML"]?.(read)
    const { findings } = await explain(signed, { ...given, serverError })
    expect(findings.map(({ cause, detail }) => [cause, detail])).toEqual([
      ['token-altered', 'x-amz-security-token'],
    ])
  })
})
