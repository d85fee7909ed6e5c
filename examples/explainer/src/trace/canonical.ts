import { align } from './align.ts'
import { added, type Line, type Located, ofOrigin, type Piece, type Sent } from './model.ts'
import { headerOf, urlParts, whole } from './request-parts.ts'

const HIDDEN = '…'

const meaning = (text: string): string => {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' ')).replace(/=$/, '')
  } catch {
    return text
  }
}

const nameOf = (parameter: string): string => meaning(parameter.split('=', 1)[0] ?? '')

/** Text that comes from a place, with what was hidden told from it whole. */
function traced({ text, origin }: Located, result: string): Piece[] {
  const hidden = result.indexOf(HIDDEN)
  if (hidden < 0 || text.includes(HIDDEN)) return align(text, origin, result)
  const before = align(
    text.slice(0, hidden),
    { ...origin, end: origin.start + hidden },
    result.slice(0, hidden),
  )
  return [...before, ...ofOrigin(result.slice(hidden), [origin], 'a secret value, not shown')]
}

/** The parameters of a query, with where each stands. */
function parametersOf(query: string): Located[] {
  let start = 0
  return query.split('&').map((text) => {
    const origin = { part: 'query', start, end: start + text.length }
    start += text.length + 1
    return { text, origin }
  })
}

/** The query's line: each parameter is found again by what it means, wherever it was sorted to. */
function queryPieces(line: string, query: string): Piece[] {
  const left = parametersOf(query).map((parameter, at) => ({ ...parameter, at }))
  const take = (is: (text: string) => boolean) => {
    const index = left.findIndex(({ text }) => is(text))
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  return line.split('&').flatMap((parameter, at) => {
    const found =
      take((text) => text === parameter) ??
      take((text) => text !== '' && meaning(text) === meaning(parameter)) ??
      take((text) => text !== '' && nameOf(text) === nameOf(parameter))
    const separator = at > 0 ? [added('&', 'between two parameters')] : []
    if (!found) return [...separator, ...ofOrigin(parameter, [], 'not in what was pasted')]
    const moved = found.at === at ? '' : `; sorted from place ${found.at + 1} to place ${at + 1}`
    const equals = parameter.endsWith('=') && !found.text.includes('=')
    const pieces = traced(found, equals ? parameter.slice(0, -1) : parameter)
    return [
      ...separator,
      ...pieces.map((piece) => ({ ...piece, why: piece.why + moved })),
      ...(equals ? [added('=', 'a parameter without a value gets its =')] : []),
    ]
  })
}

/** A header's line: its name, and its value or the values of all headers of that name. */
function headerPieces(line: string, sent: Sent): Piece[] {
  const name = line.slice(0, Math.max(0, line.indexOf(':')))
  const value = line.slice(name.length + 1)
  const fields = sent.headers.flatMap(([spelled, text], at) =>
    spelled.toLowerCase() === name ? [{ spelled, text, at }] : [],
  )
  const [first] = fields
  const host = urlParts(sent.url).host
  if (!first)
    return name === 'host'
      ? [added('host:', 'always signed'), ...traced(whole('host', host), value)]
      : [added(line, 'not in what was pasted: the signer adds it')]
  const names = traced(whole(`name ${first.at}`, first.spelled), name)
  const colon = added(':', 'between name and value')
  if (fields.length === 1)
    return [...names, colon, ...traced(whole(`value ${first.at}`, first.text), value)]
  const from = fields.map(({ at, text }) => whole(`value ${at}`, text).origin)
  return [...names, colon, ...ofOrigin(value, from, 'the values of this name, joined by a comma')]
}

function signedHeadersPieces(line: string, sent: Sent): Piece[] {
  return line.split(';').flatMap((name, place) => {
    const at = sent.headers.findIndex(([spelled]) => spelled.toLowerCase() === name)
    const [spelled] = sent.headers[at] ?? []
    return [
      ...(place > 0 ? [added(';', 'between two names')] : []),
      ...(spelled === undefined
        ? [added(name, name === 'host' ? 'always signed' : 'not in what was pasted')]
        : traced(whole(`name ${at}`, spelled), name)),
    ]
  })
}

function payloadPieces(line: string, sent: Sent): Piece[] {
  const header = headerOf(sent, 'x-amz-content-sha256')
  if (header?.text === line) return align(header.text, header.origin, line)
  if (!/^[\da-f]{64}$/.test(line))
    return [added(line, 'in place of a hash: the body is not signed')]
  if (sent.payload) return [added(line, 'as the server read it: the body is not in its answer')]
  const why = sent.body === '' ? 'the SHA-256 of an empty body' : 'the SHA-256 of all of the body'
  return ofOrigin(line, [whole('body', sent.body).origin], why)
}

/** A canonical request line by line, each character with where it came from. */
export function canonicalLines(canonicalRequest: string, sent: Sent): Line[] {
  const lines = canonicalRequest.split('\n')
  const { path, query } = urlParts(sent.url)
  const last = lines.length - 1
  return lines.map((line, at): Line => {
    if (at === 0) return { label: 'method', pieces: traced(whole('method', sent.method), line) }
    if (at === 1)
      return {
        label: 'path',
        pieces: path
          ? traced(whole('path', path), line)
          : [added(line, 'an empty path is written /')],
      }
    if (at === 2) return { label: 'query', pieces: line ? queryPieces(line, query) : [] }
    if (at === last) return { label: 'payload hash', pieces: payloadPieces(line, sent) }
    if (at === last - 1) return { label: 'signed headers', pieces: signedHeadersPieces(line, sent) }
    if (at === last - 2) return { label: '', pieces: [] }
    return { label: at === 3 ? 'headers' : '', pieces: headerPieces(line, sent) }
  })
}
