import { readFileSync } from 'node:fs'
import { exampleKey as credentials } from '../support/example-key.ts'
import { hexOf } from '../support/hash.ts'

export { credentials }

interface SuitePoint {
  readonly X: string
  readonly Y: string
}

const suite = JSON.parse(
  readFileSync(new URL('../vectors/aws-signing-test-suite-v4a.json', import.meta.url), 'utf8'),
) as { cases: { name: string; publicKey: SuitePoint }[] }

/** Every case's public point: 04, x and y in hex. */
export const suitePoints = suite.cases.map(
  ({ name, publicKey }) => [name, `04${publicKey.X}${publicKey.Y}`] as const,
)

/**
 * A key id with which the first round of the derivation yields ffffffff fcfbfcb8…, above n − 2:
 * found by trying some 10^9 ids. aws-c-auth derives the same pair from it by its second round.
 */
export const retried = { ...credentials, accessKeyId: 'AKIDEXAMPLEAAEQ7KU27' }

export const retriedPoint =
  '04f4fb67af1b5052f9f7bacc5525679e75a2583f9cc628d8dc5e41874fd3817549' +
  'f52c2e0ade69f9d7f4b57ce4e024deafef3cf08b46b18066b9e79101d911dc11'

/** Bytes as lower-case hex. */
export { hexOf }
