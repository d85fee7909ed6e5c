import { EMPTY_HASH } from '../../lib/bytes.ts'
import { firstDifference, type Row, rowsOf } from '../case/differences.ts'
import type { Difference, Explanation, Finding, MismatchCause } from '../types.ts'
import { marked, shown } from './marks.ts'

/** What ours and theirs are, to who signed the request and to who received it. */
const LABELS = {
  client: ['ours, as signed', 'theirs, as the server reads it'],
  server: ['ours, as read here', 'theirs, as signed'],
} as const

type Labels = readonly [ours: string, theirs: string]

const PARTS: Readonly<Record<Difference['part'], string>> = {
  method: 'Method',
  path: 'Path',
  query: 'Query',
  header: 'Header',
  signedHeaders: 'Signed headers',
  payload: 'Payload',
  stringToSign: 'String to sign',
}

type Shown = Omit<Explanation, 'toString'>

/** Causes of which the canonical request tells nothing. */
const BESIDE: ReadonlySet<MismatchCause> = new Set([
  ...(['clock-ahead', 'clock-behind', 'expired', 'replayed'] as const),
  ...(['token-expired', 'token-missing', 'token-unexpected', 'unknown-access-key'] as const),
  ...(['malformed', 'not-signed', 'unsupported-algorithm'] as const),
])

/** Lines of a canonical request that are shown; of a longer one, those that differ. */
const MOST_LINES = 60

/** Differences and parameters that are shown. */
const MOST_PLACES = 10

/** A line of one canonical request, with the row that it is of. */
interface Line {
  readonly row: Row
  readonly mark: ' ' | '-' | '+'
  readonly number: number
  readonly text: string
}

function formatLine({ row: { ours = '', theirs = '' }, mark, number, text }: Line): string {
  const at = mark === ' ' ? 0 : firstDifference(ours, theirs)
  return `${String(number).padStart(4)} ${mark} ${shown(text, at)}`.trimEnd()
}

/** Two canonical requests in one list: the lines that differ twice, marked - and +. */
function sideBySide(rows: readonly Row[]): string[] {
  const lines: Line[] = []
  let mine = 0
  let other = 0
  for (const row of rows) {
    const { ours, theirs } = row
    if (ours !== undefined) mine++
    if (theirs !== undefined) other++
    if (ours === theirs) lines.push({ row, mark: ' ', number: mine, text: ours ?? '' })
    else {
      if (ours !== undefined) lines.push({ row, mark: '-', number: mine, text: ours })
      if (theirs !== undefined) lines.push({ row, mark: '+', number: other, text: theirs })
    }
  }
  if (lines.length <= MOST_LINES) return lines.map(formatLine)
  const differing = lines.filter(({ mark }) => mark !== ' ')
  const some = differing.length > 0 ? differing : lines
  return [...some.slice(0, MOST_LINES).map(formatLine), `     … of ${lines.length} lines`]
}

function canonicalRequests(
  { ours, theirs, cause = 'malformed' }: Shown,
  [mine, other]: Labels,
): string[] {
  const canonicalRequest = theirs?.canonicalRequest
  if (!ours || (!canonicalRequest && BESIDE.has(cause))) return []
  const rows = rowsOf(ours.canonicalRequest, canonicalRequest ?? ours.canonicalRequest)
  const title = !canonicalRequest
    ? mine
    : canonicalRequest === ours.canonicalRequest
      ? 'the same on both sides'
      : `- ${mine}; + ${other}`
  return rows ? ['', `Canonical request (${title}):`, ...sideBySide(rows)] : []
}

/** The parameters that one query has and the other has not, as often. */
function parametersBeside(query: string, other: string): string[] {
  const left = new Map<string, number>()
  for (const part of other.split('&')) left.set(part, (left.get(part) ?? 0) + 1)
  return query.split('&').filter((part) => {
    const count = left.get(part) ?? 0
    left.set(part, count - 1)
    return part !== '' && count <= 0
  })
}

/** What differs, in the way in which a person would look at it: a mark, parameters, or a hash's meaning. */
function lookAt({ part, line, column, ours, theirs }: Difference, labels: Labels): string[] {
  const title = ['', `${PARTS[part]}, line ${line}, column ${column}:`]
  const [mine = '', other = '', mark = ''] = marked(ours, theirs, labels)
  if (part === 'payload') return [...title, mine + meaningOf(ours), other + meaningOf(theirs)]
  const lines = [...title, mine, other, mark]
  return part === 'query'
    ? [
        ...lines,
        ...parametersAlone('ours', ours, theirs),
        ...parametersAlone('theirs', theirs, ours),
      ]
    : lines
}

const meaningOf = (hash: string): string => (hash === EMPTY_HASH ? '  (of an empty body)' : '')

/** The line that lists what one query alone has. */
function parametersAlone(whose: string, query: string, other: string): string[] {
  const parts = parametersBeside(query, other).slice(0, MOST_PLACES)
  return parts.length > 0
    ? [`  in ${whose} alone: ${parts.map((part) => shown(part)).join('  ')}`]
    : []
}

/** What a finding says, with its detail. */
export const sentenceOf = ({ message, detail }: Finding): string =>
  detail ? `${message} (${detail})` : message

/** The text for people: causes, cures, and the differing lines with the first differing character marked. */
export function report(explanation: Shown, whose: keyof typeof LABELS): string {
  const { matches, findings, certain, message, differences } = explanation
  if (matches) return message
  const labels = LABELS[whose]
  const certainty = certain ? 'Proved' : 'Likely'
  return [
    ...findings.flatMap((finding, at) => [
      `${at === 0 ? certainty : '   And'}: ${sentenceOf(finding)} [${finding.cause}]`,
      `  Cure: ${finding.advice}`,
    ]),
    ...differences.slice(0, MOST_PLACES).flatMap((it) => lookAt(it, labels)),
    ...canonicalRequests(explanation, labels),
  ].join('\n')
}
