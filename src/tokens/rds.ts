import { databaseToken, userOf } from './host-token.ts'
import type { Token, TokenOptions } from './types.ts'

/** Who logs in to which database of RDS or Aurora. */
export interface RdsTokenOptions extends TokenOptions {
  /** Name of the endpoint, as the client dials it; of a tunnel, what is at its other end. */
  host: string
  /** The endpoint's own: 5432 of PostgreSQL, 3306 of MySQL and MariaDB. */
  port: number
  /** Name of the database's user, who has been granted `rds_iam` or `AWSAuthenticationPlugin`. */
  user: string
}

/**
 * The password of a database of RDS or Aurora: it opens connections for 15 minutes, and those that are
 * open stay so. TLS is required. What `@aws-sdk/rds-signer` makes.
 *
 * @throws CountersignError `invalid-options`, `invalid-url`, `invalid-scope`, `invalid-date`,
 * `invalid-credentials`, `expired-credentials`, `long-term-credentials`, `crypto-unavailable`; what a
 * provider throws is passed on
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 * @example
 * const host = 'db.abc123.eu-west-1.rds.amazonaws.com'
 * const { token } = await rdsToken({ host, port: 5432, user: 'app', region: 'eu-west-1', credentials })
 */
export const rdsToken = async (options: RdsTokenOptions): Promise<Token> =>
  databaseToken(
    'rds-db',
    // What is missing is left out, and refused.
    [options.host, options.port].join(':'),
    `Action=connect&DBUser=${userOf(options)}`,
    options,
  )
