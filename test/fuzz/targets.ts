import type { Target } from './target.ts'

/** Each target by its name; loaded alone, as some make keys and requests first. */
export const TARGETS: Readonly<Record<string, () => Promise<Target>>> = {
  verify: async () => (await import('./targets/verify.ts')).verifying,
  awsError: async () => (await import('./targets/aws-error.ts')).answering,
  explain: async () => (await import('./targets/explain.ts')).explaining,
  'explain-answer': async () => (await import('./targets/explain-answer.ts')).explainingAnswers,
  decodeChunked: async () => (await import('./targets/decode-chunked.ts')).decoding,
  readBody: async () => (await import('./targets/read-body.ts')).readingBodies,
  verifyPostPolicy: async () => (await import('./targets/post-policy.ts')).verifyingForms,
  inputs: async () => (await import('./targets/inputs.ts')).readingInputs,
  logged: async () => (await import('./targets/logged.ts')).readingLogs,
}

/** Faults on purpose: that the fuzzer finds them is a test of it. */
export const PLANTED: typeof TARGETS = {
  'planted-error': async () => (await import('./planted.ts')).plantedError,
  'planted-slowness': async () => (await import('./planted.ts')).plantedSlowness,
  'planted-verdict': async () => (await import('./planted.ts')).plantedVerdict,
}

/** The target of a name. */
export async function targetOf(name: string): Promise<Target> {
  const load = TARGETS[name] ?? PLANTED[name]
  if (!load) throw new Error(`No target ${name}; there are ${Object.keys(TARGETS).join(', ')}.`)
  return load()
}
