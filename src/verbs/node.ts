/**
 * What Node has of its own, for `#crypto`, `#explain` and `#verify`: in one file, as opening one takes a
 * process longer than reading it.
 */
export { backend, serial } from '../crypto/node.ts'
export { explainAsync } from '../explain/lazy.ts'
export { verifierAsync, verifyRequest } from '../verify/lazy.ts'
