import type { UrlLike } from '../model/types.ts'
import type { StsOptions } from '../providers/sts.ts'
import {
  endpointIn,
  environmentOf,
  type MachineCredentials,
  type MachineOptions,
  type MachineSession,
} from './machine.ts'

/** How STS is asked where the machine is to take on a role. */
export interface MachineStsOptions extends MachineOptions {
  /**
   * Region of STS, such as `eu-west-1`; the credentials hold in every region. Default: that of the
   * profile, `AWS_REGION`, `AWS_DEFAULT_REGION`, or `us-east-1`.
   */
  region?: string | undefined
  /** Where STS answers. Default: `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, or AWS's own address for the region. */
  endpoint?: string | UrlLike | undefined
}

/** What the options, a profile and the environment say of STS, in this order. */
export function stsOf(options: MachineStsOptions, ofProfile?: string): StsOptions {
  const environment = environmentOf(options)
  return {
    fetch: options.fetch,
    region:
      options.region ||
      ofProfile ||
      environment.AWS_REGION ||
      environment.AWS_DEFAULT_REGION ||
      'us-east-1',
    endpoint: options.endpoint || endpointIn(environment, 'STS'),
  }
}

/** A session of a role, with whose the role is: `arn:aws:iam::123456789012:role/name`. */
export function ofRole<Session extends MachineCredentials>(
  session: Session,
  roleArn: string,
): Session & Pick<MachineSession, 'accountId'> {
  const accountId = roleArn.split(':')[4]
  return { ...session, ...(accountId && { accountId }) }
}
