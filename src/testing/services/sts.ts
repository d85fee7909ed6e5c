import { ACCOUNT, type Service, textOf } from '../answers.ts'
import { queryAnswer } from '../protocols/protocols.ts'
import { sessionOf } from './keys.ts'

const ROLE = `arn:aws:iam::${ACCOUNT}:role/role`

/** The session of a role, as its ARN tells it. */
function assumed(parameters: URLSearchParams): Record<string, string> {
  const role = (parameters.get('RoleArn') ?? ROLE).replace(':iam:', ':sts:')
  const name = parameters.get('RoleSessionName') ?? ''
  const Arn = `${role.replace(':role/', ':assumed-role/')}/${name}`
  return { AssumedRoleId: `AROAEXAMPLE:${name}`, Arn }
}

/** STS: who the caller is, and sessions whose keys the server knows from then on. */
export const sts: Service = ({ operation, body, keys, time, accessKeyId = '' }) => {
  const parameters = new URLSearchParams(textOf(body))
  const session = (usual: number) =>
    sessionOf(keys, time, Number(parameters.get('DurationSeconds') ?? usual))
  const arn = `arn:aws:iam::${ACCOUNT}:user/${accessKeyId}`
  switch (operation) {
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity': {
      const AssumedRoleUser = assumed(parameters)
      return queryAnswer(operation, { Credentials: session(3600), AssumedRoleUser })
    }
    case 'GetSessionToken':
      return queryAnswer(operation, { Credentials: session(43_200) })
    case 'GetCallerIdentity':
    case '':
      return queryAnswer('GetCallerIdentity', { Arn: arn, UserId: accessKeyId, Account: ACCOUNT })
    default:
      return undefined
  }
}
