import type { Profile } from '../../canonical/profile.ts'
import { parameterOf, tokenNameOf } from '../../canonical/token-name.ts'
import type { Reading } from '../../verify/read.ts'
import { withoutParameters } from '../../verify/received.ts'
import type { ServerExplainOptions } from './options.ts'

/** All that a hypothesis may look at. */
export interface Evidence {
  /** How the service's paths are read. */
  readonly rules: Profile
  readonly wirePath: string
  /** Without the signature. */
  readonly wireQuery: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array | string
  readonly accessKeyId: string
  readonly token: string | undefined
  readonly tokenName: string
  readonly hosts: readonly string[]
  readonly prefixes: readonly string[]
  readonly otherSecrets: readonly string[]
}

/** What a request and the options hold for the hypotheses. */
export function evidenceOf(
  { received, statement, profile }: Reading,
  { hosts = [], pathPrefixes = [], otherCredentials = [] }: ServerExplainOptions,
): Evidence {
  const { placement, accessKeyId } = statement.claim
  const { path, query, fields, parameters, body = '' } = received
  const tokenName = tokenNameOf(profile)
  return {
    rules: profile,
    wirePath: path,
    wireQuery: withoutParameters(query, placement === 'query' ? ['X-Amz-Signature'] : []),
    headers: new Map(Object.entries(fields)),
    body,
    accessKeyId,
    token: fields[tokenName] ?? parameters.get(parameterOf(tokenName)),
    tokenName,
    hosts,
    prefixes: pathPrefixes,
    otherSecrets: otherCredentials.map(({ secretAccessKey }) => secretAccessKey),
  }
}
