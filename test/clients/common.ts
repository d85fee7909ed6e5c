import { type Credentials, createSigner, type SignerOptions, sign } from 'countersign'
import {
  createVerifyingServer,
  type VerifyingServer,
  type VerifyingServerOptions,
} from 'countersign/testing'
import { afterAll, beforeAll, expect } from 'vitest'
import { referenceSignature, type WireRequest } from '../reference.ts'
import { exampleSession } from '../support/example-key.ts'

/** Temporary credentials, whose token has all that a client could spell in another way. */
export const credentials = {
  ...exampleSession,
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//token+with=signs==',
} satisfies Credentials

export const REGION = 'eu-west-1'

/** The services whose paths are encoded once and twice. */
export const SERVICES = ['s3', 'execute-api'] as const

export const signer = (service: string, more: Partial<SignerOptions> = {}) =>
  createSigner({ service, region: REGION, credentials, ...more })

/** A verifying server for the tests of a file, that answers briefly unless it is told otherwise. */
export function useServer(options: VerifyingServerOptions = {}): VerifyingServer {
  let server: VerifyingServer
  beforeAll(async () => {
    const answer = () => ({ body: 'accepted' })
    server = await createVerifyingServer({ credentials, region: REGION, answer, ...options })
  })
  afterAll(() => server.close())
  return new Proxy({} as VerifyingServer, { get: (_, name) => server[name as keyof typeof server] })
}

/** The request that arrived last, as it came over the wire. */
const wireOf = ({ lastVerdict }: VerifyingServer): WireRequest => {
  const { method, url, headers, body } = lastVerdict?.request ?? expect.fail('nothing arrived')
  return {
    ...{ method, target: url, body: body ?? null },
    headers: headers as [string, string][],
  }
}

const asked = (canonicalRequest: string) => canonicalRequest.split('\n', 3)

/**
 * Expects that the request that arrived last is the one that was asked for, and that its signature
 * is right: to our verifier, and to the reference that was written from AWS's documentation.
 */
export async function expectArrived(
  server: VerifyingServer,
  service: string,
  path: string,
  method = 'GET',
): Promise<void> {
  expect(outcome(server)).toMatch(new RegExp(`^${service} (verified|unsigned)$`))
  const { canonicalRequest, expected, received } = referenceSignature(
    wireOf(server),
    credentials.secretAccessKey,
  )
  expect(received).toBe(expected)
  const rules = { service, region: REGION, credentials }
  const { trace } = await sign({ method, url: server.url + path }, rules)
  expect(asked(canonicalRequest)).toEqual(asked(trace.canonicalRequest))
}

/** What the server made of the last request: its service and payload, or why it was refused. */
export const outcome = ({ lastVerdict }: VerifyingServer): string => {
  if (!lastVerdict) return expect.fail('nothing arrived')
  const { result, service } = lastVerdict
  return result.ok ? `${service} ${result.payload}` : result.reason
}

/** The request target that arrived last. */
export const target = ({ lastVerdict }: VerifyingServer): string => `${lastVerdict?.request.url}`

/** The values of a header of the request that arrived last. */
export const header = ({ lastVerdict }: VerifyingServer, name: string): string[] =>
  [...((lastVerdict?.request.headers ?? []) as Iterable<readonly [string, string]>)]
    .filter(([key]) => key.toLowerCase() === name)
    .map(([, value]) => value)
