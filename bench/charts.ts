import { mkdirSync, writeFileSync } from 'node:fs'
import { root } from './dist.ts'
import { FIGURES, type Figures, readFigures } from './report.ts'
import { type Chart, type ChartBar, drawChart, THEMES } from './svg.ts'

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

/** The charts of some figures, by the name of their file. */
export function chartsOf({ speed, size, runtime = '' }: Figures): Record<string, string> {
  const charts: Record<string, Chart> = {
    speed: {
      title: 'Time to sign one request',
      note: `µs, median, less is better · a POST of 400 bytes · ${runtime} · npm run bench`,
      bars: barsOf(SPEED, speed),
      format: (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} µs`,
    },
    size: {
      title: 'Size in a browser bundle',
      note: 'kB, minified and gzipped, less is better · npm run size',
      bars: barsOf(SIZE, size),
      format: (value) => `${(value / 1000).toFixed(1)} kB`,
    },
  }
  return Object.fromEntries(
    Object.entries(charts).flatMap(([name, chart]) => [
      [`${name}-light.svg`, drawChart(chart, THEMES.light)],
      [`${name}-dark.svg`, drawChart(chart, THEMES.dark)],
    ]),
  )
}

/** `npm run charts [FILE]`: draws docs/images from the figures that `--json` kept. */
export function drawAll(file: string = FIGURES, folder = `${root}/docs/images`): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, svg] of Object.entries(chartsOf(readFigures(file))))
    writeFileSync(`${folder}/${name}`, svg)
}

if (process.argv[1]?.endsWith('charts.ts')) drawAll(process.argv[2])
