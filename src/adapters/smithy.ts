import { backend } from '#crypto'
import type { PresignOptions } from '../model/types.ts'
import type { WithRegion } from '../model/verb-types.ts'
import { makeSmithySigner } from './smithy-signer.ts'
import type { SmithySigner } from './smithy-types.ts'

/**
 * A signer that the clients of the AWS SDK v3 take as their `signer`: for requests, presigned ones,
 * texts and the events of a stream.
 *
 * The SDK's region, service and date for a call go before the options'. The client looks for
 * credentials of its own all the same, so hand it the same ones. A key of S3 with a dot segment is
 * refused unless `dotSegments: 'literal'`, which the SDK's Node handler can send. A body that
 * streams is signed by what the client declares of it, else by the options' `payload`, which is for
 * no other body; presigned, it is else left out of the signature. As with the SDK's own signer, a
 * `date` header goes, and a presigned URL lives for 3600 seconds unless `expiresIn` says otherwise.
 *
 * @throws CountersignError as `sign` and `presign`, when the client signs; `invalid-url` for a path
 * with a bare `?`; `invalid-body` for an event with other headers than its date
 * @see https://github.com/smithy-lang/smithy-typescript/blob/main/packages/types/src/signature.ts
 * @example
 * const options = { service: 's3', region: 'eu-west-1', credentials }
 * const s3 = new S3Client({ region: 'eu-west-1', credentials, signer: smithySigner(options) })
 * await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
 */
export const smithySigner = (options: WithRegion<PresignOptions>): SmithySigner =>
  makeSmithySigner(options as PresignOptions, backend)
