import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { chartsOf, withFigures } from '../bench/charts.ts'
import { FIGURES, jsonArgument, readFigures, writeFigures } from '../bench/report.ts'
import { drawChart, THEMES } from '../bench/svg.ts'
import { read } from './support/snippets.ts'

const parsed = (svg: string): Document =>
  new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document

const chart = {
  ...{ title: 'A & B', note: '<note>', format: (value: number) => `${value} µs` },
  bars: [
    { label: 'ours', value: 1, whose: 'ours' },
    { label: 'theirs', value: 4, whose: 'theirs' },
  ] as const,
}

describe('a chart', () => {
  it('is well-formed, with every label and value, and bars in proportion', () => {
    const page = parsed(drawChart(chart, THEMES.light))
    const texts = Array.from(page.querySelectorAll('text'), (text) => text.textContent)
    expect(texts).toEqual(['A & B', '<note>', 'ours', '1 µs', 'theirs', '4 µs'])
    const [ours, theirs] = Array.from(page.querySelectorAll('rect'), (bar) =>
      Number(bar.getAttribute('width')),
    )
    expect(Number(theirs) / Number(ours)).toBeCloseTo(4, 1)
    expect(page.querySelector('desc')?.textContent).toBe('ours: 1 µs; theirs: 4 µs')
  })

  it('is the same in light and dark but for its colours', () => {
    const bare = (svg: string) => svg.replace(/#[\da-f]{6}/g, '#')
    const [light, dark] = [drawChart(chart, THEMES.light), drawChart(chart, THEMES.dark)]
    expect(light).not.toBe(dark)
    expect(bare(light)).toBe(bare(dark))
  })
})

describe('docs/images', () => {
  it('are drawn from the figures that are kept beside the bench: npm run charts', () => {
    const drawn = chartsOf(readFigures(FIGURES))
    expect(readdirSync('docs/images')).toEqual(expect.arrayContaining(Object.keys(drawn)))
    for (const [name, svg] of Object.entries(drawn))
      expect(read(`docs/images/${name}`), name).toBe(svg)
  })

  it('say so where a figure is missing', () => {
    expect(() => chartsOf({ speed: {} })).toThrow('npm run bench -- --json')
  })
})

it('the rows of the README that are measured take their figures, and keep their width', () => {
  const readme = '| µs a  | 1.0  | 2    | 3    | 4    |\n| kB b  | 9    | Node | 9    | 9    |\nµs'
  const speed = {
    ...{ countersign: 12.34, aws4: 100.4, aws4fetch: 1000 },
    '@smithy/signature-v4, node:crypto': 99,
  }
  expect(
    withFigures(readme, { speed, size: { 'countersign { sign }': 2160 } }).split('\n'),
  ).toEqual([
    '| µs a  | 12.3 | 100  | 1000 | 99.0 |',
    '| kB b  | 2.2  | Node | 9    | 9    |',
    'µs',
  ])
})

describe('--json', () => {
  it('names a file, or takes its own', () => {
    expect(jsonArgument(['sign'])).toEqual([undefined, ['sign']])
    expect(jsonArgument(['sign', '--json'])).toEqual([FIGURES, ['sign']])
    expect(jsonArgument(['--json', 'a.json', 'sign'])).toEqual(['a.json', ['sign']])
  })

  it('adds to the figures that the file has', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-figures-'))
    const file = join(folder, 'figures.json')
    writeFigures(file, { speed: { a: 1 } })
    writeFigures(file, { size: { b: 2 } })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ speed: { a: 1 }, size: { b: 2 } })
    rmSync(folder, { recursive: true })
  })
})
