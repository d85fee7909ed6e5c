import {
  createPostPolicy,
  type FormInput,
  type PostPolicyOptions,
  type VerifyPostOptions,
  verifyPostPolicy,
} from 'countersign/s3'
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

export const verify = (fields: FormInput, more: Partial<VerifyPostOptions> = {}) =>
  verifyPostPolicy(fields, { bucket: 'photos', now, credentials: () => credentials, ...more })
