import type { PathEncoding, PathNormalization, SessionTokenPlace } from '../types.ts'

/** How a service bends the road; all that differs per service is in this table. */
export interface Profile {
  /** S3's family reads `+` in a path as a blank, wants `x-amz-content-sha256`, and lets a URL leave the body unsigned. */
  readonly family: 's3' | 'general'
  readonly pathEncoding: PathEncoding
  readonly pathNormalization: PathNormalization
  /** Whether header-signed requests always carry `x-amz-content-sha256`, or only where it says more than the body. */
  readonly contentSha256: 'always' | 'literal'
  readonly sessionToken: SessionTokenPlace
  readonly sessionTokenName: string
}

const general: Profile = {
  family: 'general',
  pathEncoding: 'double',
  pathNormalization: 'rfc3986',
  contentSha256: 'literal',
  sessionToken: 'signed',
  sessionTokenName: 'x-amz-security-token',
}

const s3: Profile = {
  ...general,
  family: 's3',
  pathEncoding: 'single',
  pathNormalization: 'none',
  contentSha256: 'always',
}

const profiles: Readonly<Record<string, Profile>> = {
  __proto__: null as never,
  s3,
  's3-object-lambda': s3,
  's3-outposts': s3,
  s3express: { ...s3, sessionTokenName: 'x-amz-s3session-token' },
  // OpenSearch Serverless refuses requests without the hash header.
  aoss: { ...general, contentSha256: 'always' },
  iotdevicegateway: { ...general, sessionToken: 'appended' },
}

/** The profile of a service; any that the table does not name (execute-api, lambda, es, bedrock, sts…) is general. */
export const profileOf = (service: string): Profile => profiles[service] ?? general
