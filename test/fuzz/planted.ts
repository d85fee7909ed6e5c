import { target } from './target.ts'

/** Two words, of which the second is found only by who has kept the first: both at once are not guessed. */
function throwsAtTwo(text: string): void {
  if (!text.includes('SignedHeaders=')) return
  if (text.includes('aws4_request')) throw new Error('planted')
}

const common = {
  codes: [],
  cost: { fixed: 5, perByte: 0.01 },
  seeds: () => [Buffer.from('seed of a few words')],
  read: (input: Uint8Array) => Buffer.from(input).toString('latin1'),
} as const

/** An exception, two conditions deep. */
export const plantedError = target({
  ...{ ...common, name: 'planted-error' },
  call: throwsAtTwo,
  judge: () => undefined,
})

/** A regular expression whose time grows by the cube, up to a second. */
export const plantedSlowness = target({
  ...{ ...common, name: 'planted-slowness' },
  call: ({ length }) => /s+s+$/.test(`${'s'.repeat(Math.min(length, 1000))}.`),
  judge: () => undefined,
})

/** A judgement that does not hold. */
export const plantedVerdict = target({
  ...{ ...common, name: 'planted-verdict' },
  call: (text) => text.includes('aws4_request'),
  judge: (_, found) => (found ? 'accepts a planted word' : undefined),
})
