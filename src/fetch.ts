/**
 * `countersign/fetch`: a `fetch` that signs, and the `Request` of a server as `verify` reads it.
 *
 * @module
 */
export { receivedFrom } from './adapters/fetch-request.ts'
export { signedFetch } from './adapters/signed-fetch.ts'
