import {
  bedrockToken,
  dsqlToken,
  eksToken,
  elastiCacheToken,
  iotWebSocketUrl,
  memoryDbToken,
  mskToken,
  rdsToken,
  type Token,
  type TokenOptions,
} from 'countersign/tokens'
import { decoded } from './common.ts'

/** A token as the service behind it reads it: what it verifies, and by whose rules. */
export interface Reading {
  readonly service: string
  readonly method: 'GET' | 'POST'
  /** The URL in the token. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A way to make a token, how long it is good for, and how its service reads it. */
export interface Maker {
  readonly name: string
  /** Seconds from the signature. */
  readonly lives: number
  /** Seconds that the URL says, where they are others. */
  readonly signedFor?: number
  readonly make: (options: TokenOptions) => Promise<Token>
  readonly read: (token: string) => Reading
}

const cluster = 'production'
const user = 'app'

/** Reads a token that is a URL without its scheme. */
const bare =
  (service: string) =>
  (token: string): Reading => ({
    service,
    method: 'GET',
    url: `https://${token}`,
  })

export const MAKERS: readonly Maker[] = [
  {
    ...{ name: 'rdsToken', lives: 900, read: bare('rds-db') },
    make: (options) => rdsToken({ ...options, host: 'Db.abc.RDS.amazonaws.com', port: 3306, user }),
  },
  {
    ...{ name: 'dsqlToken', lives: 900, read: bare('dsql') },
    make: (options) => dsqlToken({ ...options, host: 'abc.dsql.eu-west-1.on.aws', user: 'admin' }),
  },
  {
    ...{ name: 'elastiCacheToken', lives: 900, read: bare('elasticache') },
    make: (options) => elastiCacheToken({ ...options, cluster, user, serverless: true }),
  },
  {
    ...{ name: 'memoryDbToken', lives: 900, read: bare('memorydb') },
    make: (options) => memoryDbToken({ ...options, cluster, user }),
  },
  {
    ...{ name: 'mskToken', lives: 900 },
    make: mskToken,
    read: (token) => ({ service: 'kafka-cluster', method: 'GET', url: decoded(token) }),
  },
  {
    ...{ name: 'eksToken', lives: 840, signedFor: 60 },
    make: (options) => eksToken({ ...options, cluster }),
    read: (token) => ({
      ...{ service: 'sts', method: 'GET', headers: { 'x-k8s-aws-id': cluster } },
      url: decoded(token.replace('k8s-aws-v1.', '')),
    }),
  },
  {
    ...{ name: 'bedrockToken', lives: 43200 },
    make: bedrockToken,
    read: (token) => ({
      ...{ service: 'bedrock', method: 'POST' },
      // What the version says is not signed.
      url: `https://${decoded(token.replace('bedrock-api-key-', '')).replace(/&Version=1$/, '')}`,
    }),
  },
  {
    ...{ name: 'iotWebSocketUrl', lives: 900 },
    make: async (options) => {
      const host = 'a1b2c3-ats.iot.eu-west-1.amazonaws.com'
      const { url, expiresAt } = await iotWebSocketUrl({ ...options, host })
      return { token: url, expiresAt }
    },
    read: (url) => ({ service: 'iotdevicegateway', method: 'GET', url }),
  },
]
