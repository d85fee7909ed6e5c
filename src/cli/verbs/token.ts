import { REGION } from '../../endpoints/table.ts'
import { isoSeconds } from '../../lib/time.ts'
import type { Credentials } from '../../model/types.ts'
import { bedrockToken } from '../../tokens/bedrock.ts'
import { type CallerIdentityForm, callerIdentity } from '../../tokens/caller-identity.ts'
import { dsqlToken } from '../../tokens/dsql.ts'
import { eksToken } from '../../tokens/eks.ts'
import { elastiCacheToken } from '../../tokens/elasticache.ts'
import { iotWebSocketUrl } from '../../tokens/iot.ts'
import { memoryDbToken } from '../../tokens/memorydb.ts'
import { mskToken } from '../../tokens/msk.ts'
import { rdsToken } from '../../tokens/rds.ts'
import { sesSmtpPassword } from '../../tokens/ses.ts'
import type { Token, TokenOptions } from '../../tokens/types.ts'
import { credentialsOf } from '../credentials.ts'
import { type Call, dateOf, secondsOf, UsageError } from '../options.ts'
import { formatSigned } from '../print.ts'
import { regionOf } from '../region.ts'
import { headersOf } from '../request.ts'
import { type World, writeLine } from '../streams.ts'

type Own = TokenOptions & { readonly credentials: Credentials }
type Kind = (own: Own, call: Call, world: World) => Promise<string>

/** An option without which there is no token. */
function needed(call: Call, name: 'host' | 'port' | 'user' | 'cluster'): string {
  const value = call.text(name)
  if (!value) throw new UsageError(`A token of ${call.url} needs --${name}.`)
  return value
}

/** A token as the call asks for it: alone, or in JSON with its end, if it has one. */
function formatToken(
  call: Call,
  { token, expiresAt }: { token: string; expiresAt?: Date },
): string {
  const format = call.text('format') ?? (call.values.json ? 'json' : 'token')
  if (format === 'token') return token
  if (format === 'json') return JSON.stringify({ token, expiresAt }, null, 2)
  throw new UsageError('--format is token or json.')
}

/**
 * What kubectl reads of an exec plugin, in the version that it asks for.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
function formatExecCredential({ token, expiresAt }: Token, { env }: World): string {
  const [, version = 'v1'] =
    /"client\.authentication\.k8s\.io\/(v1(?:beta1)?)"/.exec(env.KUBERNETES_EXEC_INFO ?? '') ?? []
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: `client.authentication.k8s.io/${version}`,
    spec: {},
    status: { expirationTimestamp: isoSeconds(expiresAt), token },
  })
}

const cacheOf = (call: Call) => ({ cluster: needed(call, 'cluster'), user: needed(call, 'user') })

/** The kinds of tokens, by the words of the call. */
const KINDS: Readonly<Record<string, Kind>> = {
  async rds(own, call) {
    const [host, port] = [needed(call, 'host'), Number(needed(call, 'port'))]
    return formatToken(call, await rdsToken({ ...own, host, port, user: needed(call, 'user') }))
  },
  async dsql(own, call) {
    const more = { user: call.text('user'), expiresIn: secondsOf(call) }
    return formatToken(call, await dsqlToken({ ...own, host: needed(call, 'host'), ...more }))
  },
  async elasticache(own, call) {
    const serverless = call.values.serverless ? true : undefined
    return formatToken(call, await elastiCacheToken({ ...own, ...cacheOf(call), serverless }))
  },
  async memorydb(own, call) {
    return formatToken(call, await memoryDbToken({ ...own, ...cacheOf(call) }))
  },
  async msk(own, call) {
    return formatToken(call, await mskToken(own))
  },
  async eks(own, call, world) {
    const token = await eksToken({ ...own, cluster: needed(call, 'cluster') })
    return call.text('format') === 'kubectl'
      ? formatExecCredential(token, world)
      : formatToken(call, token)
  },
  async bedrock(own, call) {
    return formatToken(call, await bedrockToken({ ...own, expiresIn: secondsOf(call) }))
  },
  async iot(own, call) {
    const { url, expiresAt } = await iotWebSocketUrl({ ...own, host: needed(call, 'host') })
    return formatToken(call, { token: url, expiresAt })
  },
  async 'caller-identity'(own, call) {
    const form = call.text('form') as CallerIdentityForm | undefined
    const more = { host: call.text('host'), headers: headersOf(call), form }
    return formatSigned(call, await callerIdentity({ ...own, ...more }))
  },
  async ses({ credentials: { secretAccessKey, sessionToken }, region }, call) {
    if (sessionToken)
      throw new UsageError('A password of ses is made of a long-term key, not of a session.')
    return formatToken(call, { token: await sesSmtpPassword({ secretAccessKey, region }) })
  },
}

/** `countersign token`: what stands where a password would, and nothing else. */
export async function tokenVerb(call: Call, world: World): Promise<number> {
  const make = Object.hasOwn(KINDS, call.url ?? '') ? KINDS[call.url as string] : undefined
  if (!make)
    throw new UsageError(`A token is one of ${Object.keys(KINDS).join(', ')}, named behind it.`)
  // Databases, caches and brokers are named by their region as AWS's endpoints are, and are none.
  const [, ...labels] = call.text('host')?.split('.') ?? []
  const named = labels.find((label) => REGION.test(label))
  const region = await regionOf(call, named, world.env)
  if (!region) throw new UsageError('The region is not told: name it with --region.')
  const signingDate = dateOf(call, 'signing-date')
  const credentials = await credentialsOf(call, world)
  await writeLine(world.stdout, await make({ region, signingDate, credentials }, call, world))
  return 0
}
