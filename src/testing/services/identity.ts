import { randomUUID } from 'node:crypto'
import { isoSeconds } from '../../lib/time.ts'
import { ACCOUNT, type Call, type Given, type Operation, type Operations } from '../answers.ts'
import { serviceError } from '../protocols/service-error.ts'
import { addKey, addSession, type KnownKey, newKey } from './keys.ts'

const assumeRole: Operation = (given, { keys, time }) => {
  const { RoleArn = `arn:aws:iam::${ACCOUNT}:role/role`, RoleSessionName = '' } = given
  const role = `${RoleArn}`.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
  return {
    Credentials: addSession(keys, time, given.DurationSeconds ?? 3600),
    AssumedRoleUser: {
      AssumedRoleId: `AROAEXAMPLE:${RoleSessionName}`,
      Arn: `${role}/${RoleSessionName}`,
    },
  }
}

const whoAsks: Operation = (_, { accessKeyId: UserId = '' }) => ({
  ...{ Arn: `arn:aws:iam::${ACCOUNT}:user/${UserId}`, UserId, Account: ACCOUNT },
})

/** STS: who the caller is, and sessions whose keys the server knows from then on. */
export const sts: Operations = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRole,
  GetSessionToken: ({ DurationSeconds = 43_200 }, { keys, time }) => ({
    Credentials: addSession(keys, time, DurationSeconds),
  }),
  GetCallerIdentity: whoAsks,
  '': whoAsks,
}

/** Cognito's identity pools: an identity, and an hour's key of it that the server knows from then on. */
export const cognito: Operations = {
  GetId: (_, { region }) => ({ IdentityId: `${region}:${randomUUID()}` }),
  GetCredentialsForIdentity({ IdentityId }, { keys, time }) {
    const { SecretAccessKey: SecretKey, Expiration = '', ...key } = addSession(keys, time, 3600)
    const end = Date.parse(Expiration) / 1000
    return { IdentityId, Credentials: { ...key, SecretKey, Expiration: end } }
  },
}

/** Keys that stay, at the most, for one user. */
const MOST_KEYS = 2

const UserName = 'user'

const usersOf = ({ keys }: Call): KnownKey[] =>
  [...keys.values()].filter(({ key }) => !key.expiration)

const factsOf = ({ key, status, created }: KnownKey) => ({
  ...{ UserName, AccessKeyId: key.accessKeyId, Status: status, CreateDate: isoSeconds(created) },
})

/** The key that a call is about, which must be there. */
function userOf({ AccessKeyId: id = '' }: Given, call: Call): KnownKey {
  const user = usersOf(call).find(({ key }) => key.accessKeyId === id)
  if (user) return user
  throw serviceError(404, 'NoSuchEntity', `The Access Key with id ${id} cannot be found.`)
}

/** IAM: the keys of the one user that there is, which the server knows from then on. */
export const iam: Operations = {
  CreateAccessKey(_, call) {
    const message = `Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`
    if (usersOf(call).length >= MOST_KEYS) throw serviceError(409, 'LimitExceeded', message)
    const user = addKey(call.keys, newKey('AKIA'), call.time)
    return { AccessKey: { ...factsOf(user), SecretAccessKey: user.key.secretAccessKey } }
  },
  ListAccessKeys(_, call) {
    const AccessKeyMetadata = { member: usersOf(call).map(factsOf) }
    return { AccessKeyMetadata, UserName, IsTruncated: false }
  },
  UpdateAccessKey(given, call) {
    userOf(given, call).status = given.Status === 'Inactive' ? 'Inactive' : 'Active'
    return {}
  },
  DeleteAccessKey(given, call) {
    call.keys.delete(userOf(given, call).key.accessKeyId)
    return {}
  },
  GetAccessKeyLastUsed(given, call) {
    const { service = 'N/A', region = 'N/A', time } = userOf(given, call).use ?? {}
    const LastUsedDate = time && isoSeconds(time)
    return { UserName, AccessKeyLastUsed: { LastUsedDate, ServiceName: service, Region: region } }
  },
}
