import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'
import { arriving, credentials, signing, verifying } from './verify/common.ts'

const url = 'https://abc.example.com/a'
const NOT_SYNCHRONOUS = expect.objectContaining({ code: 'not-synchronous' })
const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('what countersign/sync refuses as a promise', () => {
  const late = (async () => credentials) as never

  it('tells nobody of a signature that the caller never got', async () => {
    const uses: unknown[] = []
    const onSign = (use: unknown) => void uses.push(use)
    const options = { ...signing, credentials: late, onSign }
    const signer = sync.createSigner(options)
    const overridden = sync.createSigner(signing)
    for (const call of [
      () => sync.sign({ url }, options),
      () => sync.presign({ url }, options),
      () => signer.sign({ url }),
      () => signer.presign({ url }),
      () => overridden.sign({ url }, { credentials: late, onSign }),
    ])
      expect(call).toThrow(NOT_SYNCHRONOUS)
    await settled()
    expect(uses).toEqual([])
  })

  it('claims no request, so that a proper call can accept it', async () => {
    const request = arriving(sync.sign({ url }, signing))
    const claimed = new Set<string>()
    const replayGuard = { claim: (id: string) => claimed.size < claimed.add(id).size }
    const options = { ...verifying, replayGuard }
    const verifier = sync.createVerifier({ ...options, credentials: late })
    for (const call of [
      () => sync.verify(request, { ...options, credentials: late }),
      () => verifier.verify(request),
    ])
      expect(call).toThrow(NOT_SYNCHRONOUS)
    await settled()
    expect(sync.verify(request, options).ok).toBe(true)
    expect(sync.verify(request, options)).toMatchObject({ reason: 'replayed' })
  })

  it('keeps no later call from telling, one within another included', () => {
    const uses: string[] = []
    const inner = sync.createSigner({ ...signing, onSign: () => void uses.push('inner') })
    const outer = sync.createSigner({
      ...signing,
      onSign() {
        inner.sign({ url })
        uses.push('outer')
      },
    })
    expect(() => outer.sign({ url }, { credentials: late })).toThrow(NOT_SYNCHRONOUS)
    outer.sign({ url })
    outer.sign({ url })
    expect(uses).toEqual(['inner', 'outer', 'inner', 'outer'])
  })
})
