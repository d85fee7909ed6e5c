import { readUrl } from '../canonical/url.ts'
import type { UrlLike } from '../model/types.ts'

/** What an AWS endpoint's name tells of its scope. */
export interface InferredScope {
  /** As it stands in a credential scope: `s3`, `execute-api`; absent where the host does not tell. */
  service?: string
  /** Such as `eu-west-1`; `us-east-1` for the global endpoints of S3 and STS; absent where the host does not tell. */
  region?: string
}

// Labels of endpoints that are not the names which scopes use.
const SCOPE_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  'lambda-url': 'lambda',
  'bedrock-runtime': 'bedrock',
  'bedrock-agent-runtime': 'bedrock',
  'data-ats.iot': 'iotdevicegateway',
  'data.iot': 'iotdevicegateway',
  iot: 'iotdevicegateway',
  's3-accesspoint': 's3',
  's3-control': 's3',
  's3-accelerate': 's3',
  'appsync-api': 'appsync',
  'appsync-realtime-api': 'appsync',
  email: 'ses',
}

/**
 * Guesses service and region from an AWS endpoint's host name; what it does not tell stays
 * undefined. A guess for convenience: `sign` never makes it by itself.
 *
 * @throws CountersignError `invalid-url` where the url is not absolute
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 * @example inferScope('https://abc.execute-api.eu-west-1.amazonaws.com/') // { service: 'execute-api', region: 'eu-west-1' }
 */
export function inferScope(url: string | UrlLike): InferredScope {
  const host = readUrl(url, {})[1].replace(/:\d+$/, '')
  const [, labels] =
    /^(.+?)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|amazonaws\.eu)$/.exec(host) ?? []
  if (labels === undefined) return {}
  const parts = labels.split('.').filter((label) => label !== 'dualstack')
  const isRegion = (label: string) => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(label)
  const at = parts.findLastIndex(isRegion)
  // OpenSearch and old S3 names put the region first or join it to the service.
  const joined = /^s3[.-]([a-z]{2}-[a-z-]+-\d+)$/.exec(parts[parts.length - 1] as string)
  if (joined) return { service: 's3', region: joined[1] as string }
  const last =
    at < 0
      ? parts[parts.length - 1]
      : at === parts.length - 1
        ? parts[at - 1]
        : parts[parts.length - 1]
  const plain = last?.replace(/-fips$/, '')
  const name = plain?.startsWith('s3express-') ? 's3express' : plain
  // A device has an endpoint of its own; the service's plain one is its control plane.
  const own = name === 'iot' && parts.length < 3 ? 'iot' : name && SCOPE_NAMES[name]
  const service = own ?? name
  const isGlobal = name === 's3' || name === 'sts'
  const region = at >= 0 ? parts[at] : isGlobal ? 'us-east-1' : undefined
  return { ...(service && { service }), ...(region && { region }) }
}
