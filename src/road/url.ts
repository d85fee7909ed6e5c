import { fail } from '../errors.ts'
import { percentEncode } from '../lib/percent.ts'
import type { UrlLike } from '../types.ts'

/** A URL in the spelling that goes to the wire, cut in pieces and not decoded. */
export interface WireUrl {
  /** `https:` or the like, lower-case. */
  readonly scheme: string
  /** Host header: lower-case, with a port unless it is the scheme's own. */
  readonly host: string
  readonly path: string
  /** Without the `?`. */
  readonly query: string
}

const AUTHORITY =
  /^(https?:|wss?:)\/\/(?:[^/?#]*@)?([\w.~-]+|\[[\da-f:.]+\])(?::0*(\d{0,5}))?(?=[/?]|$)/i

const ADVICE =
  'url must be absolute http(s), without backslash, control character, unpaired surrogate or fragment (write # as %23).'

const refuse = (): never => fail('invalid-url', ADVICE)

/** Percent-encodes the characters that cannot stand in a URL, as every client would; refuses the rest. */
function spell(text: string): string {
  if (!/[^!$-;=?-[\]_a-z~]/.test(text)) return text
  if (/[\\#\0-\x1f\x7f]/.test(text)) refuse()
  try {
    return text.replace(/[^!$-;=?-[\]_a-z~]+/g, percentEncode)
  } catch {
    return refuse()
  }
}

/** The path and query of a request target, spelled as it goes to the wire. */
export function readTarget(target: string): Pick<WireUrl, 'path' | 'query'> {
  const text = spell(target)
  const mark = text.indexOf('?')
  return mark < 0
    ? { path: text, query: '' }
    : { path: text.slice(0, mark), query: text.slice(mark + 1) }
}

/** Reads an absolute URL without a URL parser, which would resolve `..` and re-spell the query. */
export function readUrl(url: string | UrlLike): WireUrl {
  const text = typeof url === 'string' ? url : String(url?.href)
  const [authority, scheme, name, port] = AUTHORITY.exec(text) ?? refuse()
  const own = /^(http|ws):$/i.test(scheme as string) ? '80' : '443'
  return {
    scheme: (scheme as string).toLowerCase(),
    host: `${name}${port && port !== own ? `:${port}` : ''}`.toLowerCase(),
    ...readTarget(text.slice((authority as string).length)),
  }
}
