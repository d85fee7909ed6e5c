import type { Profile } from '../../canonical/profile.ts'
import { parameterOf, tokenNameOf } from '../../canonical/token-name.ts'
import type { Reading } from '../../verify/read.ts'
import { type Received, withoutParameters } from '../../verify/received.ts'
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

/** The first of some names under which a session token came, else the first of all; and the token. */
function tokenIn(
  { fields, parameters }: Received,
  names: readonly [string, ...string[]],
): readonly [name: string, token: string | undefined] {
  const read = (name: string) => fields[name] ?? parameters.get(parameterOf(name))
  const name = names.find(read) ?? names[0]
  return [name, read(name)]
}

/** What a request and the options hold for the hypotheses. */
export function evidenceOf(
  { received, statement, profile }: Reading,
  { hosts = [], pathPrefixes = [], otherCredentials = [] }: ServerExplainOptions,
): Evidence {
  const { placement, accessKeyId } = statement.claim
  const { path, query, fields, body = '' } = received
  // S3 Express has two names for it, and the sender has used one.
  const [tokenName, token] = tokenIn(received, [tokenNameOf(profile), tokenNameOf({})])
  return {
    rules: profile,
    wirePath: path,
    wireQuery: withoutParameters(query, placement === 'query' ? ['X-Amz-Signature'] : []),
    headers: new Map(Object.entries(fields)),
    body,
    accessKeyId,
    token,
    tokenName,
    hosts,
    prefixes: pathPrefixes,
    otherSecrets: otherCredentials.map(({ secretAccessKey }) => secretAccessKey),
  }
}
