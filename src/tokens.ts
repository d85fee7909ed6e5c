/**
 * `countersign/tokens`: the tokens that AWS makes out of a signature, to log in to a database, a cache,
 * a broker or a cluster.
 *
 * @module
 */
export { CountersignError, type ErrorCode } from './model/errors.ts'
export { type BedrockTokenOptions, bedrockToken } from './tokens/bedrock.ts'
export {
  type CallerIdentityForm,
  type CallerIdentityOptions,
  callerIdentity,
} from './tokens/caller-identity.ts'
export { type DsqlTokenOptions, dsqlToken } from './tokens/dsql.ts'
export { type EksTokenOptions, eksToken } from './tokens/eks.ts'
export { type ElastiCacheTokenOptions, elastiCacheToken } from './tokens/elasticache.ts'
export {
  type IotWebSocketUrl,
  type IotWebSocketUrlOptions,
  iotWebSocketUrl,
} from './tokens/iot.ts'
export { memoryDbToken } from './tokens/memorydb.ts'
export { mskToken } from './tokens/msk.ts'
export { type RdsTokenOptions, rdsToken } from './tokens/rds.ts'
export { type SesSmtpPasswordOptions, sesSmtpPassword } from './tokens/ses.ts'
export type { CacheTokenOptions, Token, TokenOptions } from './tokens/types.ts'
