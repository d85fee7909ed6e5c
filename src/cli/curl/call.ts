import { type CurlOption, curlOptionsOf, lastOf } from '../../inputs/curl-options.ts'
import { type FlagName, flagOf } from '../flags.ts'
import { type Call, UsageError } from '../options.ts'
import { entryOf } from '../table.ts'

/** The flags of `countersign curl` that stand before a value, and are none of curl's. */
const OWN_NAMES: ReadonlySet<string> = new Set(
  entryOf('curl').flags.filter((name) => flagOf(name).value !== undefined),
)

/** A call of `countersign curl`: what is ours, and what is curl's. */
export interface CurlCall extends Call {
  readonly options: readonly CurlOption[]
}

/** What curl would do beside the one request that is signed, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  location:
    'a signature is of one URL, and behind a redirect it would not hold, and be shown to others. Sign the new URL.',
  'location-trusted': 'a signature is of one URL. Sign the new URL.',
  next: 'a signature is of one request. Call countersign curl once for each.',
  config: 'what stands in a file of options is not signed. Write its options out.',
  'url-query': 'the query is a part of what is signed. Write it into the URL.',
  'request-target': 'the target is a part of what is signed. Write it into the URL.',
  'aws-sigv4': 'the signature is made here.',
  'oauth2-bearer': 'the request is authorized by its signature.',
  crlf: 'what is signed is the body as it is.',
}

/** What curl would not send as it is signed. */
function refuse(options: readonly CurlOption[]): void {
  const has = (wanted: string) => lastOf(options, wanted) !== undefined
  for (const { name, words } of options) {
    if (Object.hasOwn(REFUSED, name))
      throw new UsageError(`${words[0]} is refused: ${REFUSED[name]}`)
    if (name.startsWith('expand-'))
      throw new UsageError(`${words[0]} is refused: write what it stands for.`)
  }
  const urls = options.filter(({ name }) => name === 'url').map(({ value }) => value)
  if (urls.length > 1) throw new UsageError('There may be one URL: a signature is of one request.')
  // Brackets of the authority are of an IPv6 address.
  const globs = /[{}[\]]/.test(urls[0]?.replace(/^(\w+:\/\/)?[^/?#]*/, '') ?? '')
  if (globs && !has('globoff'))
    throw new UsageError(
      'curl would make several requests of {} and []: with -g it sends them as they are.',
    )
  if (has('upload-file') && has('continue-at'))
    throw new UsageError('-C is refused with -T: what is signed is the whole file.')
}

/** Reads `curl ARGS…`: curl's own words, among which ours may stand. */
export function readCurlCall(words: readonly string[]): CurlCall {
  const all = [...curlOptionsOf(words, OWN_NAMES)]
  const options = all.filter(({ name }) => !OWN_NAMES.has(name) && name !== 'explain')
  const text = (name: FlagName) => (OWN_NAMES.has(name) ? lastOf(all, name) : undefined)
  refuse(options)
  const values = { explain: lastOf(all, 'explain') !== undefined }
  const url = lastOf(all, 'url')
  return { verb: 'curl', url, values, text, options }
}
