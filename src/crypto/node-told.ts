import { type Awaitable, isPromise } from '../lib/awaitable.ts'
import { CountersignError } from '../model/errors.ts'
import type { KeyUse, Stated, Verdict } from './backend.ts'

/** Why a call came to no verdict; an error that is not ours may say anything, and is not repeated. */
const reasonOf = (error: unknown): string =>
  error instanceof CountersignError ? error.code : 'failed'

/** Judges, and tells the verdict with the key that it is about; of a judge that fails, that it did. */
export function tellVerdict<V extends Verdict>(
  judge: () => Awaitable<V>,
  { received, statement }: Stated,
  tell: (use: KeyUse) => void,
): Awaitable<V> {
  const say = (verdict: Verdict & { readonly host?: string }) =>
    tell({
      accessKeyId: statement?.claim.accessKeyId ?? '',
      credentialScope: statement?.credentialScope ?? '',
      host: verdict.host ?? received?.fields.host ?? '',
      ...(verdict.ok ? { ok: true } : { ok: false, reason: verdict.reason }),
    })
  const judged = (verdict: V): V => {
    say(verdict)
    return verdict
  }
  const failed = (error: unknown): never => {
    say({ ok: false, reason: reasonOf(error) })
    throw error
  }
  let verdict: Awaitable<V>
  try {
    verdict = judge()
  } catch (error) {
    return failed(error)
  }
  return isPromise(verdict)
    ? (verdict.then(judged as never, failed) as Awaitable<V>)
    : judged(verdict)
}
