/** The table of `src/endpoints/table.ts`, made of AWS's endpoint rules and of what they leave out. */
import { plainLabel } from '../../src/endpoints/labels.ts'
import { DATA_PLANES, FIRST, RETIRED, UNSIGNED } from './beside.ts'
import { type Endpoint, endpoints, type Partition, partitions, SAMPLES } from './rules.ts'

const REGION = new RegExp(partitions.map((it) => it.regionRegex).join('|'))

const suffixes = partitions.flatMap(({ outputs: { dnsSuffix, dualStackDnsSuffix } }) => [
  dnsSuffix,
  dualStackDnsSuffix,
  'on.aws',
])

/** What of a name tells the service, and the region and partition that it says; nothing of a page's. */
function readName(host: string) {
  const suffix = suffixes.find((it) => host.endsWith(`.${it}`))
  if (!suffix || /\.aws(-[a-z-]+)?-global\./.test(host)) return
  const labels = host
    .slice(0, -suffix.length - 1)
    .split('.')
    .map(plainLabel)
  const tail: string[] = []
  const isTail = (label = '') => /^(global|us-gov|dualstack)$/.test(label) || REGION.test(label)
  while (isTail(labels.at(-1))) tail.unshift(labels.pop() as string)
  // Some have it before the service.
  const region = [...tail, ...labels].find((label) => REGION.test(label))
  while (SAMPLES.includes(labels[0] as string)) labels.shift()
  return { key: labels.filter((label) => label !== region).join('.'), region, tail }
}

/** The signing name of each label, or of two or three where the last is not enough. */
function servicesOf(all: readonly Endpoint[]): Map<string, string> {
  const found = new Map<string, string>()
  const many = new Set<string>()
  for (const { host, service, region } of all) {
    const name = readName(host)
    if (!name) continue
    if (name.region && region === '*') many.add(service)
    const before = found.get(name.key) ?? service
    if (before !== service) throw new Error(`${host} is ${before} and ${service}`)
    found.set(name.key, service)
  }
  // The name tells a region, and the signature is to name them all.
  for (const [key, service] of found)
    if (many.has(service) || UNSIGNED.includes(key)) found.delete(key)
  for (const [key, service] of Object.entries({ ...RETIRED, ...DATA_PLANES }))
    found.set(key, service)
  return shortest(found)
}

/** The last labels of a name, the longest first. */
const tailsOf = (key: string) => key.split('.').map((_, at, labels) => labels.slice(at).join('.'))

const depth = (key: string) => key.split('.').length

/** Without the entries that a shorter one answers: what stands to the left of a label is a name. */
function shortest(found: ReadonlyMap<string, string>): Map<string, string> {
  const kept = new Map<string, string>()
  const byDepth = [...found].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
  for (const [key, service] of byDepth) {
    const tails = tailsOf(key)
    const answer = tails.map((it) => kept.get(it)).find((it) => it !== undefined)
    const last = tails.at(-1) as string
    if (answer !== service) kept.set(answer === undefined && last === service ? last : key, service)
  }
  return new Map([...kept].sort(([a], [b]) => (a < b ? -1 : 1)))
}

type Labels = [region: string, labels: string[]][]

/** Labels by region, those left out of which the rules say several things. */
function byRegion(places: ReadonlyMap<string, ReadonlySet<string>>): Labels {
  const found = new Map<string, string[]>()
  for (const [place, [region, ...others]] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [, label] = place.split(' ') as [string, string]
    if (region === undefined || region === '*' || others.length > 0) continue
    found.set(region, [...(found.get(region) ?? []), label])
  }
  return [...found]
}

