import { readdirSync, readFileSync } from 'node:fs'
import { parseRegExpLiteral, visitRegExpAST } from '@eslint-community/regexpp'
import { check, type Diagnostics } from 'recheck'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import { redact } from '../src/canonical/redact.ts'

// The checker's own program, where npm has one for this machine; else Java or JavaScript.
if (readdirSync('node_modules').some((name) => /^recheck-(linux|macos|windows)-/.test(name)))
  process.env.RECHECK_BACKEND ??= 'native'

/** How far the checker counts before it only guesses: ours are longer than its default. */
const LIMITS = { maxRepeatCount: 120, timeout: 30_000 }

/** The regular expressions of a file, and where others are made as the program runs. */
function expressionsOf(path: string): { literals: string[]; made: number } {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const literals: string[] = []
  let made = 0
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(node.text)
    if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      /RegExp$/.test(node.expression.getText())
    )
      made++
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { literals, made }
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, ...expressionsOf(`src/${name}`) }))

const verdictOn = async (source: string, flags: string): Promise<string> => {
  const found: Diagnostics = await check(source, flags, LIMITS)
  if (found.status === 'unknown') return `unknown: ${found.error.kind}`
  return found.status === 'safe' ? 'safe' : `${found.complexity.type}: ${found.attack.pattern}`
}

describe('no text of any length keeps a regular expression busy', { timeout: 300_000 }, () => {
  it('of those that are written in src', async () => {
    const literals = new Set(files.flatMap(({ literals }) => literals))
    expect(literals.size).toBeGreaterThan(200)
    const faults: Record<string, string> = {}
    for (const literal of literals) {
      const end = literal.lastIndexOf('/')
      const verdict = await verdictOn(literal.slice(1, end), literal.slice(end + 1))
      if (verdict !== 'safe') faults[literal] = verdict
    }
    expect(faults).toEqual({})
  })

  it('of those that are made by a function', async () => {
    const made: RegExp[] = []
    class Watched extends RegExp {
      constructor(source: string, flags: string) {
        super(source, flags)
        made.push(this)
      }
    }
    vi.stubGlobal('RegExp', Watched)
    redact('', 'X-Odd.Token')
    vi.unstubAllGlobals()
    const makers = files.filter(({ made }) => made > 0).map(({ name, made }) => [name, made])
    expect(makers).toEqual([['canonical/redact.ts', made.length]])
    for (const { source, flags } of made) expect(await verdictOn(source, flags)).toBe('safe')
  })

  it('and one that is known to be slow is found', async () => {
    expect(await verdictOn('\\/\\/(.*\\/)?\\.\\.(\\/|$)', '')).toMatch('polynomial')
  })
})

/** More turns than any text that is read is allowed. */
const WITHOUT_END = 1000

/** Whether an expression repeats a group without an end; a class of characters may be repeated so. */
function repeatsGroup(literal: string): boolean {
  let found = false
  visitRegExpAST(parseRegExpLiteral(literal), {
    onQuantifierEnter({ max, element }) {
      found ||= max > WITHOUT_END && /Group|Assertion/.test(element.type)
    },
  })
  return found
}

/** What bounds the text of an expression that repeats a group, by its file and how it begins. */
const BOUNDED: Readonly<Record<string, string>> = {
  'algorithms/sigv4a/der.ts /^(00)+(?=..)/': 'a signature: MOST, 144 digits',
  "inputs/literal.ts /\\s+|([bu]?)(?:'((?:": 'a printed object: MOST_OF_TEXT, 2 MiB',
  'inputs/shell-words.ts /(?:\\\\x[\\da-f]{1,2}|': 'a curl line: MOST_OF_LINE, 2 MiB',
  "inputs/shell-words.ts /\\$'((?:[^'\\\\]|\\\\.)*": 'a curl line: MOST_OF_LINE, 2 MiB',
  'verify/statement.ts /^(:authority|[a-z\\d':
    'a target: MOST_OF_TARGET, 2 MiB; an Authorization header: MOST_OF_AUTHORIZATION, 1 MiB',
}

// An engine keeps a way back for each turn, and after some millions of them it throws a RangeError.
describe('no text of any length is too long for a regular expression', () => {
  it('which repeats no group without an end, but where the text has one', () => {
    const found = files.flatMap(({ name, literals }) =>
      literals.filter(repeatsGroup).map((literal) => `${name} ${literal.slice(0, 20)}`),
    )
    expect(found.sort()).toEqual(Object.keys(BOUNDED).sort())
  })

  it('and one that does is found', () => {
    expect(['/^(a|b)*$/', '/(?:ab){2,}/', '/[ab]*/', '/(ab){1,99}/'].map(repeatsGroup)).toEqual([
      ...[true, true, false, false],
    ])
    expect(() => /^(a|b)*$/.test('a'.repeat(20_000_000))).toThrow(RangeError)
  })
})
