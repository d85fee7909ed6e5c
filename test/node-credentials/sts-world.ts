import {
  type Call,
  ID_TOKEN,
  LONG_TERM,
  type Services,
  startServices,
} from '../credentials/services.ts'
import { outcomeOf } from './world.ts'

export { ID_TOKEN, LONG_TERM, type Services, startServices }

export const ROLE = 'arn:aws:iam::123456789012:role/reader'
export const OTHER_ROLE = 'arn:aws:iam::123456789012:role/deploy'

/** What a call of STS says, without what each chooses by itself: who signed it, for where, and with what. */
function said({ input, signedBy }: Call): object {
  const { RoleSessionName, DurationSeconds = '3600', Version, ...rest } = input
  const own = /^(countersign$|aws-sdk-js-)/.test(`${RoleSessionName}`)
  return {
    ...rest,
    DurationSeconds: input.Action === 'AssumeRole' ? DurationSeconds : input.DurationSeconds,
    RoleSessionName: own ? 'its own' : RoleSessionName,
    signedBy: signedBy && {
      ...signedBy,
      accessKeyId: signedBy.accessKeyId.replace(/^ASIASESSION.*/, 'a session'),
    },
  }
}

/** What STS was asked by a provider, and what came of it; each session is another, and known to STS. */
export async function wireOf(services: Services, ask: () => unknown): Promise<object> {
  const before = services.calls.length
  const outcome = (await outcomeOf(ask)) as Record<string, unknown>
  const asked = services.calls.slice(before).map(said)
  const session = services.keys.get(`${outcome.accessKeyId}`)
  if (!session?.sessionToken) return { outcome, asked }
  const { accountId } = outcome
  const same =
    session.secretAccessKey === outcome.secretAccessKey &&
    session.sessionToken === outcome.sessionToken &&
    Number(session.expiration) === outcome.expiration
  return { outcome: { session: same, accountId }, asked }
}
