import { awsError, presign, sign, verify } from 'countersign'

/** What stands in the two boxes. */
export interface Sample {
  readonly request: string
  readonly answer: string
  /** Where the fault shows to who has the secret alone. */
  readonly secret?: string
}

/** AWS's own example key: it opens nothing. */
const EXAMPLE_KEY = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

const DAY = new Date('2026-11-24T12:00:00Z')
const API = 'https://abc.execute-api.eu-west-1.amazonaws.com'
const BUCKET = 'https://bucket.s3.eu-west-1.amazonaws.com'

interface Wire {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

const written = ({ method, url, headers, body }: Wire): string => {
  const [, host = '', target = ''] = /^\w+:\/\/([^/]*)(.*)$/s.exec(url) ?? []
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${target} HTTP/1.1`, ...lines, '', ...(body ? [String(body)] : [])].join('\n')
}

/** A request as it was sent, and what a server says to what arrived. */
async function refused(sent: Wire, arrived: Wire, now = DAY): Promise<Sample> {
  const { method, url, headers, body } = arrived
  const service = url.includes('.s3.') ? 's3' : 'execute-api'
  const result = await verify(
    { method, url, headers, ...(body ? { body: String(body) } : {}) },
    { service, region: 'eu-west-1', credentials: () => EXAMPLE_KEY, now },
  )
  const answer = result.ok ? '' : awsError(result, service === 's3' ? 's3' : 'json').body
  return { request: written(sent), answer }
}

const options = { region: 'eu-west-1', credentials: EXAMPLE_KEY, signingDate: DAY } as const
const signing = { ...options, allowLongTermCredentials: true } as const
const execute = { ...signing, service: 'execute-api' } as const
const s3 = { ...signing, service: 's3' } as const

/** Requests to try the page with, each made when it is asked for. */
export const SAMPLES: Readonly<Record<string, () => Promise<Sample>>> = {
  'A gateway strips its stage': async () => {
    const sent = await sign(
      {
        method: 'POST',
        url: `${API}/prod/orders?tag=a b&limit=10`,
        headers: { 'content-type': 'application/json' },
        body: '{"sku":"tea","count":2}',
      },
      execute,
    )
    return refused(sent, { ...sent, url: sent.url.replace('/prod', '') })
  },
  'A key with a blank, encoded twice': async () => {
    const sent = await sign(
      { method: 'PUT', url: `${BUCKET}/tea list (1).txt`, body: 'Assam' },
      { ...s3, pathEncoding: 'double' },
    )
    return { ...(await refused(sent, sent)), secret: EXAMPLE_KEY.secretAccessKey }
  },
  'A link with a parameter added': async () => {
    const sent = await presign({ url: `${BUCKET}/report.pdf` }, { ...s3, expiresIn: 600 })
    const arrived = { ...sent, url: `${sent.url}&utm_source=mail` }
    return { ...(await refused(sent, arrived)), request: sent.url }
  },
  'A clock that is late': async () => {
    const sent = await sign({ url: `${API}/prod/orders` }, execute)
    return refused(sent, sent, new Date('2026-11-24T13:00:00Z'))
  },
}
