import type { PromisedProvider } from '../credentials/promised.ts'
import { ensure, failWith } from '../model/errors.ts'
import { refusal } from '../providers/service.ts'
import { type Answer, ask } from './ask.ts'
import {
  type Environment,
  environmentOf,
  type MachineOptions,
  type MachineSession,
  readNamed,
  recordIn,
  remembering,
  type Source,
  sessionIn,
  textOf,
} from './machine.ts'

/** The loopback, and the addresses of ECS and EKS, which no packet leaves the machine for. */
const NEAR = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/

/** Milliseconds before another try: an agent that serves many containers throttles them. */
const PAUSES = [200, 400, 800]

/** Where the container's credentials are; a token must not be sent to anyone else. */
function addressIn(environment: Environment): URL | undefined {
  const relative = environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  const full = environment.AWS_CONTAINER_CREDENTIALS_FULL_URI
  if (!relative && !full) return undefined
  ensure(
    !relative || relative.startsWith('/'),
    'invalid-url',
    'a path as AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  )
  const address = relative ? `http://169.254.170.2${relative}` : `${full}`
  const url = URL.canParse(address) && new URL(address)
  return ensure(
    url &&
      (url.protocol === 'https:' || (url.protocol === 'http:' && NEAR.test(url.hostname))) &&
      !url.username &&
      !url.password &&
      url,
    'invalid-url',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI over https, or on loopback, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]',
  )
}

/** The token that opens the address, read again each time, as it is exchanged while the container runs. */
async function authorizationIn(environment: Environment): Promise<Record<string, string>> {
  const name = 'AWS_CONTAINER_AUTHORIZATION_TOKEN'
  const file = environment[`${name}_FILE`]
  const token = file ? await readNamed(file, `${name}_FILE`) : environment[name]
  if (!token) return {}
  ensure(/^[ -~]+$/.test(token), 'invalid-header', `${name} without line ends, in ASCII`)
  return { authorization: token }
}

const isPassing = (answer: Answer | undefined): boolean =>
  !answer || answer.status === 429 || answer.status >= 500

export const containerSource =
  (options: MachineOptions): Source<MachineSession> =>
  async () => {
    const environment = environmentOf(options)
    const url = addressIn(environment)
    if (!url)
      return { absent: 'neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor _FULL_URI is set' }
    let headers = await authorizationIn(environment)
    let answer = await ask(options, url, { headers })
    for (const pause of PAUSES) {
      if (!isPassing(answer)) break
      await new Promise((resolve) => setTimeout(resolve, pause))
      headers = await authorizationIn(environment)
      answer = await ask(options, url, { headers })
    }
    if (!answer) failWith('invalid-credentials', 'the endpoint of the container does not answer.')
    const record = recordIn(answer.text)
    const told = (name: string) => textOf(record, name) ?? textOf(record, name.toLowerCase())
    if (!answer.ok) throw refusal(answer, told('Code'), told('Message'), [headers.authorization])
    return sessionIn(record)
  }

/**
 * A provider of the role of a container, on ECS or by EKS Pod Identity: asks what
 * `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI` names, with the
 * token of `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` (read again each time) or
 * `AWS_CONTAINER_AUTHORIZATION_TOKEN`; remembers the answer until five minutes before it expires.
 *
 * A full URI is asked over https, or on loopback and the addresses that AWS names, and nowhere else; a
 * redirect is not followed. It has a second to answer, four times.
 *
 * @throws CountersignError by the provider: `invalid-credentials` where neither is set, nobody answers
 * or the answer has none, `invalid-url`, `invalid-header`, `credentials-refused`
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @example
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: fromContainer() })
 */
export const fromContainer = (options: MachineOptions = {}): PromisedProvider<MachineSession> =>
  remembering(containerSource(options))
