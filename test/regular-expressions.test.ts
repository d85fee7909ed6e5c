import { readdirSync, readFileSync } from 'node:fs'
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
