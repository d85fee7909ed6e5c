/**
 * What Node has of its own, for `#crypto` and `#explain`: in one file, as opening one takes a
 * process longer than reading it.
 */
export { backend, serial } from '../crypto/node.ts'
export { explainAsync } from '../explain/lazy.ts'
