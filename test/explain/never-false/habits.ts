import type { MismatchCause, ReceivedRequest } from 'countersign'
import { altered, header } from '../manual.ts'

/** What a proxy, a framework or a person does to a request that was signed. */
export interface Habit {
  readonly causes: readonly MismatchCause[]
  readonly change: (request: ReceivedRequest) => ReceivedRequest
  /** What was signed cannot be told from what is left. */
  readonly isLost?: true
}

const onTarget =
  (change: (path: string, query: string) => string): Habit['change'] =>
  (request) => {
    const [path = '', ...rest] = request.url.split('?')
    return altered(request, { url: change(path, rest.length > 0 ? `?${rest.join('?')}` : '') })
  }
const onPath = (change: (path: string) => string) => onTarget((path, query) => change(path) + query)
const onQuery = (change: (query: string) => string) =>
  onTarget((path, query) => path + (query && `?${change(query.slice(1))}`))

const escapes = /%[\dA-Fa-f]{2}/g
/** Decodes the escapes of some characters alone. */
const decoding = (characters: RegExp) => (text: string) =>
  text.replace(escapes, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return characters.test(character) ? character : escaped
  })
/** Encodes some characters. */
const encoding = (characters: RegExp) => (text: string) =>
  text.replace(
    characters,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
const lower = (text: string) => text.replace(escapes, (escaped) => escaped.toLowerCase())

const headerTo =
  (name: string, value: (before: string) => string | undefined): Habit['change'] =>
  (request) => {
    const before = (request.headers as Record<string, string | undefined>)[name]
    return before === undefined ? request : header(request, name, value(before))
  }

const habit = (
  causes: MismatchCause | readonly MismatchCause[],
  change: Habit['change'],
): Habit => ({ causes: [causes].flat() as MismatchCause[], change })

const VISIBLE = /[!$&'()*+,;=:@[\]~\w.-]/

/** What is known of proxies, CDNs, frameworks and people. */
export const habits: Readonly<Record<string, Habit>> = {
  'decodes the path': habit(['path-decoded', 'plus-decoded'], onPath(decoding(VISIBLE))),
  'decodes the path, slashes too': habit(
    ['path-decoded', 'plus-decoded', 'path-changed'],
    onPath(decoding(/[!$&'()*+,;=:@[\]~\w./-]/)),
  ),
  'decodes the path, and encodes what cannot stand': habit(
    ['path-decoded', 'plus-decoded', 'path-hex-case', 'path-changed'],
    onPath((path) => encodeURI(decodeURIComponent(path)).replace(/[?#]/g, encodeURIComponent)),
  ),
  'decodes unreserved characters': habit('path-decoded', onPath(decoding(/[\w.~-]/))),
  'decodes sub-delimiters': habit(
    ['path-decoded', 'plus-decoded'],
    onPath(decoding(/[!$&'()*+,;=]/)),
  ),
  'decodes : and @': habit('path-decoded', onPath(decoding(/[:@]/))),
  'decodes a + in the path': habit(['plus-decoded', 'path-decoded'], onPath(decoding(/[+]/))),
  'decodes a + in path and query': habit(
    ['plus-decoded', 'query-plus', 'path-decoded', 'token-altered'],
    onTarget((path, query) => decoding(/[+]/)(path + query)),
  ),
  'writes escapes of the path in lower case': habit('path-hex-case', onPath(lower)),
  'decodes the path, other escapes in lower case': habit(
    ['path-decoded', 'path-hex-case', 'plus-decoded'],
    onPath((path) => lower(decoding(VISIBLE)(path))),
  ),
  "encodes !'()* in the path": habit('path-not-encoded', onPath(encoding(/[!'()*]/g))),
  'encodes sub-delimiters': habit('path-not-encoded', onPath(encoding(/[!$&'()*+,;=]/g))),
  'encodes : and @': habit('path-not-encoded', onPath(encoding(/[:@]/g))),
  'encodes ~': habit('path-not-encoded', onPath(encoding(/~/g))),
  'encodes all that is not unreserved': habit('path-not-encoded', onPath(encoding(/[^\w.~/%-]/g))),
  'encodes the path again': habit(
    'url-reencoded',
    onPath((path) => path.replace(/%/g, '%25')),
  ),
  'puts a slash behind the path': habit(
    'path-changed',
    onPath((path) => (path.endsWith('/') ? path : `${path}/`)),
  ),
  'takes the slash behind the path': habit(
    'path-changed',
    onPath((path) => path.replace(/(.)\/$/, '$1')),
  ),
  'writes escapes of the path in upper case': habit(
    'path-hex-case',
    onPath((path) => path.replace(escapes, (escaped) => escaped.toUpperCase())),
  ),
  'merges slashes': habit(
    ['path-changed', 'path-not-normalized'],
    onPath((path) => path.replace(/\/+/g, '/')),
  ),
  'resolves dots and merges slashes': habit(
    ['path-changed', 'path-not-normalized'],
    onPath((path) => path.replace(/\/(\.?\/)+/g, '/')),
  ),
  'takes the mount from the path': habit(
    'path-prefix',
    onPath((path) => path.replace(/^\/prod\//, '/')),
  ),
  'doubles a slash': habit(
    ['path-normalized', 'path-changed'],
    onPath((path) => path.replace(/(.)\//, '$1//')),
  ),
  'puts a mount before the path': habit(
    'path-prefix',
    onPath((path) => `/internal${path}`),
  ),
  // A token in the query has one too.
  'decodes a + in the query': habit(['query-plus', 'token-altered'], onQuery(decoding(/[+]/))),
  'encodes a + in the query': habit('query-plus', onQuery(encoding(/[+]/g))),
  'writes a blank of the query as +': habit(
    'query-plus',
    onQuery((it) => it.replaceAll('%20', '+')),
  ),
  'decodes the query': habit('query-encoding', onQuery(decoding(/[!$'()*,;:@/?[\]~\w.-]/))),
  'sorts the query': habit(
    'query-order',
    onQuery((it) => it.split('&').sort().join('&')),
  ),
  'encodes the query again': habit(
    'url-reencoded',
    onQuery((it) => it.replace(/%/g, '%25')),
  ),
  'adds a parameter': habit(
    'query-parameters-added',
    onTarget((path, query) => `${path}${query ? `${query}&` : '?'}utm_source=mail`),
  ),
  'escapes a URL as HTML': habit(
    'query-html-escaped',
    onQuery((it) => it.replaceAll('&', '&amp;')),
  ),
  'names the port of the host': habit(
    'host-port',
    headerTo('host', (host) => (host.includes(':') ? host : `${host}:443`)),
  ),
  'sets the host, and says which it was': habit('host-changed', (request) => {
    const { host } = request.headers as Record<string, string>
    return header(header(request, 'x-forwarded-host', host), 'host', 'backend:8080')
  }),
  'rewrites accept-encoding': habit(
    'volatile-header',
    headerTo('accept-encoding', () => 'br;q=1.0'),
  ),
  'rewrites user-agent': habit(
    'volatile-header',
    headerTo('user-agent', (it) => `${it} via proxy`),
  ),
  'adds a character set': habit(
    'header-changed',
    headerTo('content-type', (it) => `${it}; charset=utf-8`),
  ),
  'writes a header in lower case': habit(
    'header-case',
    headerTo('x-custom', (it) => it.toLowerCase()),
  ),
  'spaces a list anew': habit(
    'header-blanks',
    headerTo('x-custom', (it) => it.replace(/, ?/g, (comma) => (comma === ',' ? ', ' : ','))),
  ),
  'drops a header': habit(
    'header-dropped',
    headerTo('x-custom', () => undefined),
  ),
  'adds an x-amz- header': habit('header-added', (request) =>
    header(request, 'x-amz-cf-id', 'abc'),
  ),
  'drops the body': {
    causes: ['payload-dropped', 'payload-altered'],
    change: (request) => altered(request, { body: '' }),
    isLost: true,
  },
  'serialises the body again': habit(['payload-reserialized', 'payload-altered'], (request) => {
    const body = `${request.body}`
    return body.startsWith('{')
      ? altered(request, { body: JSON.stringify(JSON.parse(body)) })
      : request
  }),
  'ends the body with a newline': habit(['payload-reserialized', 'payload-altered'], (request) =>
    request.body ? altered(request, { body: `${request.body}\n` }) : request,
  ),
  'redirects as GET': habit('method-changed', (request) => altered(request, { method: 'GET' })),
}
