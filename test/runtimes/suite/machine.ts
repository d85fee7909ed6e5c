import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  fromContainer,
  fromInstance,
  fromNode,
  fromProfile,
  fromWebIdentity,
} from 'countersign/node-credentials'
import { type Checks, refused, runChecks, same } from './check.ts'
import { lacksNothing, type Suite } from './task.ts'

const roleArn = 'arn:aws:iam::123456789012:role/reader'
const key = { AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'a secret' }
const Expiration = new Date(Date.now() + 3_600_000).toISOString()
const roles = '/latest/meta-data/iam/security-credentials/'

/** What the services of a machine answer, by the call and the header that opens it. */
const ANSWERS: Readonly<Record<string, string>> = {
  'PUT /latest/api/token 21600': 'a/metadata/token',
  [`GET ${roles} a/metadata/token`]: 'reader',
  [`GET ${roles}reader a/metadata/token`]: JSON.stringify({
    ...key,
    Token: 'instance',
    Expiration,
  }),
  'GET /container a/container/token': JSON.stringify({ ...key, Token: 'container', Expiration }),
  'POST / ': `<Credentials>${Object.entries({ ...key, SessionToken: 'sts', Expiration })
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join('')}</Credentials>`,
}

const service = createServer(({ method, url, headers }, response) => {
  const opens =
    headers['x-aws-ec2-metadata-token-ttl-seconds'] ??
    headers['x-aws-ec2-metadata-token'] ??
    headers.authorization ??
    ''
  const answer = ANSWERS[`${method} ${url} ${opens}`]
  response.writeHead(answer === undefined ? 403 : 200).end(answer)
})

/** The checks, with a home and the services of a machine on the loopback. */
const checksOf = (home: string, origin: string): Checks => {
  const fileOf = (name: string, text: string) => {
    writeFileSync(join(home, name), text)
    return join(home, name)
  }
  const config = fileOf(
    'config',
    `[profile a]\ncredential_process = echo '${JSON.stringify({ ...key, Version: 1 })}'\n`,
  )
  const environment = {
    ...{ AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(home, 'none') },
    PATH: process.env.PATH,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: origin,
    AWS_ENDPOINT_URL_STS: origin,
  }
  const inPod = {
    ...{ ...environment, AWS_ROLE_ARN: roleArn },
    AWS_WEB_IDENTITY_TOKEN_FILE: fileOf('identity', 'a.web.token'),
  }
  const inContainer = {
    ...{ ...environment, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin}/container` },
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: fileOf('token', 'a/container/token'),
  }
  return {
    'an instance': async () => {
      same((await fromInstance({ environment })()).sessionToken, 'instance')
    },
    'a container': async () => {
      same((await fromContainer({ environment: inContainer })()).sessionToken, 'container')
    },
    'a web identity': async () => {
      same((await fromWebIdentity({ environment: inPod })()).sessionToken, 'sts')
    },
    'a command of a profile': async () => {
      same((await fromProfile({ environment, profile: 'a' })()).accessKeyId, key.AccessKeyId)
    },
    'all of them, in their order': async () => {
      same((await fromNode({ environment })()).sessionToken, 'instance')
      same((await fromNode({ environment: inContainer })()).sessionToken, 'container')
      const both = { ...inContainer, ...inPod }
      same((await fromNode({ environment: both })()).sessionToken, 'sts')
      same((await fromNode({ environment: both, profile: 'a' })()).sessionToken, undefined)
    },
    'a token that is not taken is told': async () => {
      const wrong = { ...inContainer, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: config }
      await refused('invalid-header', () => fromContainer({ environment: wrong })())
      const other = { ...inContainer, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '' }
      await refused('credentials-refused', () => fromContainer({ environment: other })())
    },
    'nobody there is told': async () => {
      await refused('invalid-credentials', () => fromContainer({ environment })())
      const nobody = { ...environment, AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' }
      await refused('invalid-credentials', () => fromInstance({ environment: nobody })())
    },
  }
}

/** The credentials of the machine, in what has Node's own modules. */
export const machine: readonly Suite[] = [
  {
    ...{ entry: 'countersign/node-credentials', name: 'the machine', lacks: lacksNothing },
    attempts: {},
    async run() {
      const home = mkdtempSync(join(tmpdir(), 'countersign-machine-'))
      await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
      const { port } = service.address() as AddressInfo
      try {
        return await runChecks(checksOf(home, `http://127.0.0.1:${port}`))
      } finally {
        service.closeAllConnections()
        service.close()
        rmSync(home, { recursive: true })
      }
    },
  },
]
