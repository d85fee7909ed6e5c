import { exec } from 'node:child_process'
import { promisify } from 'node:util'
import { failWith } from '../model/errors.ts'
import { type Environment, type MachineCredentials, recordIn, textOf } from './machine.ts'

/** Variables whose values are shown to nobody, should the command repeat them. */
const SECRET_VARIABLES = /SECRET|TOKEN$|PASSWORD|PRIVATE|API_?KEY/i

/** What stands before a secret, by its name. */
const SECRET_NAMES = /secret|token|passw|key/i

/** What separates words, a name from its value too. */
const BETWEEN = /([\s"',;=:]+)/

/** Less what has the length of a key, or stands behind the name of one. */
function withoutSecrets(text: string): string {
  const parts = text.split(BETWEEN)
  const isNamed = (at: number) =>
    SECRET_NAMES.test(parts[at - 2] ?? '') && /[=:]/.test(parts[at - 1] ?? '')
  return parts
    .map((part, at) => (at % 2 === 0 && (part.length >= 40 || isNamed(at)) ? '…' : part))
    .join('')
}

/** The first words of what a command complains of, in one line, less what may be secret. */
function complaintOf(stderr: string, stdout: string, environment: Environment): string {
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    SECRET_VARIABLES.test(name) && value && value.length > 3 ? [value] : [],
  )
  const printed = Object.values(recordIn(stdout)).filter((it) => typeof it === 'string')
  let shown = stderr
  for (const secret of [...variables, ...printed]) if (secret) shown = shown.replaceAll(secret, '…')
  return withoutSecrets(shown.slice(0, 4000))
    .replace(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, ' ')
    .trim()
    .slice(0, 500)
}

/**
 * What a command prints, as `credential_process` of the AWS tools does: it is shown to nobody; of what
 * the command complains of, where it fails, nothing that looks like a secret.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export async function askCommand(
  command: string,
  environment: Environment,
): Promise<Readonly<Record<string, unknown>>> {
  const env = environment as NodeJS.ProcessEnv
  const { stdout } = await promisify(exec)(command, { env, windowsHide: true }).catch(
    ({ code, signal, stdout, stderr }) => {
      const complaint = complaintOf(`${stderr}`, `${stdout}`, environment) || 'without a word'
      const end = signal ? `by ${signal}` : `with ${code}`
      return failWith('invalid-credentials', `credential_process ended ${end}: ${complaint}.`)
    },
  )
  return recordIn(stdout)
}

/** The credentials in what a command printed. */
export function printedCredentials(
  record: Readonly<Record<string, unknown>>,
  accountOfProfile?: string,
): MachineCredentials {
  const need = (name: string): string =>
    textOf(record, name) ||
    failWith('invalid-credentials', `credential_process prints no JSON with ${name}.`)
  const ended = textOf(record, 'Expiration')
  const expiration = ended && new Date(ended)
  if (expiration && !(expiration > new Date()))
    failWith('expired-credentials', 'what credential_process prints has expired.')
  const sessionToken = textOf(record, 'SessionToken')
  const credentialScope = textOf(record, 'CredentialScope')
  const accountId = textOf(record, 'AccountId') || accountOfProfile
  return {
    accessKeyId: need('AccessKeyId'),
    secretAccessKey: need('SecretAccessKey'),
    ...(sessionToken && { sessionToken }),
    ...(expiration && { expiration }),
    ...(credentialScope && { credentialScope }),
    ...(accountId && { accountId }),
  }
}
