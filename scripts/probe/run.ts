/** Probes the servers that are on this machine, and writes what was found: `npm run probe:scores`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { results } from '../../test/probe/common.ts'
import {
  formatTable,
  readScores,
  reportIn,
  SCORES,
  scoredOf,
  withReport,
  withTable,
} from '../../test/probe/scores.ts'
import { SERVERS } from '../../test/probe/servers.ts'
import { part } from '../../test/real/parts.ts'
import { root } from '../../test/support/packed.ts'
import { drawReport } from './picture.ts'

/** The one whose report the page has. */
const SHOWN = 'OpenStack Swift s3api 2.30'
const GROUPS = ['dates', 'presigned', 'tokens']

const PAGE = `${root}/docs/probe.md`
const before = readScores()
const scores: Record<string, ReturnType<typeof scoredOf>> = {}
let page = readFileSync(PAGE, 'utf8')
for (const { name, part: needed, start } of SERVERS) {
  const kept = before[name]
  if (needed && !part(needed)) {
    console.log(`${name}: not on this machine; what was found before stays.`)
    if (kept) scores[name] = kept
    continue
  }
  const { options, stop } = await start()
  const all = await results(options)
  await stop()
  scores[name] = scoredOf(all)
  if (name === SHOWN)
    page = withReport(
      page,
      all.filter(({ group }) => GROUPS.includes(group)),
    )
  console.log(`${name}: ${scores[name]['let-in'].length} let in, ${scores[name].right} right`)
}
writeFileSync(SCORES, `${JSON.stringify(scores, null, 2)}\n`)
writeFileSync(PAGE, withTable(page, formatTable(scores)))
for (const scheme of ['light', 'dark'] as const)
  writeFileSync(`${root}/docs/images/probe-${scheme}.svg`, drawReport(reportIn(page), scheme))
process.exit(0)
