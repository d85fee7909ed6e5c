import { isoSeconds } from '../../lib/time.ts'
import { type Answer, type Service, type ServiceRequest, textOf } from '../answers.ts'
import { errorAnswer, queryAnswer } from '../protocols/protocols.ts'
import type { UserKey } from './keys.ts'

/** Keys that stay, at the most, for one user. */
const MOST_KEYS = 2

const UserName = 'user'

const factsOf = ({ key, status, created }: UserKey) => {
  const CreateDate = isoSeconds(created)
  return { UserName, AccessKeyId: key.accessKeyId, Status: status, CreateDate }
}

/** What is done with one key, and what is said of it. */
const ON_KEY: Readonly<
  Record<string, (user: UserKey, parameters: URLSearchParams, request: ServiceRequest) => object>
> = {
  UpdateAccessKey(user, parameters) {
    user.status = parameters.get('Status') === 'Inactive' ? 'Inactive' : 'Active'
    return {}
  },
  DeleteAccessKey({ key }, _, { keys }) {
    keys.users.delete(key.accessKeyId)
    return {}
  },
  GetAccessKeyLastUsed({ key }, _, { keys }) {
    const { service = 'N/A', region = 'N/A', time } = keys.uses.get(key.accessKeyId) ?? {}
    const LastUsedDate = time && isoSeconds(time)
    const use = { LastUsedDate, ServiceName: service, Region: region }
    return { UserName, AccessKeyLastUsed: use }
  },
}

function createAccessKey({ keys, time }: ServiceRequest): Answer {
  if (keys.users.size >= MOST_KEYS) {
    const message = `Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`
    return errorAnswer('query', 409, 'LimitExceeded', message)
  }
  const user = keys.create(time)
  const AccessKey = { ...factsOf(user), SecretAccessKey: user.key.secretAccessKey }
  return queryAnswer('CreateAccessKey', { AccessKey })
}

/** IAM: the keys of the one user that there is, which the server knows from then on. */
export const iam: Service = (request) => {
  const { operation, keys, body } = request
  if (operation === 'CreateAccessKey') return createAccessKey(request)
  if (operation === 'ListAccessKeys') {
    const AccessKeyMetadata = { member: [...keys.users.values()].map(factsOf) }
    return queryAnswer(operation, { AccessKeyMetadata, UserName, IsTruncated: 'false' })
  }
  const call = ON_KEY[operation]
  const parameters = new URLSearchParams(textOf(body))
  const id = parameters.get('AccessKeyId') ?? ''
  const user = keys.users.get(id)
  if (call && user) return queryAnswer(operation, call(user, parameters, request) as never)
  const message = `The Access Key with id ${id} cannot be found.`
  return call && errorAnswer('query', 404, 'NoSuchEntity', message)
}
