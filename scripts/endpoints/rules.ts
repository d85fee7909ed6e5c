/**
 * AWS's endpoint rules, of all services, as `@distilled.cloud/aws` has compiled them from AWS's own
 * models; they are run here for every region, so that each name comes with the scope that is signed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'

/** One endpoint name, and what a client that asks there for `asked` signs. */
export interface Endpoint {
  host: string
  /** The region that the client was set to. */
  asked: string
  service: string
  /** `*` where only Signature Version 4a is taken. */
  region: string
  /** Whether it is the name that a client asks when nothing is set but the region. */
  isPlain: boolean
}

/** A partition of AWS, as its own list of them has it. */
export interface Partition {
  id: string
  regionRegex: string
  regions: Record<string, unknown>
  outputs: { dnsSuffix: string; dualStackDnsSuffix: string }
}

interface Resolved {
  type: 'endpoint' | 'error'
  endpoint: {
    url: string
    properties: {
      authSchemes?: {
        name: string
        signingName?: string
        signingRegion?: string
        signingRegionSet?: string[]
      }[]
    }
  }
}

type Rules = (parameters: object, functions: object) => Resolved

// Where scripts/setup-parts.sh puts them.
const library = pathToFileURL(
  join(homedir(), '.cache/countersign/endpoints/node_modules/@distilled.cloud/aws/lib/'),
)

/** AWS's partitions. */
export const partitions: Partition[] = JSON.parse(
  readFileSync(new URL('rules-engine/partitions.json', library), 'utf8'),
).partitions

/** What a name may have to its left, for the rules that put something there. */
export const SAMPLES: readonly string[] = [
  ...['bucket', 'bucket--use1-az4--x-s3', 'name', 'name-123456789012', 'mrap', '123456789012'],
]

const arn = (service: string, resource: string, region = 'us-east-1') =>
  `arn:aws:${service}:${region}:123456789012:${resource}`

/** What operations say of themselves and of what they are called for, where it changes the name. */
const PARAMETERS: readonly Record<string, unknown>[] = [
  { Bucket: 'bucket' },
  { Bucket: 'bucket', Accelerate: true },
  { Bucket: 'bucket--use1-az4--x-s3' },
  { Bucket: arn('s3', 'accesspoint:name') },
  { Bucket: arn('s3', 'accesspoint:name.mrap', '') },
  { Bucket: arn('s3-object-lambda', 'accesspoint:name') },
  { Bucket: arn('s3-outposts', 'outpost:name:accesspoint:name') },
  { UseObjectLambdaEndpoint: true },
  { UseS3ExpressControlEndpoint: true },
  { AccountId: '123456789012', AccountIdEndpointMode: 'required', RequiresAccountId: true },
  { OutpostId: 'name' },
  { EndpointId: 'name' },
  { ApiType: 'ControlPlane' },
  { ApiType: 'DataPlane' },
  { StreamARN: arn('kinesis', 'stream/name'), OperationType: 'control' },
  { StreamARN: arn('kinesis', 'stream/name'), OperationType: 'data' },
  { KvsARN: arn('cloudfront', 'key-value-store/name', '') },
]

const NOTHING = {}

const NETWORKS = [false, true].flatMap((UseFIPS) =>
  [false, true].map((UseDualStack) => ({ UseFIPS, UseDualStack })),
)

/** Every name that the rules of a service know. */
function endpointsOf(rules: Rules, name: string, source: string, functions: object): Endpoint[] {
  const told = PARAMETERS.filter((it) => Object.keys(it).some((key) => source.includes(key)))
  const regions = partitions.flatMap((partition) => Object.keys(partition.regions))
  const found: Endpoint[] = []
  for (const asked of regions)
    for (const network of NETWORKS)
      for (const parameters of [NOTHING, ...(asked === 'us-east-1' ? told : [])]) {
        const { type, endpoint } = rules({ Region: asked, ...network, ...parameters }, functions)
        if (type !== 'endpoint') continue
        const schemes = endpoint.properties.authSchemes?.filter((it) => /^sigv4/.test(it.name))
        const scheme = schemes?.find((it) => it.name !== 'sigv4a') ?? schemes?.[0]
        found.push({
          host: new URL(endpoint.url).hostname,
          asked,
          service: scheme?.signingName ?? name,
          region: scheme?.signingRegion ?? scheme?.signingRegionSet?.join() ?? asked,
          isPlain: !network.UseFIPS && !network.UseDualStack && parameters === NOTHING,
        })
      }
  return found
}

/** Every endpoint name of every service that signs with Signature Version 4. */
export async function endpoints(): Promise<Endpoint[]> {
  const [standard, ofAws] = await Promise.all(
    ['standard', 'aws'].map((name) => import(`${library}rules-engine/${name}-functions.js`)),
  )
  const functions = { ...standard, ...ofAws, resolveTemplates: (value: unknown) => value }
  const found: Endpoint[] = []
  for (const file of readdirSync(new URL('services/', library)).sort()) {
    if (!file.endsWith('.js')) continue
    const text = readFileSync(new URL(`services/${file}`, library), 'utf8')
    const [, name] = /\.AwsAuthSigv4\(\{ name: "([^"]+)"/.exec(text) ?? []
    const [, source] = /\.EndpointResolver\((\(p, _\) => \{[\s\S]*?\n\})\);/.exec(text) ?? []
    if (name && source)
      found.push(...endpointsOf(runInThisContext(`(${source})`), name, source, functions))
  }
  return found
}
