import { escapeXml } from '../lib/xml.ts'
import { formatAnswer } from './judge.ts'
import type { ProbeResult, ProbeVerdict } from './types.ts'

/** How much of a group is right, of what could be judged. */
export interface Score {
  readonly group: string
  readonly right: number
  readonly judged: number
}

/** The groups in their order, and how each did. */
export function scoresOf(results: readonly ProbeResult[]): readonly Score[] {
  const groups = [...new Set(results.map(({ group }) => group))]
  return groups.map((group) => {
    const own = results.filter((it) => it.group === group && it.verdict !== 'unsure')
    const right = own.filter(({ verdict }) => verdict === 'right').length
    return { group, right, judged: own.length }
  })
}

/** The score of all groups together. */
export const totalOf = (scores: readonly Score[]): Omit<Score, 'group'> => ({
  right: scores.reduce((sum, { right }) => sum + right, 0),
  judged: scores.reduce((sum, { judged }) => sum + judged, 0),
})

const TITLES: readonly (readonly [verdict: ProbeVerdict, title: string])[] = [
  ['let-in', 'Wrongly let in'],
  ['wrongly-refused', 'Wrongly refused'],
  ['differs', 'Answered otherwise than by AWS'],
  ['unsure', 'Not to be told'],
]

const finding = ({ name, says, message, source }: ProbeResult): string =>
  `  ${name}: ${says}\n      ${message}\n      ${source}`

/** What is not to be told, once for all cases of which the same is said. */
function unsureLines(results: readonly ProbeResult[]): string[] {
  const names = new Map<string, string[]>()
  for (const { message, name } of results) names.set(message, [...(names.get(message) ?? []), name])
  return Array.from(names, ([message, own]) => {
    const more = own.length > 6 ? ` and ${own.length - 6} more` : ''
    return `  ${message}\n      ${own.slice(0, 6).join(', ')}${more}`
  })
}

const scoreLine = (name: string, { right, judged }: Omit<Score, 'group'>): string =>
  `  ${name.padEnd(12)} ${`${right}`.padStart(3)} of ${`${judged}`.padStart(3)}`

/** The findings, the worst first, and a score per group. */
export function formatReport(results: readonly ProbeResult[]): string {
  const parts = TITLES.flatMap(([verdict, title]) => {
    const own = results.filter((it) => it.verdict === verdict)
    const lines = verdict === 'unsure' ? unsureLines(own) : own.map(finding)
    return own.length > 0 ? [[`${title} (${own.length})`, ...lines].join('\n')] : []
  })
  const scores = scoresOf(results)
  const lines = scores.map((score) => scoreLine(score.group, score))
  return [...parts, ['Right', ...lines, scoreLine('all', totalOf(scores))].join('\n')].join('\n\n')
}

/** How a request went over the wire, a line of curl for it, and what became of it. */
export const formatShown = ({
  name,
  says,
  verdict,
  message,
  answer,
  sent,
  curl,
}: ProbeResult): string =>
  [
    `${name}: ${says}`,
    `${answer ? formatAnswer(answer) : 'no answer'}: ${message || verdict}`,
    '',
    sent.replace(/^/gm, '  '),
    '',
    curl,
  ].join('\n')

/** The results for programs; the requests themselves are left out. */
export function formatJson(results: readonly ProbeResult[], show: boolean): string {
  const told = results.map(({ sent, curl, ...result }) =>
    show ? { ...result, sent, curl } : result,
  )
  const scores = scoresOf(results)
  return JSON.stringify({ total: totalOf(scores), scores, results: told }, null, 2)
}

function testCase({ name, group, says, verdict, message, source }: ProbeResult): string {
  const tag = verdict === 'let-in' || verdict === 'wrongly-refused' ? 'failure' : 'skipped'
  const head = `<testcase classname="${escapeXml(group)}" name="${escapeXml(`${name}: ${says}`)}"`
  const said = escapeXml(`${message} ${source}`)
  if (verdict === 'right') return `${head}/>`
  if (verdict === 'differs') return `${head}><system-out>${said}</system-out></testcase>`
  return `${head}><${tag} type="${verdict}" message="${said}"/></testcase>`
}

/** The results as JUnit: what was let in, or wrongly refused, is a failure. */
export function formatJunit(results: readonly ProbeResult[]): string {
  const suites = scoresOf(results).map(({ group }) => {
    const own = results.filter((it) => it.group === group)
    const count = (...verdicts: ProbeVerdict[]) =>
      own.filter(({ verdict }) => verdicts.includes(verdict)).length
    const failures = count('let-in', 'wrongly-refused')
    const head = `<testsuite name="${escapeXml(group)}" tests="${own.length}" failures="${failures}" skipped="${count('unsure')}">`
    return [head, ...own.map(testCase), '</testsuite>'].join('\n')
  })
  const all = ['<testsuites name="countersign probe">', ...suites, '</testsuites>']
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...all].join('\n')
}
