import { DsqlSigner } from '@aws-sdk/dsql-signer'
import { Signer } from '@aws-sdk/rds-signer'
import { dsqlToken, rdsToken } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { KEYS, now, partsOf, region, stopClock } from './common.ts'

stopClock()

const HOSTS = ['db.abc123.eu-west-1.rds.amazonaws.com', 'Db.ABC123.eu-west-1.RDS.amazonaws.com']
const USERS = ['app', 'an app+user@example.com/ü&=~%']

describe.each(KEYS)('rdsToken with %s', (_, credentials) => {
  it.each(HOSTS.flatMap((host) => [5432, 443, 80].map((port) => [host, port] as const)))(
    'is what @aws-sdk/rds-signer makes of %s and port %i',
    async (host, port) => {
      for (const user of USERS) {
        const official = new Signer({ hostname: host, port, username: user, region, credentials })
        const { token, expiresAt } = await rdsToken({ host, port, user, region, credentials })
        expect(partsOf(token)).toEqual(partsOf(await official.getAuthToken()))
        expect(expiresAt).toEqual(new Date('2026-03-04T05:21:07Z'))
      }
    },
  )
})

describe.each(KEYS)('dsqlToken with %s', (_, credentials) => {
  const host = 'ABC.dsql.eu-west-1.on.aws'

  it.each([
    ['admin', 'getDbConnectAdminAuthToken'],
    ['app', 'getDbConnectAuthToken'],
    [undefined, 'getDbConnectAuthToken'],
  ] as const)('for %s is what @aws-sdk/dsql-signer makes', async (user, method) => {
    for (const expiresIn of [undefined, 1, 604800]) {
      const more = expiresIn === undefined ? {} : { expiresIn }
      const official = new DsqlSigner({ hostname: host, region, credentials, ...more })
      const { token, expiresAt } = await dsqlToken({ host, user, region, credentials, ...more })
      expect(partsOf(token)).toEqual(partsOf(await official[method]()))
      expect(Number(expiresAt) - Number(now)).toBe(1000 * (expiresIn ?? 900))
    }
  })
})
