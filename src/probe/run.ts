import { fail } from '../model/errors.ts'
import { CASES } from './cases/all.ts'
import { type Case, good } from './cases/case.ts'
import { HEADER } from './cases/sources.ts'
import { findPlace } from './find-place.ts'
import { inTurn } from './in-turn.ts'
import { removeObjects, writeObjects } from './objects.ts'
import { OBJECTS, type Place } from './place.ts'
import { type Run, runCase } from './run-case.ts'
import type { ProbeOptions, ProbeResult } from './types.ts'
import { sendBytes, wireOf } from './wire.ts'
import { draftOf } from './wrong-signer.ts'

/** What every server must let in before anything else can be judged. */
const FIRST: Case = {
  ...good('first', 'a plain request, without which nothing can be judged', HEADER, {}),
  ...{ group: 'first', applies: 'any' },
}

/** The same, as S3 is first asked. */
const FIRST_OF_S3: Case = { ...FIRST, recipe: { key: 'a.txt', body: OBJECTS['a.txt'] ?? '' } }

/** Seconds by which a clock may be wrong before it is set by the server's. */
const CLOCK = 5

/** How far the server's clock is ahead: milliseconds, 0 where that is little or not told. */
async function aheadOf(it: Case, place: Place): Promise<number> {
  const { headers } = await sendBytes(wireOf(await draftOf(it, place)), place)
  const ahead = Date.parse(headers.date ?? '') - Date.now()
  return Math.abs(ahead) > CLOCK * 1000 ? ahead : 0
}

/** The cases that apply to a server, and that were asked for. */
function casesFor({ options, isS3, credentials }: Place): readonly Case[] {
  const { only, replays, body, method = body === undefined ? 'GET' : 'POST' } = options
  const named = new Set(only)
  for (const name of named)
    if (!CASES.some((it) => it.name === name || it.group === name))
      fail('invalid-options', `only with names of cases or groups, and not ${name}`)
  const hasToken = credentials.sessionToken !== undefined
  const has = {
    ...{ token: hasToken, 'no-token': !hasToken, replays: replays === 'refused' },
    // A server may pass over the body of a request that should have none.
    body: !/^(GET|HEAD|DELETE)$/.test(method),
  }
  return CASES.filter(
    ({ name, group, applies, needs }) =>
      (applies === 'any' || (applies === 's3') === isS3) &&
      (needs === undefined || has[needs]) &&
      (only === undefined || named.has(name) || named.has(group)),
  )
}

/**
 * Probes how well a server verifies: sends it right requests of every form that clients send, and
 * wrong ones of every kind that it must refuse, and gives what became of each, in the order in which
 * they are listed. At most eight are under way at a time.
 *
 * The first result is that of a plain request: where the server refuses that one, it is the only one,
 * as nothing else could be judged. To a server of S3 it writes under a prefix of its own
 * (`countersign-probe-…/`) and removes what it wrote, also where the loop is left early; of another
 * service it makes the one call of the URL again and again, which should change nothing.
 *
 * Only a server on the loopback is probed, unless `thisServerIsMine`. Results hold neither the secret
 * nor the session token; they do hold requests that were signed.
 *
 * @throws CountersignError `invalid-url`, `invalid-options`, `invalid-scope`; what a provider of
 * credentials throws, and what the network does with the first request, is passed on
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 * @example
 * const server = { url: 'http://127.0.0.1:9000', service: 's3', region: 'us-east-1', bucket: 'b' }
 * for await (const { name, verdict, message } of probe({ ...server, credentials }))
 *   if (verdict === 'let-in') console.error(name, message)
 */
export async function* probe(options: ProbeOptions): AsyncIterable<ProbeResult> {
  let ahead = 0
  const place = await findPlace(options, () => ahead)
  const cases = casesFor(place)
  const first = place.isS3 ? FIRST_OF_S3 : FIRST
  const written = new Set(Object.keys(OBJECTS))
  const run: Run = { place, keeps: false, written, gates: new Map() }
  try {
    ahead = await aheadOf(first, place)
    const result = await runCase(first, CASES, run)
    yield result
    if (result.verdict !== 'right') return
    const keeps = place.isS3 && (await writeObjects(place))
    yield* inTurn(cases, (it) => runCase(it, CASES, { ...run, keeps }))
  } finally {
    if (place.isS3) await removeObjects(place, run.written)
  }
}
