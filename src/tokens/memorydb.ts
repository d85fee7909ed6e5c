import { cacheToken } from './host-token.ts'
import type { CacheTokenOptions, Token } from './types.ts'

/**
 * The password of a MemoryDB cluster, for a user whose authentication is IAM's: it authenticates for 15
 * minutes, and a connection for 12 hours. TLS is required.
 *
 * @throws CountersignError as `rdsToken`
 * @see https://docs.aws.amazon.com/memorydb/latest/devguide/auth-iam.html
 * @example
 * const { token } = await memoryDbToken({
 *   cluster: 'ledger',
 *   user: 'app',
 *   region: 'eu-west-1',
 *   credentials,
 * })
 */
export const memoryDbToken = async (options: CacheTokenOptions): Promise<Token> =>
  cacheToken('memorydb', options, '')
