import { parse } from 'node:querystring'
import { sign, verify } from 'countersign'
import { receivedFromLambda } from 'countersign/node-http'
import { describe, expect, it } from 'vitest'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const signing = { region: 'eu-west-1', credentials }
const host = 'api.example.com'

/** What is said of a signed request whose query is spelled otherwise on the way. */
async function verdictOn(service: string, query: string, sent: string): Promise<string> {
  const { headers } = await sign({ url: `https://${host}/items?${query}` }, { ...signing, service })
  const received = { method: 'GET', url: `/items?${sent}`, headers: { host, ...headers } }
  const result = await verify(received, { service, credentials: () => credentials })
  return result.ok ? 'accepted' : `${result.reason} ${result.status}`
}

describe("parameters beyond the thousandth, which Node's reader and `qs` drop, are refused", () => {
  const query = 'dryRun=true&id=7'
  const pads = '&'.repeat(1000)

  it.each([
    ['at the start', `${pads}${query}`, {}],
    ['in the middle', `id=7${pads}dryRun=true`, { id: '7' }],
  ])('by empty ones %s', async (_, sent, read) => {
    expect({ ...parse(sent) }).toEqual(read)
    for (const service of ['execute-api', 's3'])
      expect(await verdictOn(service, query, sent)).toBe('malformed-authorization 400')
  })

  it('by parameters of their own, of which only so many are read, in any order', async () => {
    const many = Array.from({ length: 1001 }, (_, at) => `p${at}=1`)
    expect(Object.keys(parse(many.join('&')))).toHaveLength(1000)
    expect(await verdictOn('s3', many.join('&'), many.reverse().join('&'))).toBe(
      'malformed-authorization 400',
    )
  })

  it('and as many as are read are taken, with some empty ones', async () => {
    const most = Array.from({ length: 1000 }, (_, at) => `p${at}=1`).join('&')
    expect(Object.keys(parse(most))).toHaveLength(1000)
    expect(await verdictOn('s3', most, most)).toBe('accepted')
    expect(await verdictOn('s3', query, `&&${query}&`)).toBe('accepted')
  })

  it('in the target of a presigned URL either', async () => {
    const url = `/items?${pads}X-Amz-Algorithm=AWS4-HMAC-SHA256`
    const result = await verify(
      { method: 'GET', url },
      { service: 's3', credentials: () => credentials },
    )
    expect(result).toMatchObject({ ok: false, reason: 'malformed-authorization' })
  })
})

it.each([
  ['path=..%2Ffoo%25', 'path=..%2Ffoo%'],
  ['filter=a%5D%3Db', 'filter=a]=b'],
  ['a=%C3%A9&b=', 'b&a=\u00e9'],
])(
  'the spelling of a query is not protected: %s and %s are read alike by URLSearchParams',
  async (signed, sent) => {
    expect(await verdictOn('s3', signed, sent)).toBe('accepted')
    const [one, other] = [signed, sent].map((query) => [...new URLSearchParams(query)].sort())
    expect(other).toEqual(one)
  },
)

describe('the decoded path of an event', () => {
  const eventOf = (rawPath: string, headers: Record<string, string>) => ({
    ...{ rawPath, rawQueryString: '', headers, isBase64Encoded: false },
    requestContext: { domainName: host, http: { method: 'GET' } },
  })

  it('is no query, whatever stands in it', async () => {
    const options = { ...signing, service: 'execute-api' }
    const asked = async (url: string, rawPath: string) => {
      const { headers } = await sign({ url: `https://${host}${url}` }, options)
      const received = receivedFromLambda(eventOf(rawPath, headers))
      const result = await verify(received, {
        ...{ service: 'execute-api', credentials: () => credentials },
      })
      return result.ok ? result.path : result.reason
    }
    expect(await asked('/items?dryRun=true', '/items?dryRun=true')).toBe('signature-mismatch')
    expect(await asked('/items%3Fa%23b', '/items?a#b')).toBe('/items%3Fa%23b')
    expect(await asked('/items', '/items')).toBe('/items')
  })
})
