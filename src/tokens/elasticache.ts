import { cacheToken } from './host-token.ts'
import type { CacheTokenOptions, Token } from './types.ts'

/** Who logs in to which cache of ElastiCache. */
export interface ElastiCacheTokenOptions extends CacheTokenOptions {
  /** True of a serverless cache. Default: a cache of nodes. */
  serverless?: true | undefined
}

/**
 * The password of an ElastiCache cache of Valkey or Redis OSS, for a user whose name is its id: it
 * authenticates for 15 minutes, and a connection for 12 hours. TLS is required.
 *
 * @throws CountersignError as `rdsToken`
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 * @example
 * const { token } = await elastiCacheToken({
 *   cluster: 'sessions',
 *   user: 'app',
 *   region: 'eu-west-1',
 *   credentials,
 * })
 */
export const elastiCacheToken = async (options: ElastiCacheTokenOptions): Promise<Token> =>
  cacheToken('elasticache', options, options.serverless ? '&ResourceType=ServerlessCache' : '')
