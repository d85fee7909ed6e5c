// In a browser a signature costs its calls of crypto.subtle, and little else: these tests count them.
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { backend as web } from '../../src/crypto/web.ts'
import { type credentials, signing } from '../verify/common.ts'

export const url = 'https://abc.example.com/a'
export const body = '{"a":1}'
export const ofWeb = { ...signing, crypto: web }
export const other: typeof credentials = {
  accessKeyId: 'AKIDOTHER',
  secretAccessKey: 'other',
}

/** What a key at hand costs: the digests of the body and of the canonical request, and the signature. */
export const WARM = { digest: 2, importKey: 0, sign: 1 }
export const WITHOUT_BODY = { digest: 1, importKey: 0, sign: 1 }
/** Four HMACs, each with a key of its own, and the signature with the fifth. */
export const DERIVED = { importKey: 5, sign: 5 }

const KINDS = ['digest', 'importKey', 'sign'] as const

/** Counts the calls of the tests of a file; a key that can be read again fails them. */
export function countCalls() {
  const counts = { digest: 0, importKey: 0, sign: 0 }
  beforeEach(() => {
    for (const kind of KINDS) {
      const call = crypto.subtle[kind].bind(crypto.subtle) as (...args: unknown[]) => unknown
      vi.spyOn(crypto.subtle, kind).mockImplementation(((...args: unknown[]) => {
        counts[kind]++
        if (kind === 'importKey') expect(args[3]).toBe(false)
        return call(...args)
      }) as never)
    }
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** How often a task calls each. */
  return async function costOf(task: () => unknown) {
    Object.assign(counts, { digest: 0, importKey: 0, sign: 0 })
    await task()
    return { ...counts }
  }
}
