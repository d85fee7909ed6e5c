import type { Credentials, createSigner, SignerOptions } from 'countersign'

/** A request as the server saw it, and whether its signature holds. */
export interface Seen {
  readonly method: string
  /** Behind the place of the situation. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** How many minutes ahead of the server's own clock it was signed. */
  readonly minutes: number
  readonly region: string | undefined
  readonly signedHeaders: readonly string[]
  /** Why the signature does not hold; absent where it does. */
  readonly reason?: string | undefined
  /** When it came, in milliseconds. */
  readonly at: number
}

/** An answer of the server. */
export interface Answer {
  /** Default: 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** How many minutes the server's clock is ahead; it stands in `Date`. Default: 0. */
  readonly ahead?: number
  /** What becomes of it: the connection breaks before it, its body never ends, or is very long. */
  readonly fate?: 'cut' | 'endless' | 'enormous'
}

export type Reply = Answer | ((seen: Seen, place: Place) => Answer)

/** Where a situation takes place: two servers, and the package as the runtime has it. */
export interface Place {
  /** The address of the first server, with a slash at its end. */
  readonly here: string
  /** That of the second. */
  readonly there: string
}

export interface Stage extends Place {
  readonly createSigner: typeof createSigner
  readonly credentials: Credentials
  /** A signer for `execute-api` in us-east-1, or as the options say. */
  signer(options?: Partial<SignerOptions>): ReturnType<typeof createSigner>
}

/** A call of a client of the AWS SDK. */
export interface SdkCall {
  readonly client: 's3' | 'dynamodb'
  /** Of S3: GetObject, HeadObject or PutObject. Default: `GET`. */
  readonly method?: string
  /** The tokens that its provider hands out in turn. Default: none. */
  readonly tokens?: readonly string[]
}

/** The client that knows an answer of this form. */
export const clientFor = ({ body = '', headers = {} }: Answer): SdkCall['client'] =>
  body.startsWith('{') || headers['x-amzn-errortype'] ? 'dynamodb' : 's3'

/** The runtimes that have the situations; the page of Chromium is of the first server's origin. */
export type Runtime = 'node' | 'chromium' | 'workerd'

/** What happens, what is sent, and what comes out. */
export interface Situation {
  readonly name: string
  /** The answers in turn; the last for ever. Default: 200. */
  readonly replies?: readonly Reply[]
  /** Calls `fetch`, and says in JSON what came out. */
  act(stage: Stage): Promise<unknown>
  /** How many requests are sent. */
  readonly sent: number
  /** What comes out. Default: a status of 200. */
  readonly out?: unknown
  /** What must be true of the requests. */
  readonly seen?: (requests: readonly Seen[], place: Place) => unknown
  /** What that is. */
  readonly is?: unknown
  /** How the AWS SDK comes into it, where it has the situation. */
  readonly sdk?: SdkCall
  /** Where it cannot be so, and why: there it must fail. */
  readonly notIn?: Partial<Record<Runtime, string>>
}

/** The status of an answer, once its body has been read. */
export async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer
  await response.text()
  return response.status
}

/** The code or the name of what is thrown. */
export const thrown = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error) => (typeof error.code === 'string' ? error.code : error.name),
  )

/** A provider that hands out these tokens, one each time that it is asked, and the last for ever. */
export function handingOut(credentials: Credentials, ...tokens: string[]) {
  let asked = 0
  const provider = async () => {
    const sessionToken = tokens[Math.min(asked++, tokens.length - 1)] as string
    return { ...credentials, sessionToken, expiration: new Date(Date.now() + 3_600_000) }
  }
  return Object.assign(provider, { asked: () => asked })
}

export const xml = (code: string, more = ''): string =>
  `<Error><Code>${code}</Code><Message>${code}</Message>${more}</Error>`
