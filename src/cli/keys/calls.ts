import { dnsSuffix } from '../../endpoints/dns-suffix.ts'
import { inferScope } from '../../endpoints/infer-scope.ts'
import { readDate } from '../../lib/time.ts'
import { textOf } from '../../lib/xml.ts'
import { CountersignError } from '../../model/errors.ts'
import type { Credentials } from '../../model/types.ts'
import { endpointIn } from '../../node-credentials/machine.ts'
import { post, refusal } from '../../providers/service.ts'
import { createSigner } from '../../verbs/async.ts'
import { SendError } from '../options.ts'
import type { World } from '../streams.ts'

/** An access key as IAM lists it. */
export interface AccessKey {
  readonly accessKeyId: string
  /** `root` where the account itself has it. */
  readonly userName: string
  readonly status: string
  readonly created: Date
}

/** What a key was last used for; IAM learns of it within hours. */
export interface LastUse {
  readonly time: Date
  readonly service: string
  readonly region: string
}

/** The calls of IAM and STS that are about keys, each signed by the key that it is given. */
export interface KeyCalls {
  list(by: Credentials): Promise<readonly AccessKey[]>
  lastUse(by: Credentials, id: string): Promise<LastUse | undefined>
  create(by: Credentials): Promise<Credentials>
  deactivate(by: Credentials, id: string): Promise<unknown>
  remove(by: Credentials, id: string): Promise<unknown>
  /** The ARN of whose the key is. */
  identify(by: Credentials): Promise<string>
}

/** Milliseconds for a whole call, its retries included. */
const PATIENCE = 30_000

/** Where IAM is in partitions whose endpoint has a region's name, by what their regions begin with. */
const IAM_PLACES: Readonly<Record<string, string>> = {
  cn: 'cn-north-1',
  'us-gov': 'us-gov',
  'us-iso': 'us-iso-east-1',
  'us-isob': 'us-isob-east-1',
  'eu-isoe': 'eu-isoe-west-1',
  'us-isof': 'us-isof-south-1',
  'eusc-de': 'eusc-de-east-1',
}

/**
 * The address of IAM in the partition of a region.
 * @see https://docs.aws.amazon.com/general/latest/gr/iam-service.html
 */
export function iamAddressOf(region: string): string {
  const partition = region.replace(/-\w+-\d+$/, '')
  const place = Object.hasOwn(IAM_PLACES, partition) ? `${IAM_PLACES[partition]}.` : ''
  return `https://iam.${place}${dnsSuffix(region)}/`
}

/** What `fetch` throws, by what the network said. */
function unsent(error: unknown): never {
  if (error instanceof CountersignError) throw error
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException }
  throw new SendError(`AWS could not be asked: ${cause?.code ?? cause?.message ?? message}.`)
}

/** An element that an answer must have. */
function told(document: string, name: string): string {
  const text = textOf(document, name)
  if (text) return text
  throw new SendError(`The answer of AWS has no ${name}.`)
}

/** An id that can stand in a command as it is. */
function idIn(document: string): string {
  const id = told(document, 'AccessKeyId')
  if (/^\w+$/.test(id)) return id
  throw new SendError('The answer of AWS has an AccessKeyId that is none.')
}

function timeIn(document: string, name: string): Date {
  const time = readDate(told(document, name))
  if (time) return time
  throw new SendError(`The answer of AWS has a ${name} that is no time.`)
}

const accessKeyIn = (member: string): AccessKey => ({
  accessKeyId: idIn(member),
  userName: textOf(member, 'UserName') ?? 'root',
  status: told(member, 'Status'),
  created: timeIn(member, 'CreateDate'),
})

/** Binds the calls to where the environment says that AWS is, and to the partition of a region. */
export function createKeyCalls(region: string, env: World['env']): KeyCalls {
  const iamAddress = iamAddressOf(region)
  const services = {
    iam: {
      version: '2010-05-08',
      region: inferScope(iamAddress).region ?? region,
      endpoint: endpointIn(env, 'IAM') ?? iamAddress,
    },
    sts: {
      version: '2011-06-15',
      region,
      endpoint: endpointIn(env, 'STS') ?? `https://sts.${region}.${dnsSuffix(region)}/`,
    },
  }

  async function ask(
    credentials: Credentials,
    service: keyof typeof services,
    action: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { version, region, endpoint } = services[service]
    // A second CreateAccessKey would make a second key, where the answer to the first was lost.
    const retries = action === 'CreateAccessKey' ? 0 : 2
    const signer = createSigner({ service, region, credentials, retries })
    const signal = AbortSignal.timeout(PATIENCE)
    const fetch = ((url: string, init: RequestInit) =>
      signer.fetch(url, { ...init, signal })) as typeof globalThis.fetch
    const form = { Action: action, Version: version, ...parameters }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `${new URLSearchParams(form)}`
    const response = await post({ endpoint, fetch }, service, region, headers, body).catch(unsent)
    const text = await response.text().catch(unsent)
    if (response.ok) return text
    throw refusal(response, textOf(text, 'Code'), textOf(text, 'Message'), [])
  }

  return {
    async list(by) {
      const [, ...members] = (await ask(by, 'iam', 'ListAccessKeys')).split('<member>')
      return members.map(accessKeyIn)
    },
    async lastUse(by, id) {
      const text = await ask(by, 'iam', 'GetAccessKeyLastUsed', { AccessKeyId: id })
      if (!textOf(text, 'LastUsedDate')) return undefined
      const [service, region] = [told(text, 'ServiceName'), told(text, 'Region')]
      return { time: timeIn(text, 'LastUsedDate'), service, region }
    },
    async create(by) {
      const text = await ask(by, 'iam', 'CreateAccessKey')
      return {
        accessKeyId: idIn(text),
        secretAccessKey: told(text, 'SecretAccessKey'),
      }
    },
    deactivate: (by, id) =>
      ask(by, 'iam', 'UpdateAccessKey', { AccessKeyId: id, Status: 'Inactive' }),
    remove: (by, id) => ask(by, 'iam', 'DeleteAccessKey', { AccessKeyId: id }),
    identify: async (by) => told(await ask(by, 'sts', 'GetCallerIdentity'), 'Arn'),
  }
}
