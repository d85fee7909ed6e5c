import { databaseToken } from './host-token.ts'
import type { Token, TokenOptions } from './types.ts'

/** Who logs in to which cluster of Aurora DSQL. */
export interface DsqlTokenOptions extends TokenOptions {
  /** Name of the cluster's endpoint: `abc.dsql.eu-west-1.on.aws`. */
  host: string
  /** `admin`, or a role of the database, which the token need not name. Default: a role. */
  user?: 'admin' | (string & {}) | undefined
  /** Whole seconds, 1 to 604800. Default: 900. */
  expiresIn?: number | undefined
}

/**
 * The password of a cluster of Aurora DSQL, for `admin` or any other role. What
 * `@aws-sdk/dsql-signer` makes.
 *
 * @throws CountersignError as `rdsToken`, and `invalid-expiry` above a week
 * @see https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html
 * @example
 * const host = 'abc.dsql.eu-west-1.on.aws'
 * const { token } = await dsqlToken({ host, user: 'admin', region: 'eu-west-1', credentials })
 */
export const dsqlToken = async (options: DsqlTokenOptions): Promise<Token> =>
  databaseToken(
    'dsql',
    options.host,
    `Action=DbConnect${options.user === 'admin' ? 'Admin' : ''}`,
    options,
    options.expiresIn,
  )
