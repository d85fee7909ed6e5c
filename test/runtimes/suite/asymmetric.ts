import { p256 } from '@noble/curves/nist.js'
import { type Algorithm, presign, sign, verify } from 'countersign'
import { deriveSigningKeyPair, sigv4a, sigv4aWith } from 'countersign/sigv4a'
import * as sync from 'countersign/sync'
import { refused, runChecks, same } from './check.ts'
import { credentials, hexOf, received, signing, url, verifying } from './common.ts'
import { lacksNothing, type Place, type Suite } from './task.ts'

const curve = sigv4aWith(p256)

/** The access key of AWS's suite. */
const suiteKey = { ...credentials, accessKeyId: 'AKIDEXAMPLE' }

export const signingFor = (algorithm: Algorithm) => {
  const { service, signingDate } = signing
  return { service, signingDate, credentials, regionSet: 'eu-*', algorithm }
}
const judging = (algorithm: Algorithm, region = 'eu-west-1') => ({
  ...{ ...verifying, region, algorithm },
})

type Wanted = 'done' | 'crypto-unavailable'

/** Does a thing that the place can do, and hears why not where it cannot. */
const either = async (wanted: Wanted, task: () => unknown) =>
  wanted === 'done' ? void (await task()) : refused(wanted, task)

const wants = ({ p256, crypto }: Place): readonly [signs: Wanted, verifies: Wanted] => [
  p256 === 'missing' || crypto === 'missing' ? 'crypto-unavailable' : 'done',
  p256 === 'signs and verifies' && crypto === 'there' ? 'done' : 'crypto-unavailable',
]

const ownCurve: Suite['run'] = ({ facts, place }) => {
  const [signs, verifies] = wants(place)
  const { url: _, ...given } = facts.signedAsymmetrically
  const theirs = { url, ...given }
  return runChecks({
    signs: () =>
      either(signs, async () => {
        for (const verb of [sign, presign]) {
          const signed = received(await verb({ url }, signingFor(sigv4a)))
          same(sync.verify(signed, judging(curve)).ok, true)
          const other = { ...signed, url: signed.url.replace('/key', '/kex') }
          same(sync.verify(other, judging(curve)).ok, false)
        }
      }),
    'verifies @smithy/signature-v4a': () =>
      either(verifies, async () => {
        const verdict = async (it: typeof theirs, region?: string) => {
          const result = await verify(it, judging(sigv4a, region))
          return result.ok || result.reason
        }
        same(await verdict(theirs), true)
        const presigned = received(sync.presign({ url }, signingFor(curve)))
        same((await verify(presigned, judging(sigv4a))).ok, true)
        same(await verdict(theirs, 'us-east-1'), 'scope-mismatch')
        const other = { ...theirs, url: theirs.url.replace('/key', '/kex') }
        same(await verdict(other), 'signature-mismatch')
      }),
    "tells the public key of AWS's suite": () =>
      either(verifies, async () =>
        same(hexOf((await deriveSigningKeyPair(suiteKey)).publicKey), facts.publicKey),
      ),
  })
}

const passedIn: Suite['run'] = ({ facts }) =>
  runChecks({
    'signs and verifies at once': () => {
      const signed = received(sync.sign({ url }, signingFor(curve)))
      same(sync.verify(signed, judging(curve)).ok, true)
      const other = { ...signed, url: signed.url.replace('/key', '/kex') }
      const result = sync.verify(other, judging(curve))
      same(result.ok || result.reason, 'signature-mismatch')
    },
    'verifies @smithy/signature-v4a': () =>
      same(sync.verify(facts.signedAsymmetrically, judging(curve)).ok, true),
  })

/** SigV4a by the platform's P-256, where parts of it may be missing. */
export const asymmetric: readonly Suite[] = [
  {
    ...{ entry: 'countersign/sigv4a', name: 'own P-256', attempts: {} },
    ...{ lacks: lacksNothing, run: ownCurve },
  },
]

/** SigV4a by a curve that is passed in, which works everywhere. */
export const asymmetricPassedIn: readonly Suite[] = [
  {
    ...{ entry: 'countersign/sigv4a', name: 'curve given', attempts: {} },
    ...{ lacks: lacksNothing, run: passedIn },
  },
]
