import {
  createPostPolicy,
  type FormInput,
  type PostPolicyOptions,
  type VerifyPostOptions,
  verifyPostPolicy,
} from 'countersign/s3'
import { hexOf, hmac } from '../support/hash.ts'
import { credentials, now } from './support.ts'

/** What a browser puts its file's name in the place of; no template. */
export const FILENAME = '$' + '{filename}'

export const temporary = { ...credentials, sessionToken: 'a/token+of==' }

export const later = (seconds: number): Date => new Date(Number(now) + seconds * 1000)

export const create = (more: Partial<PostPolicyOptions> = {}) =>
  createPostPolicy({
    ...{ bucket: 'photos', key: 'user/1.jpg', region: 'eu-west-1', credentials, signingDate: now },
    ...more,
  })

/** The fields of a form whose policy is any text at all, in base64 or not, rightly signed. */
export async function sealed(policy: string): Promise<Record<string, string>> {
  const { fields } = await create()
  let key: string | Uint8Array = `AWS4${credentials.secretAccessKey}`
  for (const part of `${fields['x-amz-credential']}`.split('/').slice(1)) key = hmac(key, part)
  return { ...fields, policy, 'x-amz-signature': hexOf(hmac(key, policy)) }
}

/** A policy with these conditions, beside those that a form of {@link create} keeps. */
export const policyOf = (conditions: readonly unknown[]): string => {
  const own = ['bucket', 'key', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date']
  const kept = own.map((name) => ['starts-with', `$${name}`, ''])
  const policy = { expiration: '2015-08-30T12:51:00Z', conditions: [...kept, ...conditions] }
  return btoa(JSON.stringify(policy))
}

export const verify = (fields: FormInput, more: Partial<VerifyPostOptions> = {}) =>
  verifyPostPolicy(fields, { bucket: 'photos', now, credentials: () => credentials, ...more })
