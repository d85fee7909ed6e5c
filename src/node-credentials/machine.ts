import { promises as files } from 'node:fs'
import type { EnvironmentCredentials } from '../credentials/env.ts'
import { type PromisedProvider, promised } from '../credentials/promised.ts'
import { refreshing } from '../credentials/refreshing.ts'
import { type TemporaryCredentials, temporary } from '../credentials/temporary.ts'
import { fail, failWith } from '../model/errors.ts'
import type { ServiceOptions } from '../providers/service.ts'

/** Variables by their names, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** By what a provider finds the credentials of the machine. */
export interface MachineOptions {
  /** Variables, read each time that the provider asks. Default: `process.env`. */
  environment?: Environment | undefined
  /** What sends the calls. Default: the platform's `fetch`. */
  fetch?: ServiceOptions['fetch']
}

/** Credentials of whatever source the machine has: a long-term key, or a session. */
export interface MachineCredentials extends EnvironmentCredentials {}

/** Credentials of a session that the machine was given. */
export interface MachineSession extends TemporaryCredentials {
  /** Whose the session is, 12 digits, where its source says so; the AWS SDKs make endpoints of it. */
  readonly accountId?: string
}

/** Why a source has no credentials: it is not set up here. */
export interface Absent {
  readonly absent: string
}

/** Asks one source; where it is forced to, past everything that it remembers. */
export type Source<Held = MachineCredentials> = (isForced: boolean) => Promise<Held | Absent>

export const isAbsent = (answer: object): answer is Absent => 'absent' in answer

export const environmentOf = ({ environment }: MachineOptions): Environment =>
  environment ?? process.env

/** Where the environment says that a service answers, `STS` or another; undefined where it does not. */
export const endpointIn = (environment: Environment, service: string): string | undefined =>
  environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL || undefined

/** A provider that remembers what a source has; it is an error where the source is not set up. */
export function remembering<Held extends MachineCredentials>(
  source: Source<Held>,
): PromisedProvider<Held> {
  let isForced = false
  const provider = refreshing(async () => {
    const answer = await source(isForced)
    return isAbsent(answer)
      ? failWith('invalid-credentials', `none are set up here: ${answer.absent}.`)
      : answer
  })
  return promised((want) => {
    isForced = want === 'fresh'
    return provider(want)
  })
}

/** A file that a variable or a profile names, as it is now; what stands in it is a secret. */
export const readNamed = (path: string, name: string): Promise<string> =>
  files.readFile(path, 'utf8').catch(({ code }: NodeJS.ErrnoException) =>
    // Who mistook the variable for the token's own has a secret for a path.
    fail('invalid-credentials', `a file that can be read (${code}) as ${name}`),
  )

/** An answer of the machine's services, which is JSON; nothing where it is not. */
export function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** The text of a member, where it is one. */
export const textOf = (
  record: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined => (typeof record[name] === 'string' ? record[name] : undefined)

/** The session in an answer of the machine's services. */
export function sessionIn(record: Readonly<Record<string, unknown>>): MachineSession {
  const accountId = textOf(record, 'AccountId')
  return {
    ...temporary({
      AccessKeyId: textOf(record, 'AccessKeyId'),
      SecretAccessKey: textOf(record, 'SecretAccessKey'),
      SessionToken: textOf(record, 'Token'),
      Expiration: textOf(record, 'Expiration'),
    }),
    ...(accountId && { accountId }),
  }
}
