import { backend } from '#crypto'
import type { CryptoBackend } from '../crypto/backend.ts'
import { ensure } from '../model/errors.ts'
import { signingKeyOf } from '../sign/stages.ts'

/** Of which key the password is, and where it sends. */
export interface SesSmtpPasswordOptions {
  /** Of a long-term key: with a session's, SMTP does not work. The key's id is the user name. */
  secretAccessKey: string
  /** Of the endpoint, such as `eu-west-1`: another has another password. */
  region: string
  /** The hashes to use. Default: the platform's. */
  crypto?: CryptoBackend | undefined
}

/**
 * The password of Amazon SES's SMTP endpoint, made of a secret access key. It does not expire: it
 * lives as long as the key.
 *
 * @throws CountersignError `invalid-credentials`, `invalid-scope`, `crypto-unavailable`
 * @see https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html
 * @example
 * const { accessKeyId: user, secretAccessKey } = credentials
 * const pass = await sesSmtpPassword({ secretAccessKey, region: 'eu-west-1' })
 */
export async function sesSmtpPassword({
  secretAccessKey,
  region,
  crypto = backend,
}: SesSmtpPasswordOptions): Promise<string> {
  ensure(secretAccessKey, 'invalid-credentials', 'secretAccessKey')
  // The day on which all passwords are made.
  const scope = { signingDate: new Date('1111-11-11'), region, service: 'ses' }
  const key = await signingKeyOf({ accessKeyId: '', secretAccessKey }, scope, crypto)
  return btoa(String.fromCharCode(4, ...(await crypto.hmac(key, 'SendRawEmail'))))
}
