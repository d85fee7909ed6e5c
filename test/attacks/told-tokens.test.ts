import { inspect } from 'node:util'
import { awsError, type Refused } from 'countersign'
import * as sync from 'countersign/sync'
import { describe, expect, it } from 'vitest'

const credentials = {
  accessKeyId: 'ASIATEMPORARY',
  secretAccessKey: 's'.repeat(40),
  sessionToken: 'TOKENsecretTOKENsecret/+==abcdef',
}
const HOST = 'h.example'
const SERVICES = ['s3', 'execute-api', 's3express', 'iotdevicegateway']

interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
}

type Rules = Pick<sync.SyncVerifyOptions, 'sessionTokenName'>

const rulesOf = (service: string, more: Rules) =>
  ({ service, credentials: () => credentials, maxTime: 200, ...more }) as const

/** Where a log, an answer or an explanation of a request shows a piece of its token. */
function shownBy(request: Sent, service: string, more: Rules = {}): string[] {
  const rules = rulesOf(service, more)
  const result = sync.verify(request, rules)
  // One that is read as it is meant is good: it is sent to another path.
  if (result.ok) return shownBy({ ...request, url: request.url.replace('/x', '/y') }, service, more)
  const refused: Refused = result
  const texts: Record<string, string> = {
    refused: JSON.stringify(refused),
    inspect: inspect(refused, { depth: 9, maxStringLength: null }),
    ...Object.fromEntries(
      (['s3', 'json', 'query'] as const).map((protocol) => [
        protocol,
        awsError(refused, protocol).body,
      ]),
    ),
    explained: String(sync.explain(request, rules)),
    explanation: JSON.stringify(sync.explain(request, rules)),
  }
  return Object.keys(texts).filter((name) => /TOKENsecret/.test(texts[name] as string))
}

const signing = (service: string, more: Rules) => ({
  ...{ service, region: 'r-1', credentials, ...more },
})

/** A request signed in its URL, which is then spelled otherwise. */
function inUrl(service: string, spell: (url: string) => string, more: Rules = {}): Sent {
  const { url } = sync.presign({ url: `https://${HOST}/x?a=1` }, signing(service, more))
  const [before = '', after = ''] = url.replace(`https://${HOST}`, '').split('?')
  return { method: 'GET', url: `${before}?${spell(after)}`, headers: { host: HOST } }
}

/** One signed in its header, which is then sent otherwise. */
function inHeader(
  service: string,
  spell: (fields: [string, string][]) => [string, string][],
  more: Rules = {},
): Sent {
  const { headers } = sync.sign({ url: `https://${HOST}/x` }, signing(service, more))
  const fields = Object.entries({ ...headers, host: HOST })
  return { method: 'GET', url: '/x', headers: Object.fromEntries(spell(fields)) }
}

const isToken = (name: string) => /token$/i.test(name)

describe('the session token of another is shown nowhere, in any spelling of its name that is read', () => {
  it.each<[string, (query: string) => string]>([
    ['Token%3D in place of Token=', (query) => query.replace(/(Token)=/, '$1%3D')],
    ['Token%3d', (query) => query.replace(/(Token)=/, '$1%3d')],
    ['Token%253D', (query) => query.replace(/(Token)=/, '$1%253D')],
    ['Token%25253D', (query) => query.replace(/(Token)=/, '$1%25253D')],
    ['&amp; in place of &', (query) => query.replace(/&(X-Amz-[\w-]*Token)/, '&amp;$1')],
    ['a blank in front', (query) => query.replace(/&(X-Amz-[\w-]*Token)/, '&%20$1')],
    ['a letter in front', (query) => query.replace(/&(X-Amz-[\w-]*Token)/, '&y$1')],
    ['as a value', (query) => query.replace(/&(X-Amz-[\w-]*Token)=/, '%26$1%3D')],
    ['%2D in place of a -', (query) => query.replace('-Token=', '%2DToken=')],
    [
      '%2D in place of each -',
      (query) => query.replace(/X-Amz-[\w-]*Token/, (name) => name.replaceAll('-', '%2D')),
    ],
    [
      '%252D in place of each -',
      (query) => query.replace(/X-Amz-[\w-]*Token/, (name) => name.replaceAll('-', '%252D')),
    ],
    ['a letter in hex', (query) => query.replace('Token=', 'T%6Fken=')],
    [
      '_ in place of each -',
      (query) => query.replace(/X-Amz-[\w-]*Token/, (name) => name.replaceAll('-', '_')),
    ],
    ['in lower case', (query) => query.replace(/X-Amz-[\w-]*Token/, (name) => name.toLowerCase())],
    ['in upper case', (query) => query.replace(/X-Amz-[\w-]*Token/, (name) => name.toUpperCase())],
    ['as a part of a list', (query) => query.replace(/&(X-Amz-[\w-]*Token)/, '&tokens[]=$1')],
    ['with a word behind its name', (query) => query.replace(/(Token)=/, '$1%20=')],
    ['another signature', (query) => query.replace(/Signature=\w\w/, 'Signature=00')],
    [
      'all of it encoded again',
      (query) =>
        query.replace(/&(X-Amz-[\w-]*Token=.*)/, (_, rest) => `&b=${encodeURIComponent(rest)}`),
    ],
  ])('in a URL: %s', (_, spell) => {
    for (const service of SERVICES)
      expect([service, shownBy(inUrl(service, spell), service)]).toEqual([service, []])
  })

  it.each<[string, string]>([
    ['in odd case', 'X-AMZ-sEcUrItY-tOkEn'],
    ['with _', 'x_amz_security_token'],
    ['of a session of S3 Express', 'x-amz-s3session-token'],
    ['with a word in front', 'x-forwarded-x-amz-security-token'],
    ['with a letter behind', 'x-amz-security-tokens'],
  ])('in a header: %s', (_, name) => {
    for (const service of ['s3', 'execute-api', 's3express']) {
      const spell = (fields: [string, string][]) =>
        fields.map(([own, value]): [string, string] => {
          if (isToken(own)) return [name, value]
          // Its name is signed too, so that its value stands in the text that was signed.
          const names =
            own === 'authorization' ? value.replace(/x-amz-[\w-]*token/, name.toLowerCase()) : value
          return [own, names]
        })
      expect([service, shownBy(inHeader(service, spell), service)]).toEqual([service, []])
    }
  })

  it('in the query of a request that is signed in its header', () => {
    for (const service of SERVICES)
      for (const name of [
        'X-Amz-Security-Token',
        'X_Amz_Security_Token',
        'x-amz-s3session-token',
      ]) {
        const request = inHeader(service, (fields) => fields.filter(([own]) => !isToken(own)))
        const query = `${name}=${encodeURIComponent(credentials.sessionToken)}`
        expect(shownBy({ ...request, url: `/x?${query}&a=1` }, service)).toEqual([])
      }
  })

  it('under a name of its own', () => {
    const more = { sessionTokenName: 'X-My.Own' }
    for (const spell of [
      (query: string) => query.replace(/Signature=\w\w/, 'Signature=00'),
      (query: string) => query.replace('X-My.Own=', 'x-mY.own%3D'),
      (query: string) => query.replace('X-My.Own=', '%58-My%2EOwn%253D'),
    ])
      expect(shownBy(inUrl('execute-api', spell, more), 'execute-api', more)).toEqual([])
    const spoilt = inHeader('execute-api', (fields) => fields, more)
    expect(shownBy({ ...spoilt, url: '/y' }, 'execute-api', more)).toEqual([])
  })
})
