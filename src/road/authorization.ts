/** What a signature says of itself, in a header or in a query. */
export interface Authorization {
  readonly algorithm: string
  /** Key id and scope: `AKID/20150830/us-east-1/s3/aws4_request`. */
  readonly credential: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** The value of the Authorization header. */
export const formatAuthorization = (it: Authorization): string =>
  `${it.algorithm} Credential=${it.credential}, SignedHeaders=${it.signedHeaders.join(';')}, Signature=${it.signature}`
