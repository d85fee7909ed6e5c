import type { auth, http } from 'aws-crt'
import type { Message } from '../suite.ts'
import { sha256 } from '../support/hash.ts'

/** AWS's C signer, where its binary loads. */
export const crt = await import('aws-crt').then(
  (loaded) => loaded,
  () => undefined,
)

const loaded = (): NonNullable<typeof crt> => {
  if (!crt) throw new Error('aws-crt does not load here')
  return crt
}

/** What AWS's C signer is told; the same for signing and for verifying. */
export interface CrtOptions {
  placement: 'header' | 'query'
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  regionSet: string
  service: string
  signingDate: Date
  expiresIn?: number
  /** Default: as S3 has it, neither normalised nor encoded twice. */
  path?: { normalized?: boolean; twice?: boolean }
  contentSha256?: boolean
  unsignedPayload?: boolean
  appendToken?: boolean
}

function configOf({ body }: Message, options: CrtOptions): auth.AwsSigningConfig {
  const { auth } = loaded()
  const { accessKeyId, secretAccessKey, sessionToken } = options.credentials
  return {
    algorithm: auth.AwsSigningAlgorithm.SigV4Asymmetric,
    signature_type:
      options.placement === 'header'
        ? auth.AwsSignatureType.HttpRequestViaHeaders
        : auth.AwsSignatureType.HttpRequestViaQueryParams,
    provider: auth.AwsCredentialsProvider.newStatic(accessKeyId, secretAccessKey, sessionToken),
    region: options.regionSet,
    service: options.service,
    date: options.signingDate,
    use_double_uri_encode: options.path?.twice ?? false,
    should_normalize_uri_path: options.path?.normalized ?? false,
    omit_session_token: options.appendToken ?? false,
    signed_body_value: options.unsignedPayload
      ? auth.AwsSignedBodyValue.UnsignedPayload
      : sha256(body),
    signed_body_header: options.contentSha256
      ? auth.AwsSignedBodyHeaderType.XAmzContentSha256
      : auth.AwsSignedBodyHeaderType.None,
    ...(options.expiresIn !== undefined && { expiration_in_seconds: options.expiresIn }),
  }
}

// The body is told by its hash: the signer would read it on the thread that waits for it.
const requestOf = ({ method, target, headers }: Message): http.HttpRequest => {
  const { http } = loaded()
  const fields = headers.map(([name, value]) => [name, value] as [string, string])
  return new http.HttpRequest(method, target, new http.HttpHeaders(fields))
}

/** Signs as AWS's C signer does. */
export async function crtSign(message: Message, options: CrtOptions): Promise<Message> {
  const signed = await loaded().auth.aws_sign_request(
    requestOf(message),
    configOf(message, options),
  )
  const headers = [...signed.headers] as [string, string][]
  return { method: signed.method, target: signed.path, headers, body: message.body }
}

/** Whether AWS's C signer makes the same canonical request, and the signature holds for it. */
export const crtVerifies = (
  message: Message,
  options: CrtOptions,
  canonicalRequest: string,
  signature: string,
  publicKey: { X: string; Y: string },
): boolean =>
  loaded().auth.aws_verify_sigv4a_signing(
    requestOf(message),
    configOf(message, options),
    canonicalRequest,
    signature,
    publicKey.X,
    publicKey.Y,
  )
