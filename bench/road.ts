/**
 * Draws the road that a request takes, for the README and the front page of the docs, on a light page
 * and a dark one: `npm run charts` writes it beside the charts.
 */
import type { Theme } from './svg.ts'

const WIDTH = 760
const HEIGHT = 262

/** What stands at each place of the road. */
const STAGES = [
  { x: 130, name: 'request' },
  { x: 300, name: 'canonical request' },
  { x: 480, name: 'string to sign' },
  { x: 640, name: 'signature' },
] as const

/** What leads from each stage to the next. */
const STEPS = [
  { x: 208, lines: ['method, path, query,', 'headers, hash of the body'] },
  { x: 392, lines: ['algorithm, date, scope,', 'hash of the former'] },
  { x: 562, lines: ['HMAC with the key of', 'day, region, service'] },
] as const

const SIGN = 92
const VERIFY = 168

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" text-anchor="middle"${more}>${words}</text>`

const arrow = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="1.5" marker-end="url(#end)"/>`

/** The road as an SVG that stands by itself, without a background. */
export function drawRoad({ text: ink, muted, ours }: Theme): string {
  const lane = (verb: string, y: number, first: string, last: string) => [
    `<text x="0" y="${y + 5}" font-weight="600" fill="${ours}">${verb}</text>`,
    ...STAGES.map(({ x, name }, at) => text(x, y + 5, at === 0 ? first : name)),
    ...STAGES.slice(1).map(({ x, name }, at) => {
      const from = STAGES[at] as (typeof STAGES)[number]
      const half = (words: string) => 3.6 * words.length + 6
      return arrow(from.x + half(at === 0 ? first : from.name), y, x - half(name) - 4, y, muted)
    }),
    arrow(682, y, 708, y, muted),
    `<text x="714" y="${y + 5}">${last}</text>`,
  ]
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="ui-sans-serif, system-ui, sans-serif" font-size="14" fill="${ink}">`,
    '<title>The road of a request</title>',
    '<desc>sign: request, canonical request, string to sign, signature, sent. verify: received, the same three, equal or not. explain: the cause, the first character that differs, and what to do about it.</desc>',
    `<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="${muted}"/></marker></defs>`,
    ...STEPS.flatMap(({ x, lines }) =>
      lines.map((words, at) => text(x, 26 + 18 * at, words, ` font-size="12" fill="${muted}"`)),
    ),
    ...STEPS.map(({ x }) => arrow(x, 52, x, SIGN - 8, muted)),
    ...lane('sign', SIGN, 'request', 'sent'),
    ...STAGES.slice(1).map(
      ({ x }) =>
        `<path d="M${x - 3} ${SIGN + 16}V${VERIFY - 16}M${x + 3} ${SIGN + 16}V${VERIFY - 16}" stroke="${ours}" stroke-width="1.5" fill="none"/>`,
    ),
    text(390, (SIGN + VERIFY) / 2 + 4, 'the same functions', ` font-size="12" fill="${ours}"`),
    ...lane('verify', VERIFY, 'received', 'equal?'),
    `<text x="0" y="241" font-weight="600" fill="${ours}">explain</text>`,
    '<text x="100" y="241">the cause, the first character that differs, and what to do about it</text>',
    `<path d="M734 ${VERIFY + 14}V236H570" stroke="${muted}" stroke-width="1.5" fill="none" marker-end="url(#end)"/>`,
    text(720, 206, 'no', ` font-size="12" fill="${muted}"`),
    '</svg>',
  ].join('\n')}\n`
}
