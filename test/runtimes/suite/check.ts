/** One thing that was checked; `detail` says what went wrong. */
export interface Row {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
  /** The code of a refusal that was asked for. */
  readonly refused?: string | undefined
}

/** Checks by their names; one fails by throwing, and one that asks for a refusal gives its code. */
export type Checks = Readonly<Record<string, () => unknown>>

/** Runs checks one after another, without a test framework: it runs wherever JavaScript does. */
export async function runChecks(checks: Checks): Promise<Row[]> {
  const rows: Row[] = []
  for (const name of Object.keys(checks)) {
    try {
      const refused = await checks[name]?.()
      const code = typeof refused === 'string' && { refused }
      rows.push({ name, ok: true, detail: '', ...code })
    } catch (error) {
      rows.push({ name, ok: false, detail: String(error) })
    }
  }
  return rows
}

/** Throws unless both are the same as JSON. */
export function same(got: unknown, want: unknown): void {
  const [ours, theirs] = [JSON.stringify(got), JSON.stringify(want)]
  if (ours !== theirs) throw new Error(`got ${ours}, want ${theirs}`)
}

/** The code of the error that a task fails with; another error is its text. */
export async function codeOf(task: () => unknown): Promise<string> {
  try {
    await task()
    return 'nothing was thrown'
  } catch (error) {
    // By the name, as the entries of a bundle may each have their own class.
    const { name, code } = error as { name?: string; code?: string }
    return name === 'CountersignError' && code ? code : String(error)
  }
}

/** Throws unless a task is refused with a code, which it gives. */
export async function refused(code: string, task: () => unknown): Promise<string> {
  same(await codeOf(task), code)
  return code
}

/** Checks that each of some tasks is refused with a code. */
export const refusals = (code: string, tasks: Checks): Promise<Row[]> =>
  runChecks(
    Object.fromEntries(
      Object.keys(tasks).map((name) => [
        `${name} is refused`,
        () => refused(code, () => tasks[name]?.()),
      ]),
    ),
  )
