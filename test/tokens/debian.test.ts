import { dsqlToken, eksToken, rdsToken, sesSmtpPassword } from 'countersign/tokens'
import { expect, it } from 'vitest'
import { run, useHome } from '../real/command.ts'
import { describeWithPart, requirePart } from '../real/parts.ts'
import { decoded, KEYS, type Key, partsOf, region } from './common.ts'

/** What a script of Python's prints. */
const python = (script: string, credentials: Key): Promise<string> =>
  run(requirePart('boto3'), ['-c', script], { credentials, region })

/** When a URL was signed, which these makers decide by themselves. */
function dateOf(url: string): Date {
  const [, date = ''] = /X-Amz-Date=(\w+)/.exec(url) ?? []
  return new Date(date.replace(/(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:'))
}

// Python's parser of URLs lowers a host and drops port 443, which the other makers sign as they are.
describeWithPart('boto3', 'tokens of boto3', () => {
  useHome()

  it.each(KEYS.flatMap(([name, key]) => [5432, 3306].map((port) => [name, port, key] as const)))(
    'of RDS, with %s, at port %i',
    async (_, port, credentials) => {
      const [host, user] = ['db.abc123.eu-west-1.rds.amazonaws.com', 'an app+user@example.com']
      const script = `import boto3
print(boto3.client('rds').generate_db_auth_token('${host}', ${port}, '${user}'), end='')`
      const official = await python(script, credentials)
      const own = { region, credentials, signingDate: dateOf(official) }
      const { token } = await rdsToken({ ...own, host, port, user })
      expect(partsOf(token)).toEqual(partsOf(official))
    },
  )

  // boto3 of Debian has no DSQL yet: this is what a later one calls, on the signer that it has.
  it.each(KEYS)('of DSQL, with %s', async (_, credentials) => {
    const host = 'abc.dsql.eu-west-1.on.aws'
    const script = `import boto3
from botocore.awsrequest import prepare_request_dict
request = {'url_path': '/', 'query_string': '', 'headers': {}, 'body': {'Action': 'DbConnectAdmin'}, 'method': 'GET'}
prepare_request_dict(request, 'https://${host}')
rds = boto3.client('rds')
print(rds._request_signer.generate_presigned_url(operation_name='DbConnectAdmin', request_dict=request, region_name='${region}', expires_in=3600, signing_name='dsql')[8:], end='')`
    const official = await python(script, credentials)
    const own = { region, credentials, signingDate: dateOf(official) }
    const { token } = await dsqlToken({ ...own, host, user: 'admin', expiresIn: 3600 })
    expect(partsOf(token)).toEqual(partsOf(official))
  })

  it("of SES, by the program of AWS's page", async () => {
    const [, credentials] = KEYS[0]
    const script = `import hmac, hashlib, base64, os
def sign(key, msg):
    return hmac.new(key, msg.encode('utf-8'), hashlib.sha256).digest()
signature = sign(('AWS4' + os.environ['AWS_SECRET_ACCESS_KEY']).encode('utf-8'), '11111111')
for part in ['${region}', 'ses', 'aws4_request', 'SendRawEmail']:
    signature = sign(signature, part)
print(base64.b64encode(bytes([0x04]) + signature).decode('utf-8'), end='')`
    const { secretAccessKey } = credentials
    expect(await sesSmtpPassword({ secretAccessKey, region })).toBe(
      await python(script, credentials),
    )
  })
})

describeWithPart('awscli', 'tokens of awscli', () => {
  useHome()

  it.each(
    KEYS.flatMap(([name, key]) =>
      ['eu-west-1', 'cn-north-1'].map((region) => [name, region, key] as const),
    ),
  )('of EKS, with %s, in %s', async (_, region, credentials) => {
    const words = ['eks', 'get-token', '--cluster-name', 'production', '--output', 'json']
    const printed = await run(requirePart('awscli'), words, { credentials, region })
    const { status } = JSON.parse(printed) as {
      readonly status: { readonly token: string; readonly expirationTimestamp: string }
    }
    const [prefix, url] = status.token.split(/(?<=^k8s-aws-v1\.)/) as [string, string]
    const signingDate = dateOf(decoded(url))
    const options = { cluster: 'production', region, credentials, signingDate }
    const { token, expiresAt } = await eksToken(options)
    expect(token.startsWith(prefix)).toBe(true)
    expect(token).not.toContain('=')
    expect(partsOf(decoded(token.slice(prefix.length)))).toEqual(partsOf(decoded(url)))
    // awscli looks at the clock again, after it has signed.
    const apart = Date.parse(status.expirationTimestamp) - Number(expiresAt)
    expect([0, 1000]).toContain(apart)
  })
})
