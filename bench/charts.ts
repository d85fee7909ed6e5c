import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { root } from './dist.ts'
import { FIGURES, type Figures, readFigures } from './report.ts'
import { drawRoad } from './road.ts'
import { type Chart, type ChartBar, drawChart, THEMES, type Theme } from './svg.ts'

/** Which figures are shown, and what they are called. */
const SPEED: readonly (readonly [name: string, label: string])[] = [
  ['countersign/sync', 'countersign/sync'],
  ['countersign', 'countersign'],
  ['aws4', 'aws4'],
  ['@smithy/signature-v4, node:crypto', '@smithy/signature-v4, node:crypto'],
  ['@smithy/signature-v4, sha256-js', '@smithy/signature-v4, sha256-js'],
  ['aws4fetch', 'aws4fetch'],
]
const SIZE: readonly (readonly [name: string, label: string])[] = [
  ['countersign { sign }', 'countersign: sign'],
  ['countersign { sign, presign }', 'countersign: sign, presign'],
  ['aws4fetch { AwsV4Signer }', 'aws4fetch: AwsV4Signer'],
  ['countersign { createSigner }', 'countersign: createSigner'],
  ['aws4fetch { AwsClient }', 'aws4fetch: AwsClient'],
  ['@smithy/signature-v4 + sha256-js', '@smithy/signature-v4 + sha256-js'],
]

/** The rows of the README's table that are measured: how each starts, and whose figures it has. */
const ROWS: readonly (readonly [
  start: string,
  kind: 'speed' | 'size',
  names: readonly string[],
])[] = [
  ['| µs ', 'speed', ['countersign', 'aws4', 'aws4fetch', '@smithy/signature-v4, node:crypto']],
  [
    '| kB ',
    'size',
    ['countersign { sign }', '', 'aws4fetch { AwsV4Signer }', '@smithy/signature-v4 + sha256-js'],
  ],
]

const micros = (value: number): string => (value < 100 ? value.toFixed(1) : `${Math.round(value)}`)
const kilobytes = (value: number): string => (value / 1000).toFixed(1)

/** The README with the figures in the rows that are measured; a cell without a figure stays. */
export function withFigures(readme: string, figures: Figures): string {
  const rowOf = (line: string): string => {
    const [, kind, names] = ROWS.find(([start]) => line.startsWith(start)) ?? []
    if (!kind || !names) return line
    const cells = line.split('|')
    return cells
      .map((cell, at) => {
        const value = figures[kind]?.[names[at - 2] ?? '']
        if (value === undefined) return cell
        return ` ${kind === 'speed' ? micros(value) : kilobytes(value)}`.padEnd(cell.length)
      })
      .join('|')
  }
  return readme.split('\n').map(rowOf).join('\n')
}

function barsOf(
  shown: typeof SPEED,
  figures: Readonly<Record<string, number>> | undefined,
): ChartBar[] {
  return shown.map(([name, label]) => {
    const value = figures?.[name]
    if (value === undefined)
      throw new Error(`no figure of ${name}: npm run bench -- --json && npm run size -- --json`)
    return { label, value, whose: name.startsWith('countersign') ? 'ours' : 'theirs' }
  })
}

/** The charts of some figures, and the road, by the name of their file. */
export function chartsOf({ speed, size, runtime = '' }: Figures): Record<string, string> {
  const charts: Record<string, Chart> = {
    speed: {
      title: 'Time to sign one request',
      note: `µs, median, less is better · a POST of 400 bytes · ${runtime} · npm run bench`,
      bars: barsOf(SPEED, speed),
      format: (value) => `${micros(value)} µs`,
    },
    size: {
      title: 'Size in a browser bundle',
      note: 'kB, minified and gzipped, less is better · npm run size',
      bars: barsOf(SIZE, size),
      format: (value) => `${kilobytes(value)} kB`,
    },
  }
  const drawn = Object.entries(charts).map(
    ([name, chart]) => [name, (theme: Theme) => drawChart(chart, theme)] as const,
  )
  return Object.fromEntries(
    [...drawn, ['road', drawRoad] as const].flatMap(([name, draw]) => [
      [`${name}-light.svg`, draw(THEMES.light)],
      [`${name}-dark.svg`, draw(THEMES.dark)],
    ]),
  )
}

/** `npm run charts`: draws docs/images and fills the README's table from what `--json` kept. */
export function drawAll(file: string = FIGURES): void {
  const [folder, readme] = [`${root}/docs/images`, `${root}/README.md`]
  mkdirSync(folder, { recursive: true })
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), readFigures(file)))
  for (const [name, svg] of Object.entries(chartsOf(readFigures(file))))
    writeFileSync(`${folder}/${name}`, svg)
}

if (process.argv[1]?.endsWith('charts.ts')) drawAll(process.argv[2])
