import { fromEnv } from '../credentials/env.ts'
import type { PromisedProvider } from '../credentials/promised.ts'
import { containerSource } from './container.ts'
import { instanceSource } from './instance.ts'
import {
  environmentOf,
  isAbsent,
  type MachineCredentials,
  remembering,
  type Source,
} from './machine.ts'
import { type ProfileOptions, profileSource } from './profile.ts'
import { webIdentitySource } from './web-identity.ts'

/** The keys of the environment, unless a profile is named, which goes before them. */
const environmentSource =
  (options: ProfileOptions): Source =>
  async () => {
    const environment = environmentOf(options)
    const named = options.profile || environment.AWS_PROFILE
    if (named) return { absent: `profile ${named} goes before it` }
    return environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY
      ? fromEnv(environment)()
      : { absent: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set' }
  }

/**
 * A provider of whatever credentials the machine has, in the order of the AWS SDK for JavaScript: the
 * environment (unless a profile is named), the profile, a web identity, the container, the instance.
 * Remembers a session until five minutes before it expires, and then begins anew.
 *
 * A source that is not set up here is passed by. One that is and fails ends the search: what comes
 * behind it would sign as someone else.
 *
 * @throws CountersignError by the provider: `invalid-credentials` where no source is set up, with what
 * each of them answered, and as {@link fromProfile}, {@link fromWebIdentity}, {@link fromContainer} and
 * {@link fromInstance}
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 * @example
 * const aws = createSigner({ service: 's3', region: 'eu-west-1', credentials: fromNode() })
 */
export function fromNode(options: ProfileOptions = {}): PromisedProvider<MachineCredentials> {
  const sources: readonly (readonly [name: string, source: Source])[] = [
    ['environment', environmentSource(options)],
    ['profile', profileSource(options)],
    ['web identity', webIdentitySource(options)],
    ['container', containerSource(options)],
    ['instance', instanceSource(options)],
  ]
  return remembering(async (isForced) => {
    const answers: string[] = []
    for (const [name, source] of sources) {
      const answer = await source(isForced)
      if (!isAbsent(answer)) return answer
      answers.push(`${name}: ${answer.absent}`)
    }
    return { absent: answers.join('; ') }
  })
}
