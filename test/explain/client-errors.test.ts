import { awsError, explain, verify } from 'countersign'
import { describe, expect, it } from 'vitest'
import { KEY } from './client-case.ts'
import { faults, serverOptions } from './faults.ts'
import { OTHER, TEMPORARY } from './manual.ts'

describe.each(['s3', 'json', 'query'] as const)('what awsError answers as %s', async (protocol) => {
  it.each((await faults()).map((fault) => [fault.name, fault] as const))(
    'names: %s',
    async (_, fault) => {
      const verifyOptions = { ...serverOptions, ...fault.options }
      const result = await verify(fault.received, verifyOptions)
      if (result.ok) throw new Error('accepted')
      const text = `${fault.received.url} ${JSON.stringify(fault.received.headers)}`
      const [, region = 'eu-west-1', service = 'execute-api'] =
        /\d{8}(?:\/|%(?:25)?2F)([\w-]+)(?:\/|%(?:25)?2F)([\w-]+)(?:\/|%(?:25)?2F)aws4/.exec(text) ??
        []
      const sendsToken = /x-amz-security-token/i.test(text)
      const why = await explain(
        {
          ...fault.received,
          url: `https://localhost${fault.received.url}`,
          body: fault.received.body ?? null,
        },
        {
          ...{ service, region, otherCredentials: [OTHER] },
          credentials: sendsToken ? TEMPORARY : KEY,
          ...(verifyOptions.pathPrefixes && { pathPrefixes: verifyOptions.pathPrefixes }),
          serverError: awsError(result, protocol).body,
        },
      )
      // A client that sends a token does not know that the server has none for this key.
      const causes = fault.name === 'session token stale' ? ['token-altered'] : fault.causes
      expect(why.causes.slice(0, causes.length)).toEqual(causes)
    },
  )
})
