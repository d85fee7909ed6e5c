import { CAUSES } from './causes.ts'
import { firstDifference, type Row, rowsOf } from './compare.ts'
import { marked, shown } from './marks.ts'
import type { Difference, Explanation } from './types.ts'

/** Whose eyes look at the request: the one who signed it, or the one who received it. */
export type Side = 'client' | 'server'

/** What ours and theirs are. */
const LEGEND: Readonly<Record<Side, readonly [ours: string, theirs: string]>> = {
  client: ['as it was signed', 'as the server reads it'],
  server: ['as it is read here', 'as it was signed'],
}

const PARTS: Readonly<Record<Difference['part'], string>> = {
  method: 'Method',
  path: 'Path',
  query: 'Query',
  header: 'Header',
  signedHeaders: 'Signed headers',
  payload: 'Payload hash',
  stringToSign: 'String to sign',
}

/** Lines of a canonical request that are shown; of a longer one, those that differ. */
const MOST_LINES = 60

const numbered = (line: number, mark: string, text: string): string =>
  `${String(line).padStart(4)} ${mark} ${text}`.trimEnd()

/** Two canonical requests in one list: the lines that differ twice, marked - and +. */
function sideBySide(rows: readonly Row[]): string[] {
  const lines: string[] = []
  const changed: boolean[] = []
  let mine = 0
  let other = 0
  const add = (line: number, mark: string, text: string, at: number) => {
    lines.push(numbered(line, mark, shown(text, at)))
    changed.push(mark !== ' ')
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
  const telling = lines.filter((_, at) => changed[at])
  const some = telling.length > 0 ? telling : lines
  return [...some.slice(0, MOST_LINES), `     … of ${lines.length} lines`]
}

function canonicalRequests(
  { ours, theirs }: Pick<Explanation, 'ours' | 'theirs'>,
  side: Side,
): string[] {
  if (!ours) return []
  const [mine, other] = LEGEND[side]
  const rows = rowsOf(ours.canonicalRequest, theirs?.canonicalRequest ?? ours.canonicalRequest)
  if (!rows) return []
  const alike = theirs?.canonicalRequest === ours.canonicalRequest
  const title = !theirs?.canonicalRequest
    ? `The canonical request, ${mine}:`
    : alike
      ? 'The canonical request, which is the same on both sides:'
      : `The canonical request, - ours, ${mine}, + theirs, ${other}:`
  return ['', title, ...sideBySide(rows)]
}

/** The text for people: cause, cure, and the differing lines with the first differing character marked. */
export function report(explanation: Omit<Explanation, 'toString'>, side: Side): string {
  const { matches, cause, causes, certain, message, advice, differences } = explanation
  if (matches) return message
  const others = causes
    .slice(1)
    .flatMap((other) => [`   and: ${CAUSES[other][0]} (${other})`, `        ${CAUSES[other][1]}`])
  return [
    `${certain ? 'Proved' : 'Likely'}: ${message} [${cause}]`,
    `  Cure: ${advice}`,
    ...others,
    ...differences
      .slice(0, 10)
      .flatMap(({ part, line, column, ours, theirs }) => [
        '',
        `${PARTS[part]}: line ${line}, column ${column}`,
        ...marked(ours, theirs, '  '),
      ]),
    ...canonicalRequests(explanation, side),
  ].join('\n')
}
