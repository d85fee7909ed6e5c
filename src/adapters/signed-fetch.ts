import type { SignedFetch } from '../sign/fetch.ts'
import { createSigner } from '../verbs/async.ts'
import type { SignerOptions } from '../verbs/async-types.ts'

/**
 * A `fetch` that signs what it sends: each attempt anew, with the server's clock learnt, and a
 * redirect handed back. Short for `createSigner(options).fetch`.
 *
 * @throws CountersignError as `sign`, when it is called
 * @example
 * const awsFetch = signedFetch({ service: 'execute-api', region: 'eu-west-1', credentials })
 * const response = await awsFetch('https://abc.execute-api.eu-west-1.amazonaws.com/prod/items')
 */
export const signedFetch = (options: SignerOptions): SignedFetch => createSigner(options).fetch
