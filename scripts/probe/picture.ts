import { escaped, THEMES } from '../../bench/svg.ts'

const WIDTH = 620
const LINE = 18

const COLOURS = {
  light: { bad: '#cf222e', odd: '#9a6700', good: '#1a7f37' },
  dark: { bad: '#ff7b72', odd: '#d29922', good: '#3fb950' },
} as const

/** Draws a report of a probe as a terminal shows it: an SVG that stands by itself. */
export function drawReport(report: string, scheme: 'light' | 'dark'): string {
  const { text, muted } = THEMES[scheme]
  const { bad, odd, good } = COLOURS[scheme]
  const colourOf = (line: string): string => {
    if (/^Wrongly/.test(line)) return bad
    if (/^(Answered|Not)/.test(line)) return odd
    if (/^Right/.test(line)) return good
    return /^ {6,}/.test(line) ? muted : text
  }
  const lines = report.trim().split('\n')
  const height = (lines.length + 1) * LINE
  const rows = lines.map((line, at) => {
    const weight = /^\S/.test(line) ? ' font-weight="600"' : ''
    return `<text x="0" y="${(at + 1) * LINE}" fill="${colourOf(line)}"${weight} xml:space="preserve">${escaped(line)}</text>`
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">`,
    '<title>The report of a probe</title>',
    ...rows,
    '</svg>',
  ].join('\n')}\n`
}
