import { type Profiler, Session } from 'node:inspector'

/** What of `src` has run in this thread, by V8's own counts. */
export interface Coverage {
  /** Forgets what ran before. */
  begin(): void
  /** Whether what ran since was new: another branch, or one much oftener. */
  isNew(): boolean
  /** Characters of code that ran, and those of all functions that were entered. */
  characters(): readonly [ran: number, entered: number]
}

const isOurs = ({ url }: Profiler.ScriptCoverage): boolean => /\/src\/|\/planted\.ts/.test(url)

const ENTERED = 1
const RAN = 2

/** Marks what of a function was entered and has run; the ranges in it follow those around them. */
function mark(code: Uint8Array, { ranges }: Profiler.FunctionCoverage): void {
  const [{ startOffset: start, endOffset: end } = { startOffset: 0, endOffset: 0 }] = ranges
  const marks = new Uint8Array(end - start)
  for (const { startOffset, endOffset, count } of ranges)
    marks.fill(count > 0 ? RAN : ENTERED, startOffset - start, endOffset - start)
  for (const [at, own] of marks.entries()) code[start + at] = Math.max(code[start + at] ?? 0, own)
}

/**
 * Counts from now on, in what V8 compiles from now on. A range of a function is told where it ran
 * another number of times than what is around it, so that one that did not run tells as much. The
 * process runs with `--no-opt`, as what the compiler inlines is not counted.
 * @see https://v8.dev/blog/javascript-code-coverage
 */
export function startCoverage(): Coverage {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const reached = new Set<string>()
  const scripts = new Map<string, Uint8Array>()

  const take = (): readonly Profiler.ScriptCoverage[] => {
    let ours: readonly Profiler.ScriptCoverage[] = []
    // The session answers before `post` returns.
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error
      ours = result.filter(isOurs)
    })
    return ours
  }

  /** The first counts of a script are those of its module, which is all of its code. */
  const codeOf = ({ scriptId, functions }: Profiler.ScriptCoverage): Uint8Array => {
    const ends = functions.flatMap(({ ranges }) => ranges.map(({ endOffset }) => endOffset))
    const code = scripts.get(scriptId) ?? new Uint8Array(Math.max(0, ...ends))
    scripts.set(scriptId, code)
    return code
  }

  return {
    begin() {
      for (const script of take()) codeOf(script)
    },
    isNew() {
      const { size } = reached
      for (const script of take())
        for (const it of script.functions) {
          const before = reached.size
          for (const { startOffset, endOffset, count } of it.ranges)
            reached.add(
              `${script.scriptId}:${startOffset}:${endOffset}:${Math.floor(Math.log2(count))}`,
            )
          if (reached.size > before) mark(codeOf(script), it)
        }
      return reached.size > size
    },
    characters() {
      const counts = [0, 0, 0]
      for (const code of scripts.values())
        for (const one of code) counts[one] = (counts[one] ?? 0) + 1
      const [, left = 0, ran = 0] = counts
      return [ran, ran + left]
    },
  }
}
