import { readUrl } from '../canonical/url.ts'
import type { UrlLike } from '../model/types.ts'
import { dnsSuffix } from './dns-suffix.ts'
import { plainLabel } from './labels.ts'
import {
  DNS_SUFFIXES,
  DUAL_STACK_SUFFIXES,
  FIRST_REGIONS,
  GLOBAL_SERVICES,
  REGION,
  SERVICES,
  SIGNING_NAMES,
} from './table.ts'

/** What an AWS endpoint's name tells of its scope. */
export interface InferredScope {
  /** As it stands in a credential scope: `s3`, `execute-api`; absent where the host does not tell. */
  service?: string
  /**
   * Such as `eu-west-1`; that of a global service where the host names none: `us-east-1` for IAM, and
   * for the global endpoints of S3 and STS. Absent where the host does not tell, and where the service
   * has no single one: a multi-region access point is signed by `sigv4a`, for a `regionSet`.
   */
  region?: string
}

// Names of resources that have the region before the service.
const REGION_FIRST = /^(?:aoss|cloudsearch|es|neptune(?:-graph)?|queue|signin)$/

// A device's endpoint: the names to its left are the account's.
const DEVICES = /-ats$|^a[\da-z]{12,13}$/

const has = (words: string | undefined, word: string) => !!words?.includes(` ${word} `)

/** What an endpoint's name says. */
interface EndpointName {
  /** What stands before the region and the suffix. */
  readonly labels: string[]
  /** What the plain names of its partition end with. */
  readonly suffix: string
  /** The word between region and suffix. */
  readonly place: string | undefined
  readonly region: string | undefined
  /** Whether the name should say a region, and does not. */
  readonly isCut: boolean
}

/** Takes the region off the end of labels. */
function takeRegion(labels: string[], suffix: string): string | undefined {
  const isRegion = (label = '') => REGION.test(label) && dnsSuffix(label) === suffix
  const last = labels.pop() ?? ''
  if (isRegion(last)) return last
  // Old names of S3 join the two.
  const joined = last.replace(/^s3-/, '')
  labels.push(joined === last || !isRegion(joined) ? last : 's3')
  if (labels.at(-1) !== last) return joined
  return REGION_FIRST.test(last) && isRegion(labels.at(-2)) ? labels.at(-2) : undefined
}

function readName(url: string | UrlLike): EndpointName | undefined {
  const host = readUrl(url, {})[1].replace(/:\d+$/, '')
  // The one service that is not under its partition's suffix.
  const name = host.replace(/(\.signin\.)aws\.amazon(\.com)$/, '$1amazonaws$2')
  const suffixes = ['amazonaws.com', ...Object.values(DNS_SUFFIXES)]
  const own = [...suffixes, ...Object.keys(DUAL_STACK_SUFFIXES)].find((it) =>
    name.endsWith(`.${it}`),
  )
  if (!own) return
  const labels = name
    .slice(0, -own.length - 1)
    .split('.')
    .map(plainLabel)
  const known = labels.filter((label) => label !== 'dualstack')
  const place = /^(?:vpce|global|us-gov)$/.test(known.at(-1) as string) ? known.pop() : undefined
  const suffix = DUAL_STACK_SUFFIXES[own] ?? own
  const region = takeRegion(known, suffix)
  const needsRegion = place === 'vpce' || (own === 'api.aws' && !place)
  return { labels: known, suffix, place, region, isCut: needsRegion && !region }
}

/** The region that a label means by itself, in the partition of its name. */
function regionOf(
  table: Readonly<Record<string, string>>,
  label: string,
  { suffix, region, place, isCut }: EndpointName,
): string | undefined {
  if (isCut) return
  const isGov = (name = '') => name.startsWith('us-gov')
  return Object.keys(table).find(
    (it) =>
      has(table[it], label) && dnsSuffix(it) === suffix && isGov(it) === isGov(region ?? place),
  )
}

/**
 * Tells service and region from the name of an AWS endpoint, by the rules of AWS's own SDKs. What
 * stands to the left of a service's label is a name, and tells nothing; what is not known stays
 * undefined. `sign` never asks it by itself.
 *
 * @throws CountersignError `invalid-url` where the url is not absolute
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 * @example inferScope('https://abc.execute-api.eu-west-1.amazonaws.com/') // { service: 'execute-api', region: 'eu-west-1' }
 */
export function inferScope(url: string | UrlLike): InferredScope {
  const name = readName(url)
  const tails = name ? [-3, -2, -1].map((at) => name.labels.slice(at).join('.')) : []
  const label = tails.find((it) => SIGNING_NAMES[it] || has(SERVICES, it))
  if (!name || !label) return {}
  // Clusters and the like, whose service signs by another name; a bucket may be called like a region.
  const told = name.region
  if (!told && !/^s3/.test(label) && REGION.test(name.labels.at(-2) ?? '')) return {}

  const isDevice = label === 'iot' && DEVICES.test(name.labels.at(-2) ?? '')
  const service = isDevice ? 'iotdevicegateway' : (SIGNING_NAMES[label] ?? label)
  const only = told && regionOf(GLOBAL_SERVICES, label, name)
  // Where the two differ, AWS's own packages do not agree on what is signed.
  const region = told ? (only ?? told) === told && told : regionOf(FIRST_REGIONS, label, name)
  return { service, ...(region && { region }) }
}