/** The labels of services that have one region in a partition, and those that mean one where the name says none. */
function regionless(all: readonly Endpoint[], services: ReadonlyMap<string, string>): Labels[] {
  const plain = new Map<string, Set<string>>()
  const bare = new Map<string, Set<string>>()
  const add = (places: typeof plain, place: string, region: string) =>
    places.set(place, (places.get(place) ?? new Set()).add(region))
  const single = new Set<string>()
  for (const { host, asked, region, isPlain } of all) {
    const name = readName(host)
    const label = name && tailsOf(name.key).find((it) => services.has(it))
    const isGov = asked.includes('us-gov')
    // A name of everybody's, which the rules give to the government's regions too.
    const isOurs = name?.region || !isGov || name?.tail.includes('us-gov')
    if (!name || !label || !isOurs || host.startsWith(`${SAMPLES[0]}.`)) continue
    const { id } = partitions.find((it) => asked in it.regions) as Partition
    const place = `${id} ${label}`
    if (!name.region) add(bare, place, region)
    if (!isPlain || asked.endsWith('-global')) continue
    add(plain, place, region)
    if (region !== asked || !name.region) single.add(place)
  }
  const one = [...single].map((place) => [place, plain.get(place) as Set<string>] as const)
  return [byRegion(new Map(one)), byRegion(new Map([...bare, ...FIRST]))]
}

/** Words as lines of a string. */
function lines(words: readonly string[], indent: string): string {
  const found: string[] = ['']
  for (const word of words) {
    const line = found.at(-1) as string
    if (`${indent}'${line} ${word} ' +`.length > 100) found.push(` ${word}`)
    else found[found.length - 1] = `${line} ${word}`
  }
  return `${found.map((line) => `${indent}'${line}`).join("' +\n")} '`
}

const named = (key: string) => (/^\w+$/.test(key) ? key : `'${key}'`)

const record = (entries: readonly (readonly [string, string])[], indent = '  ') =>
  entries.map(([key, value]) => `${indent}${named(key)}: '${value}',\n`).join('')

/** The text of the file. */
export async function endpointTable(): Promise<string> {
  const all = await endpoints()
  const found = servicesOf(all)
  const services = [...found]
  const own = partitions.filter(({ outputs }) => outputs.dnsSuffix !== 'amazonaws.com')
  const prefix = ({ regionRegex }: Partition) =>
    regionRegex.replace(/\\-\\w.*/, '').replace(/[\\^()]/g, '')
  const dual = partitions.map(
    ({ outputs }) => [outputs.dualStackDnsSuffix, outputs.dnsSuffix] as const,
  )
  const regions = partitions.map((it) =>
    it.regionRegex.replaceAll('\\-', '-').slice(1, -'-\\w+-\\d+$'.length),
  )
  const [only, first] = regionless(all, found).map((labels) =>
    labels
      .map(([region, words]) => {
        const text = lines(words, '    ')
        const line = `  '${region}': ${text.trim()},`
        return line.length > 100 || text.includes('\n') ? `  '${region}':\n${text},\n` : `${line}\n`
      })
      .join(''),
  )
  return `// Made by \`npm run endpoints\` of AWS's endpoint rules, as @distilled.cloud/aws has them.

/** DNS suffixes of the partitions other than amazonaws.com's, by what their regions begin with. */
export const DNS_SUFFIXES: Readonly<Record<string, string>> = {
  __proto__: null as never,
${record(own.map((it) => [prefix(it), it.outputs.dnsSuffix]))}}

/** The DNS suffix of a partition, by the one of its dual-stack names. */
export const DUAL_STACK_SUFFIXES: Readonly<Record<string, string>> = {
${record([...new Map(dual), ['on.aws', 'amazonaws.com']])}}

/** The form of the regions of all partitions. */
export const REGION: RegExp =
  /^(?:${regions.join('|')})-\\w+-\\d+$/

/** Labels of services that have one region in their partition, by that region. */
export const GLOBAL_SERVICES: Readonly<Record<string, string>> = {
${only}}

/** Labels that mean a region where the name says none, by that region. */
export const FIRST_REGIONS: Readonly<Record<string, string>> = {
${first}}

/** The signing names of labels that have another. */
export const SIGNING_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
${record(services.filter(([key, service]) => key !== service))}}

/** Labels that are the signing name too. */
export const SERVICES: string =
${lines(
  services.filter(([key, service]) => key === service).map(([key]) => key),
  '  ',
)}
`
}
