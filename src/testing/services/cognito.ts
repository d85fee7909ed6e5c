import { randomUUID } from 'node:crypto'
import { jsonAnswer, jsonOf, type Service } from '../answers.ts'

/** Cognito's identity pools: an identity, and an hour's key of it that the server knows from then on. */
export const cognito: Service = ({ operation, body, keys, time, region }) => {
  const { IdentityId = `${region}:${randomUUID()}` } = jsonOf(body)
  if (operation === 'GetId') return jsonAnswer({ IdentityId })
  if (operation !== 'GetCredentialsForIdentity') return undefined
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys.session(time, 3600)
  return jsonAnswer({
    IdentityId,
    Credentials: {
      ...{ AccessKeyId: accessKeyId, SecretKey: secretAccessKey, SessionToken: sessionToken },
      Expiration: Number(expiration) / 1000,
    },
  })
}
