/**
 * `countersign/s3`: the bodies of verified requests, bodies in signed chunks, and forms that a browser posts.
 *
 * @module
 */
export { type BodyFault, type BodyFaultCode, isBodyFault } from './model/body-fault.ts'
export { CountersignError, type ErrorCode } from './model/errors.ts'
export type {
  FormRefusalReason,
  PostCondition,
  PostRefusalReason,
  RefusedPost,
} from './model/post.ts'
export type { Checksum, ChecksumName, Checksums } from './s3/checksums.ts'
export { type DecodeOptions, decodeChunked, type VerifiedBody } from './s3/decode-chunked.ts'
export { encodeChunked } from './s3/encode-chunked.ts'
export type { ChunkedRequest, EncodeOptions } from './s3/encode-plan.ts'
export type { ChunkedPayload } from './s3/modes.ts'
export type { FormInput } from './s3/post-form.ts'
export { createPostPolicy, type PostPolicy, type PostPolicyOptions } from './s3/post-policy.ts'
export { type ReadBodyOptions, readBody } from './s3/read-body.ts'
export type { ByteSource, ByteStream, ReadableStreamLike } from './s3/streams.ts'
export {
  type VerifiedPost,
  type VerifyPostOptions,
  verifyPostPolicy,
} from './s3/verify-post-policy.ts'
