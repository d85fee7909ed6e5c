import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../', import.meta.url)
const legend = readFileSync(new URL('behaviours/README.md', root), 'utf8')
const listed = [...legend.matchAll(/^(\d+)\. \S/gm)].map(([, number]) => Number(number))

const tests = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.test.ts'),
)
/** The numbers that begin a test's name. */
const used = tests.flatMap((path) =>
  [...readFileSync(new URL(path, root), 'utf8').matchAll(/['"`](\d+)\. /g)].map(
    ([, number]) => [Number(number), path] as const,
  ),
)

it('the legend has each of the 44 behaviours once, in order', () => {
  expect(listed).toEqual(Array.from({ length: 44 }, (_, index) => index + 1))
})

it('every number that begins the name of a test is in the legend', () => {
  expect(used.length).toBeGreaterThan(100)
  expect(used.filter(([number]) => !listed.includes(number))).toEqual([])
})
