/** The pages that cases rest on. */
const S3 = 'https://docs.aws.amazon.com/AmazonS3/latest'
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv'
const RFC = 'https://www.rfc-editor.org/rfc/rfc'
const CVE = 'https://nvd.nist.gov/vuln/detail/CVE-'

/** How a request is signed, for every service. */
export const CREATE: string = `${IAM}-create-signed-request.html`
/** What the parts of a signature are. */
export const ELEMENTS: string = `${IAM}-signing-elements.html`
/** What AWS says where a signature does not hold. */
export const TROUBLE: string = `${IAM}-troubleshooting.html`
/** The Authorization header of S3. */
export const HEADER: string = `${S3}/API/sigv4-auth-using-authorization-header.html`
/** The canonical request of S3, and its payload line. */
export const CANONICAL: string = `${S3}/API/sig-v4-header-based-auth.html`
/** Presigned URLs. */
export const QUERY: string = `${S3}/API/sigv4-query-string-auth.html`
/** Bodies in signed chunks. */
export const CHUNKS: string = `${S3}/API/sigv4-streaming.html`
/** Their trailers. */
export const TRAILERS: string = `${S3}/API/sigv4-streaming-trailers.html`
/** What a form must have. */
export const FORM: string = `${S3}/API/sigv4-authentication-HTTPPOST.html`
/** The policy of a form. */
export const POLICY: string = `${S3}/API/sigv4-HTTPPOSTConstructPolicy.html`
/** The fields of a form. */
export const FIELDS: string = `${S3}/API/RESTObjectPOST.html`
/** The codes of S3. */
export const ERRORS: string = `${S3}/API/ErrorResponses.html#ErrorCodeList`
/** The headers that all requests have. */
export const COMMON: string = `${S3}/API/RESTCommonRequestHeaders.html`
/** Checksums of objects. */
export const INTEGRITY: string = `${S3}/userguide/checking-object-integrity-upload.html`
/** What may stand in a key. */
export const KEYS: string = `${S3}/userguide/object-keys.html`
/** Copies. */
export const COPY: string = `${S3}/API/API_CopyObject.html`
/** Reads, their parameters. */
export const GET: string = `${S3}/API/API_GetObject.html`
/** Writes, their headers. */
export const PUT: string = `${S3}/API/API_PutObject.html`
/** What conditions a policy may put on signatures. */
export const CONDITIONS: string = `${S3}/API/bucket-policy-s3-sigv4-conditions.html`
/** Temporary credentials. */
export const TOKENS: string =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html'

/** Fields of HTTP that come several times. */
export const REPEATED: string = `${RFC}9110#section-5.3`
/** The values of fields. */
export const VALUES: string = `${RFC}9110#section-5.5`
/** The Host header. */
export const HOST: string = `${RFC}9112#section-3.2`
/** A target that names its host. */
export const ABSOLUTE: string = `${RFC}9112#section-3.2.2`
/** Percent-encoding. */
export const PERCENT: string = `${RFC}3986#section-2.1`
/** Dot segments. */
export const DOTS: string = `${RFC}3986#section-5.2.4`
/** Headers of proxies. */
export const FORWARDED: string = `${RFC}7239#section-8.1`

/** Swift's S3 took requests without a date, and so again for ever. */
export const UNDATED: string = `${CVE}2015-8466`
/** MinIO took another's key id without its secret. */
export const NO_SECRET: string = `${CVE}2020-11012`
/** MinIO took unsigned trailers with any signature. */
export const UNSIGNED_TRAILER: string = `${CVE}2025-31489`
/** MinIO took forms for buckets that their policies did not name. */
export const OTHER_BUCKET: string = `${CVE}2023-28434`
/** aws-iam-authenticator read one of two parameters, and AWS the other. */
export const TWO_PARAMETERS: string = `${CVE}2022-2385`
/** Vault believed the host that a request named. */
export const OTHER_HOST: string = `${CVE}2020-16250`

/** Names with underscores, which gateways read as hyphens. */
export const UNDERSCORES: string =
  'https://nginx.org/en/docs/http/ngx_http_core_module.html#underscores_in_headers'
