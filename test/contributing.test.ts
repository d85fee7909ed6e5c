import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'

const text = readFileSync('CONTRIBUTING.md', 'utf8').replace(/^```.*?^```/gms, '')
const folders = /^(src|test|bench|docs|examples|scripts|\.ci|\.changeset)\/[\w*.@/-]+$/

/** What stands in code, word by word, and is a path; an output is not there before it is made. */
const paths = [...text.matchAll(/`([^`]+)`/g)]
  .flatMap(([, code = '']) => code.split(' '))
  .filter((word) => folders.test(word) && !/NAME|\/dist$/.test(word))

const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `src/${name}/`)

describe('CONTRIBUTING', () => {
  it('names files and folders that are there', () => {
    expect(paths.length).toBeGreaterThan(20)
    // A pattern stands for the files of its folder.
    const missing = paths.filter((path) => !existsSync(path.includes('*') ? dirname(path) : path))
    expect(missing).toEqual([])
  })

  it('tells the house in ten lines, every room of it', () => {
    const house = text.slice(text.indexOf('## The house in ten lines'), text.indexOf('## Style'))
    expect(house.match(/^\d+\. /gm)).toHaveLength(10)
    expect(rooms.filter((room) => !house.includes(room))).toEqual([])
  })

  it.each([
    ["a header's value is trimmed", 'src/canonical/headers.ts', /const collapse/],
    ["a presigned URL's expiry", 'src/verify/checks.ts', /The URL has expired/],
    ['A new cause', 'src/explain/types.ts', /type MismatchCause/],
    ['A new cause', 'src/explain/report/causes.ts', /'query-html-escaped'/],
  ])('tells where %s: in %s', (subject, path, code) => {
    const line = text.split('\n').find((line) => line.toLowerCase().includes(subject.toLowerCase()))
    expect(line).toContain(`\`${path}\``)
    expect(readFileSync(path, 'utf8')).toMatch(code)
  })
})
