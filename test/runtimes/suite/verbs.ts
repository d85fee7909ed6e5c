import type {
  Explanation,
  ReceivedRequest,
  Refused,
  SignedRequest,
  SigningRequest,
  Verified,
} from 'countersign'
import * as root from 'countersign'
import * as sync from 'countersign/sync'
import { S3_REQUESTS, signExample } from '../../s3-example.ts'
import { type CaseOptions, runSuite, type Verbs } from '../../suite.ts'
import { type Checks, refused, runChecks, same } from './check.ts'
import { credentials, longTerm, received, scope, signing, url, verifying } from './common.ts'
import { subtleCalls } from './subtle-calls.ts'
import { lacksCrypto, lacksNothing, type Suite, type Task } from './task.ts'

type Verifying = Omit<typeof verifying, 'credentials'> & {
  credentials: () => { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}
type Verdict = Verified | Refused

/** What both entries have, awaited or not. */
interface Entry extends Verbs {
  verify(received: ReceivedRequest, options: Verifying): Verdict | Promise<Verdict>
  explain(received: ReceivedRequest, options: Verifying): Explanation | Promise<Explanation>
  explain(
    request: SigningRequest,
    options: CaseOptions & { serverError: string },
  ): Explanation | Promise<Explanation>
  createSigner(options: CaseOptions): {
    sign(request: SigningRequest): SignedRequest | Promise<SignedRequest>
    presign(request: SigningRequest): SignedRequest | Promise<SignedRequest>
  }
  createVerifier(options: Verifying): {
    verify(received: ReceivedRequest): Verdict | Promise<Verdict>
  }
  deriveSigningKey(
    secretAccessKey: string,
    options: { region: string; service: string; signingDate: Date },
  ): Uint8Array | Promise<Uint8Array>
}

const ENTRIES: readonly (readonly [name: string, entry: Entry])[] = [
  ['countersign', root],
  ['countersign/sync', sync],
]

const request = { method: 'PUT', url, body: 'ü😀 text' }
const presigning = { ...signing, expiresIn: 60 }

/** Every stage of AWS's suite, and of the examples in S3's documentation. */
const published = (entry: Entry) => async (task: Task) => {
  const { suiteV4, s3 } = task.facts
  const rows = (await runSuite(entry, suiteV4)).map(({ name, ok, got, want }) => ({
    ...{ name, ok },
    detail: ok ? '' : `got ${got}, want ${want}`,
  }))
  const examples: Record<string, () => unknown> = {}
  for (const example of s3.cases.filter(({ name }) => S3_REQUESTS.includes(name)))
    examples[`S3's documented example ${example.name}`] = async () => {
      const { trace } = await signExample(entry, s3, example)
      const { canonicalRequest, stringToSign, signature } = example
      same(
        [trace.canonicalRequest, trace.stringToSign, trace.signature],
        [canonicalRequest, stringToSign, signature],
      )
    }
  return [...rows, ...(await runChecks(examples))]
}

/** What a verifier says of a request: true, or the reason of its refusal. */
const verdict = async (entry: Entry, it: ReceivedRequest) => {
  const result = await entry.verify(it, verifying)
  return result.ok || result.reason
}

const otherPath = (it: ReceivedRequest): ReceivedRequest => ({
  ...it,
  url: it.url.replace('/key', '/kex'),
})

const bothWays = (entry: Entry) => async (task: Task) =>
  runChecks({
    'signs as @smithy/signature-v4 does': async () => {
      const { request, signature } = task.facts.signed
      same((await entry.sign(request, signing)).signature, signature)
    },
    'presigns as @smithy/signature-v4 does': async () => {
      const { request, signature } = task.facts.presigned
      const options = { ...presigning, service: 'execute-api' }
      same((await entry.presign(request, options)).signature, signature)
    },
    'verifies what it signs': async () =>
      same(await verdict(entry, received(await entry.sign(request, signing))), true),
    'verifies what it presigns': async () =>
      same(await verdict(entry, received(await entry.presign({ url }, presigning))), true),
    'refuses another path': async () => {
      const signed = await entry.sign(request, signing)
      same(await verdict(entry, otherPath(received(signed))), 'signature-mismatch')
      const presigned = await entry.presign({ url }, presigning)
      same(await verdict(entry, otherPath(received(presigned))), 'signature-mismatch')
    },
    'refuses another body': async () => {
      const signed = received(await entry.sign(request, signing))
      same(await verdict(entry, { ...signed, body: 'ü😀 texT' }), 'payload-mismatch')
    },
    'a signer and a verifier remember their keys': async () => {
      const signer = entry.createSigner(presigning)
      const verifier = entry.createVerifier(verifying)
      for (const path of ['/1', '/2']) {
        const signed = await signer.sign({ ...request, url: url + path })
        const { signature } = await entry.sign({ ...request, url: url + path }, signing)
        same(signed.signature, signature)
        same((await verifier.verify(received(signed))).ok, true)
        same((await verifier.verify(otherPath(received(signed)))).ok, false)
      }
    },
    'a key that is remembered takes few calls of crypto.subtle': async () => {
      const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
      const signer = entry.createSigner(presigning)
      const verifier = entry.createVerifier(verifying)
      const signed = received(await signer.sign(request))
      await verifier.verify(signed)
      const [probe, ...calls] = await subtleCalls([
        () => subtle?.digest('SHA-256', new Uint8Array()),
        () => signer.sign(request),
        () => signer.sign({ url }),
        () => signer.presign({ url }),
        () => verifier.verify(signed),
      ])
      same(probe, subtle ? 1 : 0)
      // What is synchronous inside, as in Node, takes none.
      same(calls, calls[0] ? [3, 2, 2, 3] : [0, 0, 0, 0])
    },
    'explains a signature that does not match': async () => {
      const { secretAccessKey } = credentials
      const blank = { ...credentials, secretAccessKey: `${secretAccessKey} ` }
      const signed = await entry.sign(request, { ...signing, credentials: blank })
      const why = await entry.explain(received(signed), verifying)
      same([why.matches, why.cause, why.certain], [false, 'secret-blanks', true])
      same(String(why).includes(secretAccessKey), false)
    },
    'explains what a server has answered': async () => {
      const signed = await entry.sign({ ...request, body: Uint8Array.of(195, 188) }, signing)
      // The two bytes of é, as one character each.
      const theirs = signed.trace.canonicalRequest.replace('/key', '/k\u00c3\u00a9y')
      const bytes = Array.from(theirs, (byte) => byte.charCodeAt(0).toString(16)).join(' ')
      const serverError = `<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequestBytes>${bytes}</CanonicalRequestBytes></Error>`
      const why = await entry.explain(signed as SigningRequest, { ...signing, serverError })
      const [difference] = why.differences
      same([why.cause, difference?.theirs], ['path-changed', '/a%20b/kéy'])
    },
  })

const ofLongTermKeys =
  (entry: Entry) =>
  ({ place }: Task) => {
    const isSigned = async (it: SignedRequest | Promise<SignedRequest>) =>
      same(/^[\da-f]{64}$/.test((await it).signature), true)
    const checks: Record<string, () => unknown> = {}
    for (const verb of ['sign', 'presign'] as const) {
      const attempt = (more: Partial<CaseOptions>) =>
        entry[verb]({ url }, { ...presigning, ...more })
      checks[`${verb}: one is ${place.longTerm}`] = async () =>
        place.longTerm === 'used'
          ? isSigned(attempt({ credentials: longTerm }))
          : refused('long-term-credentials', () => attempt({ credentials: longTerm }))
      checks[`${verb}: one is used where that is allowed`] = () =>
        isSigned(attempt({ credentials: longTerm, allowLongTermCredentials: true }))
      checks[`${verb}: a session is used`] = () => isSigned(attempt({}))
    }
    return runChecks(checks)
  }

/** What needs a hash. */
const attempts = (entry: Entry): Checks => {
  const unsure = received(sync.sign({ url }, signing))
  return {
    sign: () => entry.sign(request, signing),
    presign: () => entry.presign({ url }, presigning),
    verify: () => entry.verify(unsure, verifying),
    explain: () => entry.explain(unsure, verifying),
    deriveSigningKey: () =>
      entry.deriveSigningKey('secret', { ...scope, signingDate: signing.signingDate }),
  }
}

/** The verbs of the root entry and of `countersign/sync`: the same checks for both. */
export const verbs: readonly Suite[] = ENTRIES.flatMap(([name, entry]) => {
  const suite = (title: string, run: Suite['run']): Suite => ({
    ...{ entry: name, name: title, run },
    lacks: name === 'countersign' ? lacksCrypto : lacksNothing,
    attempts: attempts(entry),
  })
  return [
    suite('published', published(entry)),
    suite('both ways', bothWays(entry)),
    suite('long-term', ofLongTermKeys(entry)),
  ]
})
