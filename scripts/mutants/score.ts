import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { MutantResult } from '@stryker-mutator/api/core'
import { EQUIVALENTS, type Equivalent } from './equivalents.ts'

/** What became of the mutants of a room. */
export interface Score {
  /** Noticed by a test, or stopped by it. */
  readonly killed: number
  /** What no test noticed, and is a fault of the tests. */
  readonly survivors: readonly MutantResult[]
  /** What no test can notice. */
  readonly equivalent: number
  /** In code that none of the nearest tests runs. */
  readonly uncovered: readonly MutantResult[]
}

/** Where a mutant is: a file, from the root, and its place. */
export const placeOf = ({ fileName, location: { start } }: MutantResult): string =>
  `${relative('.', fileName)}:${start.line}:${start.column}`

/** The code that a mutant replaces. */
export function codeOf({ fileName, location: { start, end } }: MutantResult): string {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  const last = lines.length - 1
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1)
  lines[0] = (lines[0] ?? '').slice(start.column - 1)
  return lines.join('\n')
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

const isOf =
  (mutant: MutantResult) =>
  ({ file, code, by }: Equivalent): boolean =>
    relative('.', mutant.fileName) === file &&
    oneLine(codeOf(mutant)) === code &&
    oneLine(mutant.replacement) === by

/** Counts the mutants of a room. */
export function scoreOf(mutants: readonly MutantResult[]): Score {
  const of = (...statuses: MutantResult['status'][]) =>
    mutants.filter(({ status }) => statuses.includes(status))
  const survived = of('Survived')
  const survivors = survived.filter((mutant) => !EQUIVALENTS.some(isOf(mutant)))
  return {
    killed: of('Killed', 'Timeout').length,
    survivors,
    equivalent: survived.length - survivors.length,
    uncovered: of('NoCoverage'),
  }
}

/** The share of the covered mutants that the tests notice. */
export const shareOf = ({ killed, survivors }: Score): number =>
  killed / Math.max(1, killed + survivors.length)

/** A mutant for people: its place, the code and what stood in its place. */
export const shown = (mutant: MutantResult): string =>
  `${placeOf(mutant)} ${mutant.mutatorName}${mutant.static ? ' (static)' : ''}\n  - ${oneLine(codeOf(mutant))}\n  + ${oneLine(mutant.replacement)}`

/** The equivalents of some files that no survivor fits. */
export const unfit = (mutants: readonly MutantResult[]): readonly Equivalent[] => {
  const files = new Set(mutants.map(({ fileName }) => relative('.', fileName)))
  return EQUIVALENTS.filter(
    (it) =>
      files.has(it.file) &&
      !mutants.some((mutant) => mutant.status === 'Survived' && isOf(mutant)(it)),
  )
}
