/**
 * `countersign/smithy`: the `signer` of a client of the AWS SDK v3.
 *
 * @module
 */
export { smithySigner } from './adapters/smithy.ts'
export type {
  EventArgumentsLike,
  FormattedEventLike,
  HttpRequestLike,
  MessageLike,
  PresigningArgumentsLike,
  SignableMessageLike,
  SignedMessageLike,
  SigningArgumentsLike,
  SmithySigner,
} from './adapters/smithy-types.ts'
