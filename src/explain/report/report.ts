import { EMPTY_HASH } from '../../lib/bytes.ts'
import { firstDifference, type Row, rowsOf } from '../case/differences.ts'
import type { Difference, Explanation } from '../types.ts'
import { CAUSES } from './causes.ts'
import { marked, shown } from './marks.ts'

/** Whose eyes look at the request: the one who signed it, or the one who received it. */
export type Side = 'client' | 'server'

/** What ours and theirs are. */
const LABELS: Readonly<Record<Side, readonly [ours: string, theirs: string]>> = {
  client: ['ours, as signed', 'theirs, as the server reads it'],
  server: ['ours, as read here', 'theirs, as signed'],
}

const PARTS: Readonly<Record<Difference['part'], string>> = {
  method: 'Method',
  path: 'Path',
  query: 'Query',
  header: 'Header',
  signedHeaders: 'Signed headers',
  payload: 'Payload',
  stringToSign: 'String to sign',
}

/** Causes of which the canonical request tells nothing. */
const BESIDE = /^(clock|expired|token-(mis|exp|une)|replayed|unknown|not-signed|malformed|unsupp)/

/** Lines of a canonical request that are shown; of a longer one, those that differ. */
const MOST_LINES = 60

/** Differences and parameters that are shown. */
const MOST_PLACES = 10

const numbered = (line: number, mark: string, text: string): string =>
  `${String(line).padStart(4)} ${mark} ${text}`.trimEnd()

/** Two canonical requests in one list: the lines that differ twice, marked - and +. */
function sideBySide(rows: readonly Row[]): string[] {
  const lines: string[] = []
  const differing: string[] = []
  let mine = 0
  let other = 0
  const add = (line: number, mark: string, text: string, at: number) => {
    const whole = numbered(line, mark, shown(text, at))
    lines.push(whole)
    if (mark !== ' ') differing.push(whole)
  }
  for (const { ours, theirs } of rows) {
    if (ours !== undefined) mine++
    if (theirs !== undefined) other++
    if (ours === theirs) add(mine, ' ', ours ?? '', 0)
    else {
      const at = firstDifference(ours ?? '', theirs ?? '')
      if (ours !== undefined) add(mine, '-', ours, at)
      if (theirs !== undefined) add(other, '+', theirs, at)
    }
  }
  if (lines.length <= MOST_LINES) return lines
  const some = differing.length > 0 ? differing : lines
  return [...some.slice(0, MOST_LINES), `     … of ${lines.length} lines`]
}

function canonicalRequests(
  { ours, theirs, cause = 'malformed' }: Omit<Explanation, 'toString'>,
  side: Side,
): string[] {
  const canonicalRequest = theirs?.canonicalRequest
  if (!ours || (!canonicalRequest && BESIDE.test(cause))) return []
  const [mine, other] = LABELS[side]
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
function lookAt({ part, line, column, ours, theirs }: Difference, side: Side): string[] {
  const labels = LABELS[side]
  const lines = ['', `${PARTS[part]}, line ${line}, column ${column}:`]
  const marks = marked(ours, theirs, labels)
  if (part === 'payload') {
    const meaning = (text: string) => (text === EMPTY_HASH ? '  (of an empty body)' : '')
    return [...lines, `${marks[0]}${meaning(ours)}`, `${marks[1]}${meaning(theirs)}`]
  }
  if (part !== 'query') return [...lines, ...marks]
  const alone = (
    [
      [ours, theirs],
      [theirs, ours],
    ] as const
  ).flatMap(([query, other], index) => {
    const parts = parametersBeside(query, other).slice(0, MOST_PLACES)
    const only = index === 0 ? 'ours' : 'theirs'
    return parts.length > 0
      ? [`  in ${only} alone: ${parts.map((it) => shown(it)).join('  ')}`]
      : []
  })
  return [...lines, ...marks, ...alone]
}

/** The text for people: cause, cure, and the differing lines with the first differing character marked. */
export function report(explanation: Omit<Explanation, 'toString'>, side: Side): string {
  const { matches, cause, causes, certain, message, advice, differences } = explanation
  if (matches) return message
  return [
    `${certain ? 'Proved' : 'Likely'}: ${message} [${cause}]`,
    `  Cure: ${advice}`,
    ...causes
      .slice(1)
      .flatMap((other) => [
        `   And: ${CAUSES[other][0]} [${other}]`,
        `  Cure: ${CAUSES[other][1]}`,
      ]),
    ...differences.slice(0, MOST_PLACES).flatMap((it) => lookAt(it, side)),
    ...canonicalRequests(explanation, side),
  ].join('\n')
}
