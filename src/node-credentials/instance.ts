import type { PromisedProvider } from '../credentials/promised.ts'
import { CountersignError, ensure } from '../model/errors.ts'
import { refusal } from '../providers/service.ts'
import { type Answer, ask } from './ask.ts'
import {
  type Absent,
  type Environment,
  environmentOf,
  isAbsent,
  type MachineOptions,
  type MachineSession,
  recordIn,
  remembering,
  type Source,
  sessionIn,
  textOf,
} from './machine.ts'

const ROLES = '/latest/meta-data/iam/security-credentials/'

const SILENT: Absent = { absent: 'the instance metadata service no longer answers' }

/** What the metadata service means by a status, which it does not say in words. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: 'its token is not accepted',
  403: 'it is turned off, or not for this process',
}

function endpointIn(environment: Environment): URL {
  const own = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT
  const mode = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE || 'IPv4'
  const [, version] = ensure(
    /^ipv([46])$/i.exec(own ? 'IPv4' : mode),
    'invalid-options',
    'IPv4 or IPv6 as AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE',
  )
  const address = own || `http://${version === '6' ? '[fd00:ec2::254]' : '169.254.169.254'}`
  return ensure(
    /^https?:/i.test(address) && URL.canParse(address) && new URL(address),
    'invalid-url',
    'an http URL as AWS_EC2_METADATA_SERVICE_ENDPOINT',
  )
}

const meaningOf = ({ status }: Answer): string =>
  MEANINGS[status] ? `${status}, ${MEANINGS[status]}` : `${status}`

/** The error of an answer that is no success. */
const refused = (answer: Answer): CountersignError =>
  Object.assign(
    new CountersignError(
      'credentials-refused',
      `the instance metadata service answers ${meaningOf(answer)}.`,
    ),
    { service: { status: answer.status, code: undefined, message: '' } },
  )

/** One walk through IMDSv2: a token, the name of the role, its credentials. */
async function askInstance(options: MachineOptions): Promise<MachineSession | Absent> {
  const environment = environmentOf(options)
  const { AWS_EC2_METADATA_DISABLED: disabled } = environment
  if (disabled && !/^false$/i.test(disabled))
    return { absent: 'AWS_EC2_METADATA_DISABLED says not to ask' }
  const endpoint = endpointIn(environment)
  const token = await ask(options, new URL('/latest/api/token', endpoint), {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
  })
  if (!token)
    return {
      absent: `${endpoint.host} gives no token within a second: this is no EC2 instance, or a container beyond the hop limit of one`,
    }
  if (!token.ok) return { absent: `${endpoint.host} gives no token: ${meaningOf(token)}` }
  const headers = { 'x-aws-ec2-metadata-token': token.text }
  const roles = await ask(options, new URL(ROLES, endpoint), { headers })
  if (!roles) return SILENT
  const [role] = (roles.ok && /^[\w+=,.@-]+/.exec(roles.text.trim())) || []
  if (roles.status === 404 || (roles.ok && !role)) return { absent: 'the instance has no role' }
  if (!roles.ok) throw refused(roles)
  const answer = await ask(options, new URL(`${ROLES}${role}`, endpoint), { headers })
  if (!answer) return SILENT
  if (!answer.ok) throw refused(answer)
  const record = recordIn(answer.text)
  const code = textOf(record, 'Code')
  if (code && code !== 'Success')
    throw refusal(answer, code, textOf(record, 'Message'), [token.text])
  return sessionIn(record)
}

/**
 * Credentials that the service cannot exchange now are used on, for five to ten minutes, as AWS asks:
 * many a service of AWS takes them while it mends the other.
 */
function extended(held: MachineSession): MachineSession {
  process.emitWarning(
    'The instance metadata service has no new credentials: the old are used on.',
    {
      code: 'COUNTERSIGN_OLD_CREDENTIALS',
      detail: `They were to expire at ${held.expiration.toISOString()}; new ones are asked for soon.`,
    },
  )
  const later = Date.now() + 300_000 * (1 + Math.random())
  return { ...held, expiration: new Date(Math.max(later, Number(held.expiration))) }
}

export function instanceSource(options: MachineOptions): Source<MachineSession> {
  let held: MachineSession | undefined
  const keep = (session: MachineSession): MachineSession => {
    held = session.expiration > new Date() ? session : extended(session)
    return held
  }
  return async () => {
    try {
      const answer = await askInstance(options)
      if (!isAbsent(answer)) return keep(answer)
      if (!held) return answer
    } catch (error) {
      if (!held) throw error
    }
    held = extended(held)
    return held
  }
}

/**
 * A provider of the role of an EC2 instance, by its metadata service (IMDSv2 alone), which has a second
 * for each answer; remembers the answer until five minutes before it expires. While the service has no
 * new credentials the old are used on, and a warning of the process says so.
 *
 * Heeds `AWS_EC2_METADATA_DISABLED`, `AWS_EC2_METADATA_SERVICE_ENDPOINT` and
 * `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` (`IPv4`, `IPv6`). In a container the token arrives only
 * where the hop limit of the instance is 2 or more.
 *
 * @throws CountersignError by the provider: `invalid-credentials` where there is no service or no role,
 * `credentials-refused`, `invalid-url`, `invalid-options`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
 * @example
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: fromInstance() })
 */
export const fromInstance = (options: MachineOptions = {}): PromisedProvider<MachineSession> =>
  remembering(instanceSource(options))
