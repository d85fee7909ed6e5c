import type { CountersignError, SignedRequest, SignOptions } from 'countersign'
import { expect } from 'vitest'
import { exampleKey as credentials } from '../support/example-key.ts'

export { credentials }

export const signingDate = new Date('2015-08-30T12:36:00Z')

/** Options for a service whose path is encoded once. */
export const s3 = {
  service: 's3',
  region: 'us-east-1',
  credentials,
  signingDate,
} satisfies SignOptions

/** Options for a service whose path is normalised and encoded twice. */
export const api = { ...s3, service: 'execute-api' } satisfies SignOptions

/** The services whose path is encoded once and whose presigned URLs leave the payload unsigned. */
export const S3_SERVICES = ['s3', 's3express', 's3-object-lambda', 's3-outposts']

/** The lines of a canonical request by their part. */
export function canonicalOf({ trace }: Pick<SignedRequest, 'trace'>) {
  const [method, path = '', query = '', ...rest] = trace.canonicalRequest.split('\n')
  const payload = rest.pop() ?? ''
  const signedHeaders = rest.pop() ?? ''
  const headers = Object.fromEntries(
    rest.filter(Boolean).map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1)]),
  )
  return { method, path, query, headers, signedHeaders, payload }
}

/** The error that a call throws or rejects with. */
export async function errorOf(call: () => unknown): Promise<CountersignError> {
  try {
    await call()
  } catch (error) {
    return error as CountersignError
  }
  return expect.fail('nothing was thrown')
}

/** Expects a typed error by its code, and that the message says what to do. */
export async function expectError(
  call: () => unknown,
  code: CountersignError['code'],
  advice: RegExp = /\w/,
): Promise<void> {
  const error = await errorOf(call)
  expect({ name: error.name, code: error.code }).toEqual({ name: 'CountersignError', code })
  expect(error.message).toMatch(advice)
}
