import type { CryptoBackend } from '../crypto/backend.ts'
import { type Awaitable, after } from '../lib/awaitable.ts'
import type { Verified } from '../model/verify-types.ts'
import type { Reading } from './read.ts'

/** What a request, a form or an event says of who signed it, as far as it could be read. */
export interface Stated {
  readonly received?: Pick<Reading['received'], 'fields'> | undefined
  readonly statement?:
    | {
        readonly claim: { readonly accessKeyId: string }
        readonly credentialScope: string
      }
    | undefined
}

/** A verdict, of which those who watch the platform are told, with the key that it is about. */
export function told<
  Verdict extends { readonly ok: true } | { readonly ok: false; reason: string },
>(
  verdict: Awaitable<Verdict>,
  platform: CryptoBackend,
  { received, statement }: Stated,
): Awaitable<Verdict> {
  const tell = platform.watch?.('verify')
  return tell
    ? after(verdict, (verdict) => {
        tell({
          accessKeyId: statement?.claim.accessKeyId ?? '',
          credentialScope: statement?.credentialScope ?? '',
          host: (verdict as Partial<Verified>).host ?? received?.fields.host ?? '',
          ...(verdict.ok ? { ok: true } : { ok: false, reason: verdict.reason }),
        })
        return verdict
      })
    : verdict
}
