import { inferScope } from '../../endpoints/infer-scope.ts'
import { CountersignError } from '../../model/errors.ts'
import { formatJson, formatJunit, formatReport, formatShown } from '../../probe/report.ts'
import { probe } from '../../probe/run.ts'
import type { ProbeOptions, ProbeResult } from '../../probe/types.ts'
import { credentialsOf } from '../credentials.ts'
import { type Call, SendError, UsageError } from '../options.ts'
import { coloredProbe } from '../print.ts'
import { regionOf } from '../region.ts'
import { dataOf, headersOf } from '../request.ts'
import { type World, wantsColor, writeLine } from '../streams.ts'

/** The server of a call, and how it is signed for. */
async function optionsOf(call: Call, world: World): Promise<ProbeOptions> {
  const { url, values } = call
  if (url === undefined || !URL.canParse(url))
    throw new UsageError('probe wants the URL of a server, such as http://127.0.0.1:9000.')
  const path = call.text('path')
  const whole = path === undefined ? url : new URL(path, url).href
  const inferred = inferScope(url)
  const region = await regionOf(call, inferred.region, world.env)
  if (region === undefined)
    throw new UsageError('The region is not told: give it with --region, as the server has it.')
  return {
    ...{ url: whole, region, service: call.text('service') ?? inferred.service ?? 's3' },
    ...{ bucket: call.text('bucket'), method: call.text('request') },
    headers: Object.fromEntries(headersOf(call)),
    body: (await dataOf(call, world))?.toString(),
    only: call.text('only')?.split(','),
    replays: values['refuses-replays'] ? 'refused' : 'accepted',
    thisServerIsMine: values['this-server-is-mine'] ? true : undefined,
    credentials: await credentialsOf(call, world),
  }
}

/** All results, counted on a terminal while they come in. */
async function resultsOf(options: ProbeOptions, { stderr }: World): Promise<ProbeResult[]> {
  const results: ProbeResult[] = []
  try {
    for await (const result of probe(options)) {
      results.push(result)
      if (stderr.isTTY) stderr.write(`\r${results.length} requests judged`)
    }
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'invalid-url')
      throw new UsageError(
        'probe wants the URL of a server on the loopback, or --this-server-is-mine where you may attack it.',
      )
    if (error instanceof CountersignError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new SendError(`The server could not be asked: ${code ?? message}.`)
  } finally {
    if (stderr.isTTY && results.length > 0) stderr.write('\r\x1b[K')
  }
  return results
}

/** Whether a wrong request was refused, and not by a server that failed. */
const isJudged = ({ verdict, answer }: ProbeResult): boolean =>
  verdict !== 'let-in' && (verdict === 'unsure' || (answer?.status ?? 0) < 500)

/** `countersign probe`: how well a server verifies. */
export async function probeVerb(call: Call, world: World): Promise<number> {
  const { stdout, env } = world
  const format = call.text('format') ?? (call.values.json ? 'json' : 'text')
  if (!['text', 'json', 'junit'].includes(format))
    throw new UsageError('--format is text, json or junit.')
  const show = call.values.show === true
  const results = await resultsOf(await optionsOf(call, world), world)
  const color = wantsColor(stdout, env) ? coloredProbe : undefined
  if (format === 'json') await writeLine(stdout, formatJson(results, show))
  else if (format === 'junit') await writeLine(stdout, formatJunit(results))
  else if (show && results[0]?.verdict === 'right')
    await writeLine(stdout, results.slice(1).map(formatShown).join('\n\n'), color)
  else await writeLine(stdout, formatReport(results), color)
  const [first] = results
  // Where the first request is not let in, nothing else was judged; nor was what a server failed at.
  return first?.verdict === 'right' && results.every(isJudged) ? 0 : 1
}
