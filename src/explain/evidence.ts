import type { Profile } from '../road/profile.ts'
import { canonicalize, parameterOf, tokenNameOf } from '../verify/canonicalize.ts'
import { parameterName, type Received } from '../verify/received.ts'
import type { Statement } from '../verify/statement.ts'
import { type Evidence, type Parts, parseParts } from './parts.ts'
import type { ServerExplainOptions } from './sides.ts'

/** The parts of a received request as they are read here, before the secret is known. */
export function partsOf(
  received: Received,
  statement: Statement,
  payloadHash: string,
  profile: Profile,
  plus: 'space' | 'literal' | undefined,
): Parts {
  const { claim, amzDate, credentialScope } = statement
  const host = received.headers.get('host') ?? ''
  const canonical = canonicalize(received, claim, host, payloadHash, plus, profile)
  const parts = parseParts(canonical) as NonNullable<ReturnType<typeof parseParts>>
  return { ...parts, amzDate, credentialScope, secret: '' }
}

/** What the hypotheses may look at. */
export function evidenceOf(
  received: Received,
  { claim }: Statement,
  profile: Profile,
  options: ServerExplainOptions,
): Evidence {
  const tokenName = tokenNameOf(profile)
  const own = claim.placement === 'query' ? ['X-Amz-Signature'] : []
  return {
    method: received.method,
    rules: profile,
    wirePath: received.path,
    wireQuery: received.query
      .split('&')
      .filter((part) => !own.includes(parameterName(part)))
      .join('&'),
    headers: received.headers,
    body: received.body,
    accessKeyId: claim.accessKeyId,
    token: received.headers.get(tokenName) ?? received.parameters.get(parameterOf(tokenName)),
    tokenName,
    placement: claim.placement,
    hosts: options.hosts ?? [],
    prefixes: options.pathPrefixes ?? [],
    otherSecrets: (options.otherCredentials ?? []).map(({ secretAccessKey }) => secretAccessKey),
  }
}
