import { backend } from '#crypto'
import { readHeaders } from '../canonical/headers.ts'
import { inHeader } from '../canonical/placement.ts'
import { checkWords } from '../canonical/words.ts'
import { serial } from '../crypto/backend.ts'
import type { HeadersInput, SignedRequest } from '../model/types.ts'
import { signRequest } from '../sign/sign.ts'
import { hostOf, stsOf } from './host-token.ts'
import type { TokenOptions } from './types.ts'

/** Where the call stands in the request: as a form in its body, or in the query. */
export type CallerIdentityForm = 'body' | 'query'

/** Who proves to another service that they are who AWS says, and what is signed with it. */
export interface CallerIdentityOptions extends TokenOptions {
  /** Header fields of the service that is to believe it, such as its nonce; they are signed. Default: none. */
  headers?: HeadersInput | undefined
  /** Name of the endpoint of STS that the service will ask. Default: the region's own. */
  host?: string | undefined
  /** `body` for Vault and MongoDB, `query` for Google. Default: `body`. */
  form?: CallerIdentityForm | undefined
  /** Names of headers to sign although they are left out by default, as `content-length` is. Default: none. */
  signableHeaders?: Iterable<string> | undefined
}

/**
 * A signed GetCallerIdentity of STS, to hand to a service that sends it: what STS answers proves who
 * signed it. It is good for 15 minutes, and says nothing else than who you are; but whoever holds it
 * can say it to others, and so a header of the service's own should be signed with it.
 *
 * @throws CountersignError as `sign`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * @example
 * const request = await callerIdentity({
 *   region: 'us-east-1',
 *   credentials,
 *   headers: { 'X-Vault-AWS-IAM-Server-ID': 'vault.example.com' },
 * })
 */
export async function callerIdentity(options: CallerIdentityOptions): Promise<SignedRequest> {
  checkWords(options, { form: 'body|query' })
  const { host = stsOf(options.region), form } = options
  const call = 'Action=GetCallerIdentity&Version=2011-06-15'
  const address = `https://${hostOf(host)}`
  const headers = { host, ...readHeaders(options.headers) }
  return signRequest(
    form === 'query'
      ? { method: 'POST', url: `${address}?${call}`, headers }
      : {
          method: 'POST',
          url: `${address}/`,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': `${call.length}`,
            ...headers,
          },
          body: call,
        },
    { ...options, service: 'sts' },
    serial(backend),
    inHeader,
  ) as Promise<never>
}
