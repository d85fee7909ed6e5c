import type {
  Credentials,
  PresignedRequest,
  PresignOptions,
  SignedRequest,
  SigningRequest,
} from 'countersign'

/** Options of a case: what both entries take, so that either can run it. */
export interface CaseOptions extends Omit<PresignOptions, 'credentials' | 'crypto' | 'algorithm'> {
  credentials: Credentials
}

/** What a published case says of each stage. */
export interface Stages {
  canonicalRequest: string
  stringToSign: string
  signature: string
  /** The signed request as the text of an HTTP message. */
  signedRequest: string
}

/** One placement of a case: what to sign and what must come of it. */
export interface Signing {
  request: SigningRequest
  options: CaseOptions
  want: Stages
}

/** A case of the suite. Plain data: as JSON it can be carried to another runtime. */
export interface SuiteCase {
  name: string
  header: Signing
  query: Signing
}

/** The verbs under test, of either entry. */
export interface Verbs {
  sign(request: SigningRequest, options: CaseOptions): SignedRequest | Promise<SignedRequest>
  presign(
    request: SigningRequest,
    options: CaseOptions,
  ): PresignedRequest | Promise<PresignedRequest>
}

/** One stage of one placement of one case. */
export interface Outcome {
  name: string
  ok: boolean
  got: string
  want: string
}

/** An HTTP request in parts; header names and values as they are written. */
export interface Message {
  method: string
  target: string
  headers: (readonly [name: string, value: string])[]
  body: string
}

/** Reads the text of an HTTP request; a header folded over several lines becomes one line. */
export function readMessage(text: string): Message {
  const end = `${text}\n\n`.indexOf('\n\n')
  const [start = '', ...fields] = text
    .slice(0, end)
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')
    .filter(Boolean)
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(start) ?? []
  const headers = fields.map((field) => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1)] as const
  })
  return { method, target, headers, body: text.slice(end + 2) }
}

/** The message that a client makes of a signed request. */
function messageOf(signed: SignedRequest): Message {
  const [, host = '', target = ''] = /^https?:\/\/([^/]*)(.*)$/.exec(signed.url) ?? []
  return {
    method: signed.method,
    target,
    headers: Object.entries({ host, ...signed.headers }),
    body: typeof signed.body === 'string' ? signed.body : '',
  }
}

/** A message as text to compare: one spelling of the target, headers by name, query as a set. */
function comparable({ method, target, headers, body }: Message, placement: string): string {
  const byName: Record<string, string> = {}
  for (const [written, value] of headers) {
    const name = written.toLowerCase()
    byName[name] = name in byName ? `${byName[name]},${value.trim()}` : value.trim()
  }
  // The suite writes paths and queries decoded, which no client can send.
  const wire = target.replace(/[^!-~]+/g, encodeURIComponent)
  const [path, query = ''] = wire.split('?')
  const parameters = query.split('&').map((part) => decodeURIComponent(part))
  return JSON.stringify({
    method,
    path,
    query: placement === 'query' ? parameters.sort() : query,
    headers: Object.entries(byName).sort(),
    body,
  })
}

const STAGES = {
  canonicalRequest: 'canonical request',
  stringToSign: 'string to sign',
  signature: 'signature',
  signedRequest: 'signed request',
} as const

/** Runs a case in one placement; an error stands in place of every stage. */
async function runOne({ sign, presign }: Verbs, signing: Signing, placement: string) {
  // In a copy that was carried as JSON the date is text.
  const options = { ...signing.options, signingDate: new Date(signing.options.signingDate as Date) }
  try {
    const verb = placement === 'header' ? sign : presign
    const signed = await verb(signing.request, options)
    return { ...signed.trace, signedRequest: comparable(messageOf(signed), placement) }
  } catch (error) {
    const canonicalRequest = String(error)
    return {
      canonicalRequest,
      stringToSign: canonicalRequest,
      signature: canonicalRequest,
      signedRequest: canonicalRequest,
    }
  }
}

/** Runs the suite with the verbs given, without a test framework: it runs wherever they do. */
export async function runSuite(verbs: Verbs, cases: readonly SuiteCase[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const suiteCase of cases) {
    for (const placement of ['header', 'query'] as const) {
      const got = await runOne(verbs, suiteCase[placement], placement)
      const { want } = suiteCase[placement]
      const signedRequest = comparable(readMessage(want.signedRequest), placement)
      const wanted = { ...want, signedRequest }
      for (const stage of Object.keys(STAGES) as (keyof Stages)[])
        outcomes.push({
          name: `${suiteCase.name}, ${placement}: ${STAGES[stage]}`,
          ok: got[stage] === wanted[stage],
          got: got[stage],
          want: wanted[stage],
        })
    }
  }
  return outcomes
}
