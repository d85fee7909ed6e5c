import {
  awsError,
  type Explanation,
  explain,
  type MismatchCause,
  type ReceivedRequest,
  type ServerExplainOptions,
  verify,
} from 'countersign'
import { afterAll, describe, expect, it } from 'vitest'
import { fc } from '../support/properties.ts'
import { KEY, NOW } from './client-case.ts'
import { faults, serverOptions } from './faults.ts'
import { manual } from './manual.ts'
import { ALIKE } from './never-false/alike.ts'
import { habits } from './never-false/habits.ts'
import { type Made, made, signedWell } from './never-false/made.ts'
import { mistakes } from './never-false/mistakes.ts'

/** A request that arrives with faults, and the causes that are true of it. */
interface Arrival {
  readonly name: string
  readonly causes: readonly MismatchCause[]
  readonly received: ReceivedRequest
  /** As it was signed and sent, where that is well. */
  readonly sent?: ReceivedRequest
  readonly options?: Partial<ServerExplainOptions>
}

const requests = (numRuns: number, seed: number): readonly Made[] =>
  fc.sample(made, { numRuns, seed })

/** Each mistake and each habit, by itself. */
const single = (it: Made): Arrival[] => {
  const well = signedWell(it)
  const good = manual(well)
  return [
    ...Object.entries(habits).map(([name, { causes, change }]) => ({
      ...{ name, causes },
      received: change(good),
      sent: good,
    })),
    ...Object.entries(mistakes).map(([name, { causes, change }]) => ({
      ...{ name, causes },
      received: manual(change(well)),
    })),
  ]
}

/** A mistake or a habit, and a habit behind it, drawn for each request. */
const pairs = (it: Made, at: number): Arrival[] => {
  const first = single(it)
  const second = Object.entries(habits)
  return [0, 1, 2, 3].map((turn) => {
    const one = first[(at * 31 + turn * 17) % first.length] as Arrival
    const [name, { causes, change }] = second[
      (at * 7 + turn * 13) % second.length
    ] as (typeof second)[0]
    return {
      name: `${one.name}, ${name}`,
      causes: [...one.causes, ...causes],
      received: change(one.received),
    }
  })
}

const isAlike = (told: MismatchCause, made: readonly MismatchCause[]): boolean =>
  ALIKE.some(({ causes }) => causes.includes(told) && made.some((it) => causes.includes(it)))

interface Score {
  asked: number
  proved: number
  /** Told by the other name of a pair that no one can tell apart. */
  alike: number
  readonly wrong: string[]
  readonly missed: string[]
}

const scores: Record<string, Score> = {}

type Ask = (it: Arrival) => Promise<Explanation | undefined>

/** Asks for the cause of each arrival that is refused, and counts what is said. */
async function count(kind: string, arrivals: Iterable<Arrival>, ask: Ask): Promise<Score> {
  const score: Score = { asked: 0, proved: 0, alike: 0, wrong: [], missed: [] }
  scores[kind] = score
  for (const it of arrivals) {
    const why = await ask(it)
    if (!why) continue
    score.asked++
    const said = `${it.name} (${it.causes}): ${why.causes}, ${it.received.url}`
    if (!why.certain) score.missed.push(said)
    if (why.certain) score.proved++
    const others = why.causes.filter((cause) => !it.causes.includes(cause))
    if (why.matches) score.wrong.push(said)
    else if (why.certain && others.every((cause) => isAlike(cause, it.causes)))
      score.alike += Math.min(1, others.length)
    else if (why.certain) score.wrong.push(said)
  }
  return score
}

/** What a server is told of a request that it refuses. */
const byServer =
  (given: Partial<ServerExplainOptions> = {}): Ask =>
  async ({ received, options }) => {
    const all = { ...serverOptions, ...options, ...given }
    return (await verify(received, all)).ok ? undefined : explain(received, all)
  }

/** What a client is told, by its request as it was sent and the answer to what arrived. */
const byClient: Ask = async ({ received, sent }) => {
  const result = await verify(received, serverOptions)
  if (result.ok || !sent) return undefined
  const { host = '' } = sent.headers as Record<string, string>
  const service = /eu-west-1\/([\w-]+)/.exec(JSON.stringify(sent.headers))?.[1] as string
  return explain(
    { ...sent, url: `https://${host}${sent.url}`, body: sent.body ?? null },
    {
      ...{ service, region: 'eu-west-1', credentials: KEY, signingDate: NOW },
      serverError: awsError(result, 's3').body,
    },
  )
}

const timeout = 300_000

describe('what explain tells as certain', () => {
  it('is of requests that are good before', async () => {
    for (const it of requests(300, 1))
      expect((await verify(manual(signedWell(it)), serverOptions)).ok).toBe(true)
  })

  it('is so, and at least 97 % of what can be undone is found', { timeout }, async () => {
    const arrivals = requests(55, 7).flatMap(single)
    const score = await count('one fault', arrivals, byServer())
    expect(score.wrong).toEqual([])
    expect(score.asked).toBeGreaterThan(1000)
    const lost = arrivals.filter(({ name }) => habits[name]?.isLost).map(({ name }) => name)
    const missed = score.missed.filter((said) => !lost.some((name) => said.startsWith(name)))
    expect(missed.length / (score.asked - (score.missed.length - missed.length))).toBeLessThan(0.03)
  })

  it('is so of two faults together', { timeout }, async () => {
    const score = await count(
      'two faults',
      requests(250, 8).flatMap(pairs),
      byServer({ budget: 1000 }),
    )
    expect(score.wrong).toEqual([])
    expect(score.asked).toBeGreaterThan(500)
  })

  it('is so of every fault that the tests know, behind every proxy', { timeout }, async () => {
    const all = Object.entries(habits)
    const arrivals = (await faults()).flatMap((fault, at) =>
      // Every other one of each, so that each habit meets half of the faults.
      all
        .filter((_, index) => (index + at) % 2 === 0)
        .map(
          ([name, { causes, change }]): Arrival => ({
            name: `${fault.name}, ${name}`,
            causes: [...fault.causes, ...causes],
            received: change(fault.received),
            ...(fault.options && { options: fault.options }),
          }),
        ),
    )
    const score = await count('known faults', arrivals, byServer({ budget: 300 }))
    expect(score.wrong).toEqual([])
    expect(score.asked).toBeGreaterThan(1500)
  })

  it('is so for a client that has the answer', { timeout }, async () => {
    const score = await count('clients', requests(40, 9).flatMap(single), byClient)
    expect(score.wrong).toEqual([])
    expect(score.asked).toBeGreaterThan(500)
  })

  it.each(ALIKE.map((pair) => [pair.causes, pair] as const))(
    'may be either of %j, which give the same request and signature',
    async (causes, { first, second: [sent, received] }) => {
      expect(ALIKE.length).toBeLessThanOrEqual(10)
      expect((await verify(sent, serverOptions)).ok).toBe(true)
      expect(received).toEqual(first)
      const why = await explain(received, serverOptions)
      expect(why.certain).toBe(true)
      expect(causes).toContain(why.cause)
    },
  )

  afterAll(() => {
    for (const [kind, { asked, proved, alike, wrong }] of Object.entries(scores))
      console.info(
        `${kind}: ${asked} asked, ${proved} proved (${alike} by the other name), ${wrong.length} false`,
      )
  })
})
