/**
 * `countersign/node-http`: what `node:http` sends and receives, and the events of Lambda.
 *
 * @module
 */
export { type IncomingMessageLike, receivedFrom } from './adapters/incoming-message.ts'
export { type LambdaUrlEvent, receivedFromLambda } from './adapters/lambda-event.ts'
export {
  type RequestOptionsLike,
  type SignedRequestOptions,
  signRequestOptions,
} from './adapters/request-options.ts'
