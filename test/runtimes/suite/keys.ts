import { sign } from 'countersign'
import { derivedCredentials, importCredentials, refreshing } from 'countersign/credentials'
import { codeOf, runChecks, same } from './check.ts'
import { credentials, scope, signing, signingDate } from './common.ts'
import { lacksCrypto, type Suite, type Task } from './task.ts'

const keyScope = { ...scope, signingDate }

const run = ({ facts: { signed } }: Task) => {
  const signsWith = async (held: Parameters<typeof sign>[1]['credentials']) =>
    same(
      (await sign(signed.request, { ...signing, credentials: held })).signature,
      signed.signature,
    )
  const ofOtherService = (held: Parameters<typeof sign>[1]['credentials']) =>
    sign(signed.request, { ...signing, service: 'sqs', credentials: held })
  return runChecks({
    'a provider is asked once for many callers': async () => {
      let asked = 0
      const provider = refreshing(
        async () => {
          asked++
          return { ...credentials, expiration: new Date(Number(signingDate) + 3_600_000) }
        },
        { now: () => signingDate },
      )
      await Promise.all([provider(), provider()])
      await signsWith(provider)
      same(asked, 1)
    },
    'a provider is asked again before the end': async () => {
      let asked = 0
      const provider = refreshing(
        async () => {
          asked++
          return { ...credentials, expiration: new Date(Number(signingDate) + 299_000) }
        },
        { now: () => signingDate },
      )
      await provider()
      await provider()
      same(asked, 2)
    },
    'a derived key signs for its scope alone': async () => {
      const derived = await derivedCredentials(credentials, keyScope)
      await signsWith(derived)
      same(await codeOf(() => ofOtherService(derived)), 'invalid-scope')
    },
    'an imported key signs for its scope alone': async () => {
      const imported = await importCredentials(credentials, keyScope)
      await signsWith(imported)
      same(await codeOf(() => ofOtherService(imported)), 'invalid-scope')
    },
    'an imported secret signs, and is not extractable': async () => {
      const imported = await importCredentials(credentials)
      await signsWith(imported)
      same(imported.signingKey.extractable, false)
      const exported = await codeOf(() =>
        globalThis.crypto.subtle.exportKey('raw', imported.signingKey as CryptoKey),
      )
      same(/InvalidAccess|not extractable/i.test(exported), true)
    },
  })
}

/** Providers, and keys that cannot be read. */
export const keys: readonly Suite[] = [
  {
    ...{ entry: 'countersign/credentials', name: 'keys', lacks: lacksCrypto, run },
    attempts: {
      derivedCredentials: () => derivedCredentials(credentials, keyScope),
      importCredentials: () => importCredentials(credentials, keyScope),
    },
  },
]
