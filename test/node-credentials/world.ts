import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CountersignError } from 'countersign'
import { listen, shut } from '../support/loopback.ts'

/** What a service of the machine was asked. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly token: string | undefined
  readonly ttl: string | undefined
}

export interface Told {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Endpoint {
  readonly url: string
  readonly asked: Asked[]
  /** Answers each call; nothing leaves it without an answer. */
  answer: (asked: Asked) => Told | undefined
  close(): Promise<void>
}

const header = (headers: IncomingHttpHeaders, name: string): string | undefined =>
  headers[name] as string | undefined

/** A service of the machine on the loopback: the agent of a container, or the metadata of an instance. */
export async function startEndpoint(answer: Endpoint['answer']): Promise<Endpoint> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    const call = {
      ...{ method, path },
      authorization: header(headers, 'authorization'),
      token: header(headers, 'x-aws-ec2-metadata-token'),
      ttl: header(headers, 'x-aws-ec2-metadata-token-ttl-seconds'),
    }
    asked.push(call)
    const told = endpoint.answer(call)
    if (!told) return
    const body = typeof told.body === 'string' ? told.body : JSON.stringify(told.body ?? {})
    response.writeHead(told.status ?? 200, told.headers).end(body)
  })
  const port = await listen(server)
  const endpoint: Endpoint = {
    ...{ url: `http://127.0.0.1:${port}`, asked, answer },
    close: () => shut(server),
  }
  return endpoint
}

const HOUR = 3_600_000

/** A session as the services of a machine write it. */
export const session = (name: string, milliseconds: number = HOUR) => ({
  AccessKeyId: `ASIA${name}`,
  SecretAccessKey: `secret/of+${name}`,
  Token: `token//of+${name}==`,
  Expiration: `${new Date(Date.now() + milliseconds).toISOString().slice(0, 19)}Z`,
})

export const METADATA_TOKEN = 'AQAEAtoken-of-the-metadata-service=='
const ROLES = '/latest/meta-data/iam/security-credentials/'

/** IMDSv2: what each path answers, where a token is asked for and shown. */
export function metadata(name: string, milliseconds?: number): Endpoint['answer'] {
  const given = { Code: 'Success', Type: 'AWS-HMAC', ...session(name, milliseconds) }
  return ({ method, path, token, ttl }) => {
    if (method === 'PUT' && path === '/latest/api/token')
      return ttl ? { body: METADATA_TOKEN } : { status: 400 }
    if (token !== METADATA_TOKEN) return { status: 401 }
    if (path === ROLES) return { body: 'reader' }
    return path === `${ROLES}reader` ? { body: given } : { status: 404 }
  }
}

/** A home of its own, and what of this process the providers read; all of it goes back as it was. */
export interface Home {
  readonly path: string
  /** Writes `.aws/NAME`, and gives its path. */
  write(name: string, ...lines: string[]): string
  /** Puts variables in the place of those of AWS. */
  set(variables: Readonly<Record<string, string | undefined>>): void
  remove(): void
}

export function makeHome(): Home {
  const path = mkdtempSync(join(tmpdir(), 'countersign-home-'))
  const before = { ...process.env }
  const clear = () => {
    for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name]
  }
  const set: Home['set'] = (variables) => {
    clear()
    process.env.HOME = path
    for (const [name, value] of Object.entries(variables))
      if (value !== undefined) process.env[name] = value
  }
  set({})
  return {
    path,
    set,
    write: (name, ...lines) => {
      const file = join(path, '.aws', name)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, lines.join('\n'))
      return file
    },
    remove: () => {
      clear()
      Object.assign(process.env, before)
      rmSync(path, { recursive: true })
    },
  }
}

/** The members that both have, with a date as a number. */
const NAMES = [
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'expiration',
  'credentialScope',
  'accountId',
] as const

/** What came of asking a provider: its credentials, or `refused`. */
export async function outcomeOf(ask: () => unknown): Promise<unknown> {
  try {
    const found = (await ask()) as Record<string, unknown>
    return Object.fromEntries(
      NAMES.filter((name) => found[name] !== undefined).map((name) => [
        name,
        name === 'expiration' ? Number(found[name]) : found[name],
      ]),
    )
  } catch {
    return 'refused'
  }
}

/** The error of a provider that must have none. */
export async function refusalOf(ask: () => unknown): Promise<CountersignError> {
  try {
    await ask()
  } catch (error) {
    if (error instanceof CountersignError) return error
    throw error
  }
  throw new Error('it is not refused')
}
