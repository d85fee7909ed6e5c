import { canonicalQuery } from '../../canonical/query.ts'
import { parameterOf, tokenNameOf } from '../../canonical/token-name.ts'
import { once } from '../../lib/remembered.ts'
import type { ReceivedProfile } from '../../verify/profile.ts'
import type { Reading } from '../../verify/read.ts'
import { withoutParameters } from '../../verify/received.ts'
import type { ServerExplainOptions } from './options.ts'

/** All that a hypothesis may look at. */
export interface Evidence {
  /** How the service's paths are read. */
  readonly rules: ReceivedProfile
  readonly wirePath: string
  /** Without the signature. */
  readonly wireQuery: string
  /** The same as it was written, with each bare `+`; where that is ASCII. */
  readonly bareQuery: string
  /** The canonical query, had each bare `+` the other meaning. */
  readonly queryReadOtherwise: () => string
  /** The meaning of a bare `+` here. */
  readonly plus: 'space' | 'literal'
  readonly headers: ReadonlyMap<string, string>
  readonly body: Uint8Array | string
  readonly accessKeyId: string
  readonly token: string | undefined
  readonly tokenName: string
  readonly hosts: readonly string[]
  readonly prefixes: readonly string[]
  readonly otherSecrets: readonly string[]
}

const SESSION = 'x-amz-s3session-token'
const ROLE = 'x-amz-security-token'

/** What a request and the options hold for the hypotheses. */
export function evidenceOf(
  { received, statement, profile }: Reading,
  target: string,
  { plus = 'space', hosts = [], pathPrefixes = [], otherCredentials = [] }: ServerExplainOptions,
): Evidence {
  const { claim } = statement
  const { placement, accessKeyId } = claim
  const { path, query, fields, parameters, body = '' } = received
  const own = tokenNameOf(profile)
  // S3 Express has a session's token in one, and a role's in the other: what was sent is what is read.
  const names = claim.scope.service === 's3express' ? [own, SESSION, ROLE] : [own]
  const sent = (name: string) => fields[name] ?? parameters.get(parameterOf(name))
  const tokenName = names.find((name) => sent(name) !== undefined) ?? own
  const unsigned = (text: string) =>
    placement === 'query' ? withoutParameters(text, ['X-Amz-Signature']) : text
  const wireQuery = unsigned(query)
  const bare = target.replace(/^[^?]*\??/, '')
  // A query that is not spelled for the wire yet has no + to be told from another.
  const bareQuery = bare !== query && /^[!-~]*$/.test(bare) ? unsigned(bare) : wireQuery
  return {
    rules: profile,
    wirePath: path,
    wireQuery,
    bareQuery,
    queryReadOtherwise: once(() =>
      canonicalQuery(bareQuery.replace(/\+/g, plus === 'literal' ? '%20' : '%2B')),
    ),
    plus,
    headers: new Map(Object.entries(fields)),
    body,
    accessKeyId,
    token: sent(tokenName),
    tokenName,
    hosts,
    prefixes: pathPrefixes,
    otherSecrets: otherCredentials.map(({ secretAccessKey }) => secretAccessKey),
  }
}
