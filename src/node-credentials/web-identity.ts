import type { PromisedProvider } from '../credentials/promised.ts'
import type { StsOptions } from '../providers/sts.ts'
import { assumeRoleWithWebIdentity } from '../providers/web-identity.ts'
import {
  environmentOf,
  type MachineSession,
  readNamed,
  remembering,
  type Source,
} from './machine.ts'
import { type MachineStsOptions, ofRole, stsOf } from './sts.ts'

/** A role, and the file that has the token for it. */
interface FileRole {
  readonly roleArn: string
  readonly roleSessionName: string | undefined
  readonly file: string
  /** The variable or profile that names the file. */
  readonly named: string
}

/** The session of a role for the token in a file, as it is now. */
export async function askWithFile(
  sts: StsOptions,
  { roleArn, roleSessionName, file, named }: FileRole,
): Promise<MachineSession> {
  const webIdentityToken = await readNamed(file, named)
  const role = { roleArn, roleSessionName: roleSessionName || undefined, webIdentityToken }
  return ofRole(await assumeRoleWithWebIdentity({ ...sts, ...role })(), roleArn)
}

export const webIdentitySource =
  (options: MachineStsOptions): Source<MachineSession> =>
  async () => {
    const named = 'AWS_WEB_IDENTITY_TOKEN_FILE'
    const {
      [named]: file,
      AWS_ROLE_ARN: roleArn,
      AWS_ROLE_SESSION_NAME: roleSessionName,
    } = environmentOf(options)
    return file && roleArn
      ? askWithFile(stsOf(options), { roleArn, roleSessionName, file, named })
      : { absent: `${named} and AWS_ROLE_ARN are not set` }
  }

/**
 * A provider of a role that the machine's own token opens, as a pod of EKS has one: AssumeRoleWithWebIdentity
 * by `AWS_WEB_IDENTITY_TOKEN_FILE` (read again each time), `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME`
 * (without it, `countersign`); remembers the answer until five minutes before it expires.
 *
 * @throws CountersignError by the provider: `invalid-credentials` where they are not set or the file
 * cannot be read, `credentials-refused` with STS's own code in `error.service`, `invalid-scope`; what
 * `fetch` throws is passed on
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 * @example
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: fromWebIdentity() })
 */
export const fromWebIdentity = (
  options: MachineStsOptions = {},
): PromisedProvider<MachineSession> => remembering(webIdentitySource(options))
