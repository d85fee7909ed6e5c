import { type CanonicalParts, parseCanonicalRequest } from '../../canonical/canonical-request.ts'
import type { Trace } from '../../model/types.ts'
import type { Difference } from '../types.ts'

type Part = Difference['part']

/** Where two texts differ first, from 0. */
export function firstDifference(ours: string, theirs: string): number {
  let at = 0
  while (at < ours.length && ours[at] === theirs[at]) at++
  return at
}

const difference = (part: Part, line: number, ours: string, theirs: string): Difference[] =>
  ours === theirs ? [] : [{ part, line, column: firstDifference(ours, theirs) + 1, ours, theirs }]

/** A line of one canonical request or of both, paired; undefined where it is in the other alone. */
export interface Row {
  readonly part: Part
  readonly ours: string | undefined
  readonly theirs: string | undefined
}

const linesOf = (headers: CanonicalParts['headers']): Map<string, string> =>
  new Map(headers.map(([name, value]) => [name, `${name}:${value}`]))

/** The lines of two canonical requests, side by side; headers are paired by name. */
export function rowsOf(ours: string, theirs: string): Row[] | undefined {
  const a = parseCanonicalRequest(ours)
  const b = ours === theirs ? a : parseCanonicalRequest(theirs)
  if (!a || !b) return undefined
  const mine = linesOf(a.headers)
  const other = a === b ? mine : linesOf(b.headers)
  const names = [...new Set([...mine.keys(), ...other.keys()])]
  return [
    { part: 'method', ours: a.method, theirs: b.method },
    { part: 'path', ours: a.path, theirs: b.path },
    { part: 'query', ours: a.query, theirs: b.query },
    ...names.map(
      (name): Row => ({ part: 'header', ours: mine.get(name), theirs: other.get(name) }),
    ),
    { part: 'header', ours: '', theirs: '' },
    { part: 'signedHeaders', ours: a.signedHeaders, theirs: b.signedHeaders },
    { part: 'payload', ours: a.payloadHash, theirs: b.payloadHash },
  ]
}

/** The texts of one side: a server may quote its canonical request alone. */
export type Texts = Pick<Trace, 'canonicalRequest'> & Partial<Pick<Trace, 'stringToSign'>>

/** Where two sides differ, in the canonical request and in the string to sign. */
export const differencesOf = (ours: Texts, theirs: Texts): Difference[] => [
  ...canonicalDifferences(ours.canonicalRequest, theirs.canonicalRequest),
  ...(ours.stringToSign !== undefined && theirs.stringToSign !== undefined
    ? stringDifferences(ours.stringToSign, theirs.stringToSign)
    : []),
]

/** Where two canonical requests differ, line by line of ours; where a line is theirs alone, of theirs. */
export function canonicalDifferences(ours: string, theirs: string): Difference[] {
  let mine = 0
  let other = 0
  return (rowsOf(ours, theirs) ?? []).flatMap((row) => {
    if (row.ours !== undefined) mine++
    if (row.theirs !== undefined) other++
    const line = row.ours === undefined ? other : mine
    return difference(row.part, line, row.ours ?? '', row.theirs ?? '')
  })
}

/** Where two strings to sign differ; their last line, which is a hash of all the rest, is left out. */
function stringDifferences(ours: string, theirs: string): Difference[] {
  const mine = ours.split('\n')
  const other = theirs.split('\n')
  return [0, 1, 2].flatMap((at) =>
    difference('stringToSign', at + 1, mine[at] ?? '', other[at] ?? ''),
  )
}
