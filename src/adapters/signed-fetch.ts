import { backend, serial } from '#crypto'
import { signingFetch } from '../fetch/signing-fetch.ts'
import type { SignedFetch } from '../fetch/types.ts'
import { signerState } from '../sign/signer.ts'
import type { SignerOptions } from '../verbs/async-types.ts'

/**
 * A `fetch` that signs what it sends: each attempt anew, with the server's clock learnt, and a
 * redirect handed back. What `createSigner(options).fetch` is, without the rest of a signer.
 *
 * @throws CountersignError as `sign`, when it is called
 * @example
 * const awsFetch = signedFetch({ service: 'execute-api', region: 'eu-west-1', credentials })
 * const response = await awsFetch('https://abc.execute-api.eu-west-1.amazonaws.com/prod/items')
 */
export const signedFetch = (options: SignerOptions): SignedFetch =>
  signingFetch(signerState(options), serial(backend), options) as SignedFetch
