/** Colours of a chart, for a light page or a dark one. */
export interface Theme {
  readonly text: string
  readonly muted: string
  readonly ours: string
  readonly theirs: string
}

export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: { text: '#1f2328', muted: '#59636e', ours: '#0969da', theirs: '#b1bac4' },
  dark: { text: '#f0f6fc', muted: '#9198a1', ours: '#58a6ff', theirs: '#4d5560' },
}

/** A bar of a chart. */
export interface ChartBar {
  readonly label: string
  readonly value: number
  readonly whose: 'ours' | 'theirs'
}

/** A chart of horizontal bars, on one scale that starts at nothing. */
export interface Chart {
  readonly title: string
  /** Under the title: the unit, what was measured, and by which command. */
  readonly note: string
  readonly bars: readonly ChartBar[]
  readonly format: (value: number) => string
}

const WIDTH = 760
const LABELS = 260
const VALUES = 90
const TOP = 64
const ROW = 30

/** A text as it stands in an SVG. */
export const escaped = (text: string): string =>
  text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** Draws a chart: an SVG that stands by itself, without a background. */
export function drawChart({ title, note, bars, format }: Chart, theme: Theme): string {
  const most = Math.max(...bars.map(({ value }) => value))
  const height = TOP + bars.length * ROW + 8
  const summary = bars.map(({ label, value }) => `${label}: ${format(value)}`).join('; ')
  const rows = bars.flatMap(({ label, value, whose }, at) => {
    const y = TOP + at * ROW
    const length = Math.max(2, ((WIDTH - LABELS - VALUES) * value) / most)
    const weight = whose === 'ours' ? ' font-weight="600"' : ''
    return [
      `<text x="${LABELS - 12}" y="${y + 15}" text-anchor="end"${weight}>${escaped(label)}</text>`,
      `<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="20" rx="3" fill="${theme[whose]}"/>`,
      `<text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 15}"${weight}>${escaped(format(value))}</text>`,
    ]
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="ui-sans-serif, system-ui, sans-serif" font-size="14" fill="${theme.text}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(summary)}</desc>`,
    `<text x="0" y="20" font-size="17" font-weight="600">${escaped(title)}</text>`,
    `<text x="0" y="42" font-size="13" fill="${theme.muted}">${escaped(note)}</text>`,
    ...rows,
    '</svg>',
  ].join('\n')}\n`
}
