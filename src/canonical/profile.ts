import type { PathEncoding, PathNormalization, SessionTokenPlace } from '../model/option-words.ts'
import type { FormatParameters } from './parameters.ts'
import { checkWords } from './words.ts'

/** How a service bends the general road: paths normalised and encoded twice, the token signed. */
export interface Profile {
  readonly pathEncoding?: PathEncoding | undefined
  readonly pathNormalization?: PathNormalization | undefined
  /** Whether `x-amz-content-sha256` always comes with a signature in the header. */
  readonly contentSha256?: 'signed'
  readonly sessionToken?: SessionTokenPlace | undefined
  readonly sessionTokenName?: string | undefined
}

/** What a signer keeps between its calls, as it costs more to make than to keep. */
export interface Memory {
  /** Credentials that have been found complete. */
  readonly complete?: WeakSet<object>
  /** The parameters of a presigned URL, which are mostly the same. */
  readonly parameters?: FormatParameters
}

const s3: Profile = { pathEncoding: 'single', pathNormalization: 'none', contentSha256: 'signed' }

/** All that differs per service; one that is not named (execute-api, lambda, es, sts…) keeps to the general road. */
const PROFILES: Readonly<Record<string, Profile>> = {
  s3,
  's3-object-lambda': s3,
  's3-outposts': s3,
  // Inherited: bundlers take a spread for work that must be done.
  s3express: { __proto__: s3, sessionTokenName: 'x-amz-s3session-token' } as Profile,
  // OpenSearch Serverless refuses a request without the hash header.
  aoss: { contentSha256: 'signed' },
  iotdevicegateway: { sessionToken: 'appended' },
}

/** The options, with what the caller leaves open filled in by the service. */
export function withProfile<Options extends { readonly service: string }>(
  options: Options,
): Options & Profile {
  checkWords(options, {
    pathEncoding: 'single|double',
    pathNormalization: 'none|rfc3986',
    dotSegments: 'refuse|literal',
    encodedSlash: 'slash|literal',
    sessionToken: 'signed|appended',
  })
  const filled: Options & Profile = { ...options }
  const profile = PROFILES[options.service]
  for (const name in profile)
    (filled as Record<string, unknown>)[name] ??= profile[name as keyof Profile]
  return filled
}
