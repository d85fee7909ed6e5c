/**
 * How often a path is percent-encoded before it is signed: `single` by S3's services, where the wire's
 * own spelling is signed; `double` by all others.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export type PathEncoding = 'single' | 'double'

/**
 * Whether `.`, `..` and repeated slashes of a path are resolved before it is signed: `none` by S3's
 * services, where they are part of a key; by `rfc3986` by all others.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
 */
export type PathNormalization = 'none' | 'rfc3986'

/**
 * What becomes of a segment `.` or `..` that stays in a path: `refuse` it, as `fetch` and most clients
 * would resolve it after signing and so ask for another resource; or sign it as it is, `literal`, for a
 * client that sends paths untouched.
 */
export type DotSegments = 'refuse' | 'literal'

/**
 * How an encoded slash (`%2F`) in a path of S3's services is read: as the `slash` that S3 takes it for, on
 * the wire and in the canonical request; or as it stands, `literal`, as some S3-compatible servers sign it.
 */
export type EncodedSlash = 'slash' | 'literal'

/** Whether a session token is `signed` with the request, or `appended` after signing, as IoT wants it. */
export type SessionTokenPlace = 'signed' | 'appended'
