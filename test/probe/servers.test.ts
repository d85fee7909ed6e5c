import { describe, expect, it } from 'vitest'
import { drawReport } from '../../scripts/probe/picture.ts'
import { describeWithPart } from '../real/parts.ts'
import { read } from '../support/snippets.ts'
import { LONG, results } from './common.ts'
import { formatTable, readScores, reportIn, scoredOf, tableIn } from './scores.ts'
import { SERVERS } from './servers.ts'

const scores = readScores()

for (const { name, part, start } of SERVERS) {
  const suite = () => {
    it(
      'is found to be as it was',
      async () => {
        const { options, stop } = await start()
        const found = scoredOf(await results(options))
        await stop()
        expect(found).toEqual(scores[name])
      },
      LONG,
    )
  }
  if (part) describeWithPart(part, `probe of ${name}`, suite)
  else describe(`probe of ${name}`, suite)
}

it.each(SERVERS.filter(({ name }) => /examples|create/.test(name)))(
  '$name lets nothing wrong in, and refuses nothing right',
  ({ name }) => {
    expect(scores[name]?.['let-in']).toEqual([])
    expect(scores[name]?.['wrongly-refused']).toEqual([])
  },
)

it.each(['s3rver 3.7', 'dynalite 4.0'])('%s, which is lax, is caught', (name) => {
  expect(scores[name]?.['let-in'].length).toBeGreaterThan(50)
})

it('docs/probe.md has the table', () => {
  expect(Object.keys(scores)).toEqual(SERVERS.map(({ name }) => name))
  expect(tableIn(read('docs/probe.md'))).toBe(formatTable(scores))
})

it.each(['light', 'dark'] as const)('docs/images has its report as a picture, %s', (scheme) => {
  const report = reportIn(read('docs/probe.md'))
  expect(report).toContain('Wrongly let in')
  expect(read(`docs/images/probe-${scheme}.svg`)).toBe(drawReport(report, scheme))
})
