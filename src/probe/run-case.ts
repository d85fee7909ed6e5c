import { explain } from '../verbs/async.ts'
import type { Case } from './cases/case.ts'
import type { Draft } from './draft.ts'
import { codeOf, expectedOf, judge, type Outcome } from './judge.ts'
import { readObject } from './objects.ts'
import { OBJECTS, type Place } from './place.ts'
import { shown } from './show.ts'
import type { ProbeResult } from './types.ts'
import { type Received, sendBytes, wireOf } from './wire.ts'
import { bodyOf, draftOf, keyOf } from './wrong-signer.ts'

/** What a case is run on. */
export interface Run {
  readonly place: Place
  /** Whether the server keeps what it is sent, so that it can be read again. */
  readonly keeps: boolean
  /** The keys that may have been written, spelled as in a URL. */
  readonly written: Set<string>
  /** The results of cases that others come after. */
  readonly gates: Map<string, Promise<ProbeResult>>
}

/** Whether what is read of a good request's object is what it should be; undefined where that says nothing. */
async function isKept(
  it: Case,
  draft: Draft,
  { place, keeps }: Run,
  body: Uint8Array,
): Promise<boolean | undefined> {
  const { recipe } = it
  const key = keyOf(it)
  if (!keeps || recipe.gives === '') return undefined
  if (/^(HEAD|DELETE)$/.test(draft.method)) return undefined
  const isRead = draft.method === 'GET'
  const wanted = recipe.gives ?? (isRead ? OBJECTS[key] : bodyOf(recipe))
  if (wanted === undefined) return undefined
  const read = isRead ? body : await readObject(place, key)
  return read !== undefined && Buffer.from(wanted).equals(read)
}

/** Sends a draft as often as its case says; the last answer counts. */
async function send(draft: Draft, { recipe }: Case, place: Place): Promise<Received> {
  const wire = wireOf(draft)
  for (let times = recipe.times ?? 1; times > 1; times--) await sendBytes(wire, place)
  return sendBytes(wire, place)
}

/** What `explain` says of a good request that was refused; nothing where it knows nothing. */
async function explained({ asked }: Draft, answer: Received): Promise<string> {
  const serverError = new TextDecoder().decode(answer.body)
  if (!asked || serverError === '') return ''
  const told = await explain(asked.request, { ...asked.options, serverError }).catch(
    () => undefined,
  )
  return told?.cause && told.certain ? ` ${told.message} ${told.advice}` : ''
}

/** Makes the request of a case, sends it, and judges what comes back. */
async function runNow(it: Case, run: Run): Promise<ProbeResult> {
  const { place } = run
  const { isS3, origin, credentials } = place
  const { name, group, kind, says, source, attack } = it
  const draft = await draftOf(it, place)
  if (isS3 && draft.method !== 'GET' && draft.method !== 'HEAD') run.written.add(keyOf(it))
  for (const change of it.changes) await change(draft)
  // What was signed to be read may be sent to write.
  if (isS3 && draft.method === 'PUT') run.written.add(keyOf(it))
  let answer: Received | undefined
  let fault: string | undefined
  try {
    answer = await send(draft, it, place)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    fault = code ?? message
  }
  const { status = 0 } = answer ?? {}
  const isIn = status >= 200 && status < 300
  const kept =
    answer && kind === 'good' && isS3 && isIn
      ? await isKept(it, draft, run, answer.body).catch(() => false)
      : undefined
  const told = answer && { status, code: isIn ? undefined : codeOf(answer) }
  const outcome: Outcome = { answer: told, fault, kept }
  const { verdict, message } = judge(it, outcome, isS3)
  const why = verdict === 'wrongly-refused' && answer ? await explained(draft, answer) : ''
  return {
    ...{ name, group, kind, says, verdict, message: message + why, source },
    ...(attack !== undefined && { attack }),
    ...{ expected: expectedOf(it, isS3), answer: told },
    ...shown(draft, origin, credentials.sessionToken),
  }
}

/** What is told of a case that comes after one that is not let in, and that is not sent. */
function untold({ name, group, kind, says, source, attack, after }: Case): ProbeResult {
  const message = `Nothing can be told of it, as ${after} is not let in.`
  const nothing = { expected: [], answer: undefined, sent: '', curl: '' }
  const told = { name, group, kind, says, source, verdict: 'unsure', message } as const
  return { ...told, ...(attack !== undefined && { attack }), ...nothing }
}

/** Runs a case, once the one is let in that it comes after; that one is run once. */
export async function runCase(it: Case, cases: readonly Case[], run: Run): Promise<ProbeResult> {
  const before = cases.find(({ name }) => name === it.after)
  if (!before) return runNow(it, run)
  const gate = run.gates.get(before.name) ?? runNow(before, run)
  run.gates.set(before.name, gate)
  const result = await gate
  if (before === it) return result
  return result.verdict === 'right' ? runNow(it, run) : untold(it)
}
